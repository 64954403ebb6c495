"""Go on at a sequence, and see what an uninterrupted reading sees: every batch, token for token.

python examples/resume.py OUT --sequence 1000
"""

import argparse
import hashlib
from pathlib import Path

from sequences import Batch, Sequences


def fingerprint(batch: Batch) -> str:
    return hashlib.sha256(batch.tokens.tobytes() + batch.documents.tobytes()).hexdigest()[:16]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--sequence", type=int, default=1000)
    arguments.add_argument("--batch", type=int, default=8)
    options = arguments.parse_args()

    folder = options.out / "shards" / "parquet"
    whole = Sequences(folder).batches(options.batch, first=options.sequence % options.batch)
    uninterrupted = [(after, fingerprint(batch)) for after, batch in whole]
    left = [seen for seen in uninterrupted if seen[0] > options.sequence]
    resumed = [
        (after, fingerprint(batch))
        for after, batch in Sequences(folder).batches(options.batch, first=options.sequence)
    ]
    assert resumed == left, "the batches differ"
    assert resumed, "no batch is left there"
    print(
        f"batch at sequence {options.sequence}: {resumed[0][1]}, and so are the {len(resumed)} batches from it on"
    )


if __name__ == "__main__":
    main()
