"""Recall of contamination by injection, false flags on clean documents, and speed.

    python -m benchmarks.contamination ../shared/data [--items 5400] [--clean 100000]

Every test item is altered in each form of filters/similarity/forms.py and put into a document of 300 to 600 words, cut
from ../shared/data/bench. `removed` is the share of documents that the default removes, `found` that of documents
for which a match with the item is stored. Prints tables in Markdown, and each flag on a clean document.
"""

import argparse
import io
import json
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import zstandard

from benchmarks.contamination_items import Item, shared_items, udhr_items
from massivetext.filters.similarity.embedded import ENOUGH_BITS, Matcher, match
from massivetext.filters.similarity.forms import FORMS, Form, as_it_is, changed, inject
from massivetext.filters.similarity.rarity import Counts, count
from massivetext.filters.similarity.test_items import Part, TestItems

SEED = 17
BATCH = 1000  # documents


def bench_texts(folder: Path) -> Iterator[str]:
    for path in sorted((folder / "bench").glob("*.jsonl.zst")):
        with open(path, "rb") as file:
            for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8"):
                yield json.loads(line)["text"]


def documents(folder: Path, most: int, least: int, greatest: int) -> list[str]:
    """Documents of `least` to `greatest` words, cut from those of bench."""
    chance, found = random.Random(SEED), []
    for text in bench_texts(folder):
        words = text.split(" ")
        start = 0
        while len(words) - start >= least and len(found) < most:
            size = chance.randint(least, greatest)
            found.append(" ".join(words[start : start + size]))
            start += size
    return found


def build(items: list[Item], corpus: list[str]) -> Matcher:
    """A matcher for questions and answers, with the rarity of words in a corpus. Items are named by their numbers."""
    parts = [Part(item.test_set, str(number), "question", item.question) for number, item in enumerate(items)]
    answers = [(number, "\n".join(item.choices)) for number, item in enumerate(items) if item.choices]
    parts += [Part(items[number].test_set, str(number), "answer", text) for number, text in answers]
    known = TestItems.build(parts)
    return Matcher.build(known, Counts.total(known, (count(batch, known) for batch in batches(corpus))))


def batches(texts: list[str]) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(texts), BATCH):
        yield pa.record_batch({"text": pa.array(texts[start : start + BATCH], pa.string())})


def judged(texts: list[str], known: Matcher) -> Iterator[tuple[int, int, bool, dict[str, Any]]]:
    """(document, item, removed, match) of each match."""
    for number, batch in enumerate(batches(texts)):
        for row in match(batch, known).to_pylist():
            item = int(known.items.parts[row["part"]].item)
            yield number * BATCH + row["document"], item, row["nearly_whole"], row


def recall(form: Form, items: list[Item], known: Matcher, hosts: list[str]) -> tuple[float, float, list[int]]:
    """The shares of documents removed and found, and the items whose document is not removed."""
    chance = random.Random(f"{SEED} {form and form.__name__}")
    texts = []
    for number, item in enumerate(items):
        host = hosts[number % len(hosts)]
        text = form(item.text, chance, host.split()) if form else item.question
        texts.append(inject(host, text, chance))
    removed, found = set(), set()
    for document, item_number, is_removed, _ in judged(texts, known):
        if document == item_number:
            found.add(document)
            if is_removed:
                removed.add(document)
    missed = [number for number in range(len(items)) if number not in removed]
    return len(removed) / len(items), len(found) / len(items), missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--clean", type=int, default=100_000)
    parser.add_argument("--missed", type=int, default=0, help="items to print whose document is kept")
    options = parser.parse_args()
    items = shared_items(options.data / "testsets")
    items = sorted(items, key=lambda item: item.test_set == "lambada")[: options.items]
    clean = documents(options.data, options.clean, 200, 400)
    hosts = documents(options.data, options.clean // 4, 300, 600)
    known = build(items, clean)
    print(
        f"{len(items):,} items, {len(clean):,} clean documents\n\n| form | removed | found |\n|---|---|---|"
    )
    shares = []
    for name, form in {"question alone": None, **FORMS}.items():
        removed, found, missed = recall(form, items, known, hosts)
        shares.append(removed)
        print(f"| {name} | {removed:.3f} | {found:.3f} |", flush=True)
        for number in missed[: options.missed]:
            print(
                f"    missed: {items[number].test_set} {items[number].name}: {items[number].question[:300]!r}"
            )
    print(f"| mean of {len(shares)} forms | {statistics.mean(shares):.3f} | |")
    for name, form in {
        "any script: as it is": as_it_is,
        "any script: one word in 8 changed": changed,
    }.items():
        scripts = udhr_items(options.data)
        removed, found, missed = recall(form, scripts, build(scripts, clean), hosts)
        print(f"| {name} ({len(scripts)} languages) | {removed:.3f} | {found:.3f} |", flush=True)
        for number in missed[: options.missed]:
            print(f"    missed: {scripts[number].name}: {scripts[number].question[:200]!r}")
    flags(clean, items, known)


def flags(clean: list[str], items: list[Item], known: Matcher) -> None:
    """Every flag on a clean document, and the speed."""
    seconds, size = [], sum(len(text.encode()) for text in clean)
    cut = list(batches(clean))
    for _ in range(3):
        began = time.process_time()
        for batch in cut:
            match(batch, known)
        seconds.append(time.process_time() - began)
    rows = list(judged(clean, known))
    print(f"\nclean: {sum(row[2] for row in rows)} removed, {len(rows)} found in {len(clean):,} documents")
    for document, item, removed, row in rows:
        if removed or row["bits"] >= ENOUGH_BITS:
            within = (
                clean[document]
                .encode()[max(0, row["start"] - 100) : row["end"] + 100]
                .decode(errors="replace")
            )
            verdict = "removed" if removed else "kept"
            print(f"- {verdict}, {row['held']:.2f}, {row['bits']:.0f} bits: {items[item]}\n  in {within!r}")
    print(
        f"\n{size / 1e6 / statistics.median(seconds):.0f} MB a CPU second ({size / 1e6:.0f} MB, median of 3)"
    )


if __name__ == "__main__":
    main()
