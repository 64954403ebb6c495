"""The development half of WCXB: real pages of seven kinds with their main text.

The scores are computed as WCXB publishes them: words are runs of letters, digits and underscores, in lower case; the F1
of the two multisets of words is averaged over the pages. Pages without main text are left out. Pages are split by
domain into two halves: rules may be written by looking at one of them, and nobody looks at the other.
"""

import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from urllib.parse import urlsplit

import zstandard

WORD = re.compile(r"\w+")
KINDS = "article documentation service forum product collection listing".split()  # noqa: SIM905


@dataclass(frozen=True)
class Page:
    """A page, its kind, and its main text as words."""

    domain: str
    kind: str
    html: str
    words: Counter[str]

    @property
    def half(self) -> str:
        return "looked at" if zlib.crc32(self.domain.encode()) & 1 else "not looked at"


def load(path: Path) -> list[Page]:
    """The pages that have main text."""
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        rows = [json.loads(line) for line in io.TextIOWrapper(stream, encoding="utf-8")]
    pages = []
    for row in rows:
        if words := _words(row["main_content"] or ""):
            domain = urlsplit(row["url"] or row["id"]).netloc.lower().removeprefix("www.")
            pages.append(Page(domain, row["page_type"], row["html"], words))
    return pages


def _words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.lower()))


def f1(text: str, expected: Counter[str]) -> float:
    """The F1 of the words of a text and the expected words."""
    found = _words(text)
    return 2 * (found & expected).total() / max(found.total() + expected.total(), 1)


def table(pages: Sequence[Page], found: Mapping[str, Sequence[str]], seconds: Mapping[str, float]) -> str:
    """A Markdown table: mean F1 by half and kind."""
    rows = [
        f"| pages | extractor | all | {' | '.join(KINDS)} | empty | ms a page |",
        "|---" * (len(KINDS) + 5) + "|",
    ]
    for half in ("all", "looked at", "not looked at"):
        places = [place for place, page in enumerate(pages) if half in ("all", page.half)]
        for name, texts in found.items():
            scores = {place: f1(texts[place], pages[place].words) for place in places}
            means = [
                mean(score for place, score in scores.items() if kind in ("all", pages[place].kind))
                for kind in ("all", *KINDS)
            ]
            empty = sum(not texts[place].strip() for place in places)
            rows.append(
                f"| {half} ({len(places)}) | {name} | {' | '.join(f'{value:.3f}' for value in means)} "
                f"| {empty} | {1000 * seconds[name] / len(pages):.1f} |"
            )
    return "\n".join(rows)
