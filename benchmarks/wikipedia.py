"""Articles of a dump beside the same articles as extracted in 2015, by the id of the page.

    python -m benchmarks.wikipedia DUMP.xml.bz2 DOCUMENTS.jsonl.zst...

DOCUMENTS hold lines with `text`, `url` (`...?curid=ID`) and the source `wikipedia-en-2015`. Word 4-grams, as
multisets; `--missing ID` prints the lines of 2015 that ours has not, of one article.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import zstandard

from benchmarks.extract_score import by_grams, words
from massivetext.pipeline.read.record import Input, Record
from massivetext.pipeline.read.wikipedia import dump as wikipedia

SOURCE = "wikipedia-en-2015"


def articles(dump: Path) -> dict[int, Record]:
    with dump.open("rb") as stream:
        return {
            found.offset: found
            for found in wikipedia.read(Input(dump.name, stream))
            if isinstance(found, Record)
        }


def of_2015(paths: list[Path], wanted: set[int]) -> Iterator[tuple[int, str]]:
    for path in paths:
        with zstandard.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            for document in map(json.loads, lines):
                if document["source"] == SOURCE and (number := _page(document["url"])) in wanted:
                    yield number, document["text"]


def _page(url: str) -> int:
    return int(url.rpartition("=")[2])


def missing(ours: str, theirs: str) -> Iterator[str]:
    whole = " ".join(words(ours))
    for line in theirs.split("\n"):
        if words(line) and " ".join(words(line)) not in whole:
            yield line


def main() -> None:
    arguments = sys.argv[1:]
    asked = int(arguments.pop()) if len(arguments) > 2 and arguments[-2] == "--missing" else None
    paths = [Path(argument) for argument in arguments if argument != "--missing"]
    ours = articles(paths[0])
    scores = {}
    for number, theirs in of_2015(paths[1:], set(ours)):
        scores[number] = by_grams(ours[number].text, theirs)
        if number == asked:
            print("\n".join(missing(ours[number].text, theirs)))
    print(f"{len(ours)} articles in the dump, {len(scores)} of them also of 2015")
    print(f"{'id':>6} {'of 2015':>8} {'of ours':>8}  title")
    for number, (precision, recall, _) in sorted(scores.items(), key=lambda each: each[1][1]):
        print(f"{number:6} {recall:8.3f} {precision:8.3f}  {ours[number].title}")
    for name, at in (("of 2015's 4-grams, ours has", 1), ("of our 4-grams, 2015's has", 0)):
        values = [score[at] for score in scores.values()]
        print(f"{name} {min(values):.3f} to {max(values):.3f}, median {median(values):.3f}")


if __name__ == "__main__":
    main()
