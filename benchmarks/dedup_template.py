"""A template with many copies, and a chain: how long deduplication takes, and which documents survive.

    python -m benchmarks.dedup_template [--copies 200000] [--chain 50]

Each copy has words of its own at its end, so that none is an exact duplicate and all share buckets. Each document of
the chain has a Jaccard of 0.85 with the next one, and of 0.73 with the one after that. So a third to a half of the
chain must survive; if clusters were not verified, one document would.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dedup import measured
from benchmarks.judged import keep_all
from massivetext.filters.seeded import derive
from massivetext.filters.similarity.jaccard import jaccards
from massivetext.filters.similarity.shingles import shingles
from massivetext.pipeline.stages.deduplicate.rounds import MOST_ROUNDS
from massivetext.pipeline.stages.deduplicate.stage import ROUNDS
from massivetext.pipeline.storage import layout
from massivetext.schemas.document import CANDIDATE

WORDS = 700  # of a document of the chain
SHIFT = 56  # words by which the next one differs: shingles (700 - 12 - 56) / (700 - 12 + 56) = 0.85
TEMPLATE = 300  # words that all copies share
ROWS = 1000  # rows of a batch, as curate writes them


def texts(copies: int, chain: int) -> Iterator[str]:
    """The chain, then the copies."""
    for number in range(chain):
        yield " ".join(f"c{word}" for word in range(number * SHIFT, number * SHIFT + WORDS))
    template = " ".join(f"t{word}" for word in range(TEMPLATE))
    for number in range(copies):
        yield f"{template} copy {number}"


def write(out: Path, copies: int, chain: int) -> None:
    """Write documents/ as curate writes it, with ids in the order of texts()."""
    path = out / layout.documents("web", 0)
    path.parent.mkdir(parents=True)
    with pq.ParquetWriter(path, CANDIDATE, compression="zstd") as writer:
        rows = [
            {"id": _id(number), "text": text, "text_bytes": len(text), "origin_file": "f", "origin_offset": 0}
            for number, text in enumerate(texts(copies, chain))
        ]
        for start in range(0, len(rows), ROWS):
            writer.write_batch(pa.RecordBatch.from_pylist(rows[start : start + ROWS], CANDIDATE))
    keep_all(str(out), "web", 0)


def _id(number: int) -> str:
    """A random id, as all ids are, since their order is by a hash of them."""
    high, low = (int(derive(np.array([number], np.uint64), seed, "id")[0]) for seed in (1, 2))
    return f"{high:016x}{low:016x}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--copies", type=int, default=200_000)
    parser.add_argument("--chain", type=int, default=50)
    arguments = parser.parse_args()
    copies, chain = arguments.copies, arguments.chain
    sets = shingles(pa.record_batch({"text": list(texts(0, chain))}))
    steps = np.arange(chain - 2)
    one, two = (jaccards(sets.offsets, sets.values, steps, steps + apart).max() for apart in (1, 2))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        write(out, copies, chain)
        figures = measured([sys.executable, "-m", "benchmarks.dedup", "--stage", str(out)])
        gone = set(pq.read_table(out / "duplicates", columns=["id"]).column("id").to_pylist())
        rounds = json.loads((out / ROUNDS).read_bytes())
    stay = [number for number in range(copies + chain) if _id(number) not in gone]
    of_chain = [number for number in stay if number < chain]
    print(
        f"{copies:,} copies, and a chain of {chain} (Jaccard {one:.3f} to the next, {two:.3f} to the one after)"
    )
    print(f"{figures['seconds']:.1f} s, {figures['cpu']:.1f} CPU s, peak {figures['megabytes']:,.0f} MB")
    print(
        f"pairs verified in each of {rounds['rounds']} rounds (of {MOST_ROUNDS}): {rounds['verified_pairs']}"
    )
    print(f"survivors of the copies: {len(stay) - len(of_chain)}; of the chain {len(of_chain)}: {of_chain}")


if __name__ == "__main__":
    main()
