"""Language identification on one core: our kernel against fastText's own predict, on the whole text.

    python benchmarks/language.py DIRECTORY

DIRECTORY holds part-*.jsonl.zst; more documents may follow as .jsonl files. Each has a `text`.
Runs are interleaved, and medians compared, because other work on the machine slows both alike.
"""

import io
import json
import statistics
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import fasttext
import pyarrow as pa
import zstandard

from massivetext.filters.language.language import MODEL, identify

RUNS = 5
TIMED = 2_000  # documents
COMPARED = 25_000
BATCH = 1_000


def texts(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        with path.open("rb") as file:
            stream = zstandard.ZstdDecompressor().stream_reader(file) if path.suffix == ".zst" else file
            for line in io.TextIOWrapper(stream, encoding="utf-8"):
                yield json.loads(line)["text"]


def ours(documents: list[str]) -> list[tuple[str | None, float]]:
    found: list[tuple[str | None, float]] = []
    for begin in range(0, len(documents), BATCH):
        batch = pa.RecordBatch.from_pydict({"text": documents[begin : begin + BATCH]})
        found.extend(zip(*identify(batch).to_pydict().values(), strict=True))
    return found


def theirs(model: Any, documents: list[str]) -> list[tuple[str, float]]:
    found = []
    for document in documents:
        labels, probabilities = model.predict(document.replace("\n", " "))
        found.append((labels[0].removeprefix("__label__"), min(float(probabilities[0]), 1.0)))
    return found


def main() -> None:
    directory, *more = map(Path, sys.argv[1:])
    documents = list(islice(texts(sorted(directory.glob("part-*.jsonl.zst"))), COMPARED))
    model = fasttext.load_model(str(MODEL))
    timed = documents[:TIMED]
    megabytes = sum(len(document.encode()) for document in timed) / 1e6
    ours(timed[:1])  # compiles
    times: dict[str, list[float]] = {"ours": [], "fastText predict": []}
    for _ in range(RUNS):
        for name, identified in (("ours", ours), ("fastText predict", lambda texts: theirs(model, texts))):
            start = time.process_time()
            identified(timed)
            times[name].append(time.process_time() - start)
    packages = ("fasttext-community", "numba", "numpy", "pyarrow")
    print(", ".join(f"{package} {version(package)}" for package in packages), f"; {MODEL.name}, {RUNS} runs")
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"{name:17} {megabytes / median:6.1f} MB/s {TIMED / median:8.0f} documents/s")
    ratios = [b / a for a, b in zip(*times.values(), strict=True)]
    print(f"ratio: {statistics.median(ratios):.2f} (runs: {', '.join(f'{ratio:.2f}' for ratio in ratios)})")
    for name, compared in (("bench", documents), *((path.name, list(texts([path]))) for path in more)):
        pairs = list(zip(ours(compared), theirs(model, compared), strict=True))
        agreed = sum(a[0] == b[0] for a, b in pairs)
        furthest = max(abs(a[1] - b[1]) for a, b in pairs)
        print(
            f"{name}: {agreed} of {len(pairs)} labels agree; probabilities differ by {furthest:.1e} at most"
        )


if __name__ == "__main__":
    main()
