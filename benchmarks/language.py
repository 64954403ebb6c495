"""Language identification on one core: our kernel against fastText's own predict, and pieces against whole texts.

    python -m benchmarks.language DIRECTORY

DIRECTORY holds part-*.jsonl.zst; more documents may follow as .jsonl files. Each has a `text`.
Runs are interleaved, and medians compared, because other work on the machine slows all alike. Mixed texts are made of
long documents in two languages; of them and of all long documents it is counted where pieces tell something else than
the whole text.
"""

import io
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, get_args

import fasttext
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import zstandard

from massivetext.filters.language.excerpts import are_long
from massivetext.filters.language.language import MODEL, Kept, Reading, identify, keeps

RUNS = 5
TIMED = 2_000  # documents
COMPARED = 26_000
BATCH = 1_000
TURNS = (300, 1_000, 2_000, 4_000)


def texts(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        with path.open("rb") as file:
            stream = zstandard.ZstdDecompressor().stream_reader(file) if path.suffix == ".zst" else file
            for line in io.TextIOWrapper(stream, encoding="utf-8"):
                yield json.loads(line)["text"]


def identified(documents: list[str], reading: Reading) -> pa.Table:
    batches = (
        pa.RecordBatch.from_pydict({"text": documents[begin : begin + BATCH]})
        for begin in range(0, len(documents), BATCH)
    )
    return pa.Table.from_batches(identify(batch, reading=reading) for batch in batches)


def ours(documents: list[str]) -> list[tuple[str | None, float]]:
    found = identified(documents, "whole").select(["language", "language_probability"])
    return list(zip(*found.to_pydict().values(), strict=True))


def theirs(model: Any, documents: list[str]) -> list[tuple[str, float]]:
    found = []
    for document in documents:
        labels, probabilities = model.predict(document.replace("\n", " "))
        found.append((labels[0].removeprefix("__label__"), min(float(probabilities[0]), 1.0)))
    return found


def by_turns(one: str, other: str, size: int) -> str:
    """So many characters of one text, then of the other, as far as both go."""
    length = min(len(one), len(other))
    return "\n".join(one[at : at + size] + "\n" + other[at : at + size] for at in range(0, length, size))


def mixed(documents: list[str]) -> dict[str, list[str]]:
    """Texts in two languages: of each pair, the second document is in another language than the first."""
    languages = identified(documents, "whole")["language"].to_pylist()
    english = [text for text, language in zip(documents, languages, strict=True) if language == "en"]
    others = [text for text, language in zip(documents, languages, strict=True) if language != "en"]
    pairs = [(english[at % len(english)], other) for at, other in enumerate(others)]
    pairs += [(other, one) for one, other in pairs]
    return {
        "two halves": [one[: len(one) // 2] + "\n" + other[len(other) // 2 :] for one, other in pairs],
        "a tenth of another at each end": [
            other[: len(one) // 10] + "\n" + one + "\n" + other[-(len(one) // 10) :] for one, other in pairs
        ],
        "300 characters of another at each end": [
            other[:300] + "\n" + one + "\n" + other[-300:] for one, other in pairs
        ],
        "a third of another in the middle": [
            one[: len(one) // 2] + "\n" + other[: len(one) // 2] + "\n" + one[len(one) // 2 :]
            for one, other in pairs
        ],
        **{f"{size:,} characters by turns": [by_turns(*pair, size) for pair in pairs] for size in TURNS},
    }


def compare(name: str, documents: list[str]) -> None:
    """Print where pieces tell something else than whole texts, by the rules of the configuration's defaults."""
    long = pa.array(documents, pa.string())
    long = long.filter(pa.array(are_long(long))).to_pylist()
    pieces, whole = (identified(long, reading).combine_chunks() for reading in ("pieces", "whole"))
    labels = pc.sum(pc.not_equal(pieces["language"], whole["language"])).as_py()
    kept = [keeps(table.to_batches()[0], Kept(maximum_other_share=0.4)) for table in (pieces, whole)]
    first, second = (table["language_probability"].to_numpy() for table in (pieces, whole))
    from_pieces = pc.mean(pieces["language_from_pieces"]).as_py()
    print(
        f"{name}: {len(long)} texts of 4,096 characters or more, {from_pieces:.1%} told by pieces; "
        f"{labels} labels differ, {np.sum(kept[0] != kept[1])} are kept by one and removed by the other "
        f"({kept[1].mean():.1%} kept); probabilities differ by {np.abs(first - second).max():.3f} at most"
    )


def main() -> None:
    directory, *more = map(Path, sys.argv[1:])
    documents = list(islice(texts(sorted(directory.glob("part-*.jsonl.zst"))), COMPARED))
    model = fasttext.load_model(str(MODEL))
    timed = documents[:TIMED]
    megabytes = sum(len(document.encode()) for document in timed) / 1e6
    for reading in get_args(Reading):
        identified(timed[:50], reading)  # compiles
    told: dict[str, Callable[[list[str]], object]] = {
        "ours": ours,
        "fastText predict": lambda texts: theirs(model, texts),
        "ours, in pieces": lambda texts: identified(texts, "pieces"),
    }
    times: dict[str, list[float]] = {name: [] for name in told}
    for _ in range(RUNS):
        for name, tell in told.items():
            start = time.process_time()
            tell(timed)
            times[name].append(time.process_time() - start)
    packages = ("fasttext-community", "numba", "numpy", "pyarrow")
    print(", ".join(f"{package} {version(package)}" for package in packages), f"; {MODEL.name}, {RUNS} runs")
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"{name:17} {megabytes / median:6.1f} MB/s {TIMED / median:8.0f} documents/s")
    for name in ("fastText predict", "ours, in pieces"):
        ratios = [b / a for a, b in zip(times["ours"], times[name], strict=True)]
        print(
            f"{name}: {statistics.median(ratios):.2f} of ours (runs: {', '.join(f'{ratio:.2f}' for ratio in ratios)})"
        )
    for name, compared in (("bench", documents), *((path.name, list(texts([path]))) for path in more)):
        pairs = list(zip(ours(compared), theirs(model, compared), strict=True))
        agreed = sum(a[0] == b[0] for a, b in pairs)
        furthest = max(abs(a[1] - b[1]) for a, b in pairs)
        print(
            f"{name}: {agreed} of {len(pairs)} labels agree; probabilities differ by {furthest:.1e} at most"
        )
    compare("bench", documents)
    long = [document for document in documents if len(document) >= 4096]
    for name, made in mixed(long).items():
        compare(name, made)


if __name__ == "__main__":
    main()
