"""Masking on one core: the cost of each kind and the number of values found, over the source files below a folder.

    python -m benchmarks.masking FOLDER

Times are the CPU time of this thread, the median of RUNS. Beside them is detect-secrets itself, with the same detectors
on each line of a share of the files.
"""

import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from massivetext.filters.masking.mask import KINDS, mask
from massivetext.filters.masking.secrets import detectors

RUNS = 3
MOST_BYTES = 32 << 20
BATCH = 1_000
SHARE = 16  # one file in so many is searched by the library, line by line


def sources(folder: Path) -> list[str]:
    """The files that are text, by name, up to MOST_BYTES."""
    found, size = [], 0
    for path in sorted(folder.rglob("*.py")):
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found.append(text)
        size += len(text.encode())
        if size > MOST_BYTES:
            break
    return found


def seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def main() -> None:
    texts = sources(Path(sys.argv[1]))
    size = sum(len(text.encode()) for text in texts)
    batches = [pa.array(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
    print(f"{len(texts):,} files, {size / 1e6:.1f} MB; detect-secrets {version('detect-secrets')}")
    for kind in KINDS:
        found = sum(
            sum(mask(batch, (kind,), 1)[1].column(f"masked_{kind}_count").to_pylist()) for batch in batches
        )
        spent = [
            seconds(lambda kind=kind: [mask(batch, (kind,), 1) for batch in batches]) for _ in range(RUNS)
        ]
        print(f"{kind:8} {size / 1e6 / statistics.median(spent):8.1f} MB/s {found:8,} found")
    used = [detector() for detector, _ in detectors()]
    some = texts[::SHARE]
    lines = [line for text in some for line in text.split("\n")]
    spent = [
        seconds(lambda: [list(one.analyze_string(line)) for line in lines for one in used])
        for _ in range(RUNS)
    ]
    some_size = sum(len(text.encode()) for text in some)
    print(f"library  {some_size / 1e6 / statistics.median(spent):8.1f} MB/s, lines of {len(some):,} files")


if __name__ == "__main__":
    main()
