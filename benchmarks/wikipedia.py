"""Compares the articles of a dump with the same articles as extracted in 2015, by the id of the page.

    python -m benchmarks.wikipedia DUMP.xml.bz2 DOCUMENTS.jsonl.zst...

DOCUMENTS hold lines with `text`, `url` (`...?curid=ID`) and the source `wikipedia-en-2015`. The texts are compared as
multisets of word 4-grams. `--missing ID` prints the lines of one article in 2015 that ours lacks; `--holes` prints
every hole found.

A hole is a place where our text lost words. Four words are in a row in ours and nowhere in the text of 2015, but there
the first two and the last two are 1 to 8 words apart. And the dump's own wikitext has a template, a formula or another
element between them; without one, editors changed the sentence between the two dates.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

import zstandard
from lxml import etree

from benchmarks.extract_score import by_grams, words
from massivetext.pipeline.read.formats.decompress import Decompressed
from massivetext.pipeline.read.record import Input, Record
from massivetext.pipeline.read.wikipedia import dump as wikipedia

SOURCE = "wikipedia-en-2015"
SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
MOST = 8  # words that may be missing in one place
NOTES = re.compile(r"<!--.*?-->|<ref[^<>]*/>|<ref.*?</ref>", re.DOTALL)


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


class Holes(NamedTuple):
    sentences: int
    places: list[str]


def holes(ours: str, theirs: str, source: str) -> Holes:
    """The holes in our text: each place, with its words on both sides. `source` is the wikitext in lower case."""
    there = words(theirs)
    beside: dict[tuple[str, str], list[int]] = {}
    for at in range(len(there) - 1):
        beside.setdefault((there[at], there[at + 1]), []).append(at)
    grams = {tuple(there[at : at + 4]) for at in range(len(there) - 3)}
    count, places = 0, []
    for sentence in filter(words, SENTENCES.split(ours)):
        count += 1
        here = words(sentence)
        for at in range(2, len(here) - 1):
            gram = tuple(here[at - 2 : at + 2])
            if gram in grams:
                continue
            rights = beside.get((gram[2], gram[3]), [])
            if any(1 <= right - left - 2 <= MOST for left in beside.get(gram[:2], []) for right in rights):
                if _is_marked_up(source, gram):
                    places.append(f"{' '.join(here[max(0, at - 4) : at])} | {' '.join(here[at : at + 4])}")
                break
    return Holes(count, places)


def _is_marked_up(source: str, gram: tuple[str, ...]) -> bool:
    """Whether the wikitext has something that is not text between the second and the third word."""
    first, second, third, fourth = map(re.escape, gram)
    between = re.search(
        rf"\b{first}\W+(?:\w+\|)?{second}\b((?:(?!\n\n).){{0,300}}?)\b{third}\W+{fourth}\b", source, re.DOTALL
    )
    return bool(between and ("{{" in between[1] or "<" in between[1]))


def sources(dump: Path) -> dict[int, str]:
    """The wikitext of each page, without comments and references, in lower case."""
    found: dict[int, str] = {}
    with dump.open("rb") as stream:
        for _, page in etree.iterparse(Decompressed(stream), tag="{*}page", huge_tree=True):
            text = NOTES.sub("", page.findtext("{*}revision/{*}text") or "")
            found[int(page.findtext("{*}id"))] = text.lower()
            page.clear()
    return found


def main() -> None:
    arguments = sys.argv[1:]
    asked = int(arguments.pop()) if len(arguments) > 2 and arguments[-2] == "--missing" else None
    shows_holes = "--holes" in arguments
    paths = [Path(argument) for argument in arguments if not argument.startswith("--")]
    ours = articles(paths[0])
    scores, found, wikitext = {}, [], sources(paths[0])
    for number, theirs in of_2015(paths[1:], set(ours)):
        scores[number] = by_grams(ours[number].text, theirs)
        found.append(holes(ours[number].text, theirs, wikitext[number]))
        if number == asked:
            print("\n".join(missing(ours[number].text, theirs)))
    print(f"{len(ours)} articles in the dump, {len(scores)} of them also of 2015")
    print(f"{'id':>6} {'of 2015':>8} {'of ours':>8}  title")
    for number, (precision, recall, _) in sorted(scores.items(), key=lambda each: each[1][1]):
        print(f"{number:6} {recall:8.3f} {precision:8.3f}  {ours[number].title}")
    for name, at in (("of 2015's 4-grams, ours has", 1), ("of our 4-grams, 2015's has", 0)):
        values = [score[at] for score in scores.values()]
        print(f"{name} {min(values):.3f} to {max(values):.3f}, median {median(values):.3f}")
    sentences = sum(each.sentences for each in found)
    places = [place for each in found for place in each.places]
    print(f"sentences with a hole: {len(places)} of {sentences}, {len(places) / sentences:.2%}")
    if shows_holes:
        print(*places, sep="\n")


if __name__ == "__main__":
    main()
