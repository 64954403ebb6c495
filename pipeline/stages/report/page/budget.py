"""Limits the page's size. When many sources have much to show, the page holds fewer and shorter examples, so that it
stays one file that any browser opens and that can be mailed. stats.json holds all of them.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from massivetext.pipeline.stages.report.documents.excerpts import CHARACTERS
from massivetext.pipeline.stages.report.stats import ALL, Example, Rule, Stats
from massivetext.pipeline.stages.report.stats_audit import AuditedGroup
from massivetext.pipeline.stages.report.stats_matches import LargestGroup, Match, Pair
from massivetext.pipeline.stages.report.stats_part import Excerpt

PAGE = 5_000_000
"""The most bytes of a page."""

EVERY = 1_000_000  # sources: no run has so many

T = TypeVar("T")


class Room(NamedTuple):
    """The room for documents: how many of a kind, from how many sources for each rule, how many characters of each."""

    each: int
    sources: int
    characters: int


ROOMS = (
    Room(2, EVERY, CHARACTERS),
    Room(1, EVERY, CHARACTERS),
    Room(1, EVERY, 600),
    Room(1, 24, 600),
    Room(1, 18, 500),
    Room(1, 12, 400),
    Room(1, 6, 300),
    Room(1, 2, 300),
    Room(0, 0, 200),
)


def first_that_fits(rooms: Sequence[Room], render: Callable[[Room], str]) -> str:
    """The page in the first of the rooms in which it is smaller than PAGE, else in the last. The largest come first."""
    page = ""
    for room in rooms:
        page = render(room)
        if len(page.encode()) < PAGE:
            break
    return page


def fit(stats: Stats, room: Room) -> Stats:
    """The statistics with fewer and shorter excerpts, but the same numbers."""
    return stats.model_copy(
        update={
            "examples": [_example(one, room) for one in _shown(stats.examples, stats.rules, room)],
            "audit": [_group(group, room) for group in stats.audit],
            "largest": [_largest(group, room) for group in stats.largest],
            "pairs": [_pair(pair, room) for pair in stats.pairs],
            "matches": [_match(match, room) for match in stats.matches],
        }
    )


def worth_trying(stats: Stats) -> list[Room]:
    """The rooms, except those in which the texts of the examples alone fill a page."""
    texts = (sum(len(one.document.text.encode()) for one in fit(stats, room).examples) for room in ROOMS)
    return [room for room, size in zip(ROOMS, texts, strict=True) if size < PAGE]


def shortened(excerpt: Excerpt, characters: int, first: int | None = None) -> Excerpt:
    """An excerpt of at most so many characters, from a little before `first`; by default, before the first mark."""
    if len(excerpt.text) <= characters:
        return excerpt
    if first is None:
        first = _first_mark(excerpt)
    start = 0 if first < characters // 2 else first - characters // 6
    text = excerpt.text[start : start + characters]
    marks = [(max(a - start, 0), min(b - start, len(text))) for a, b in excerpt.marks]
    update = {"text": text, "start": excerpt.start + start, "marks": [(a, b) for a, b in marks if a < b]}
    return excerpt.model_copy(update=update)


def _first_mark(*excerpts: Excerpt) -> int:
    return min((excerpt.marks[0][0] for excerpt in excerpts if excerpt.marks), default=0)


def _shown(examples: Sequence[Example], rules: Sequence[Rule], room: Room) -> Iterator[Example]:
    """The first examples of each kind, from the sources of which a rule removes the most documents."""
    of = {rule.name: _most(rule, room.sources) for rule in rules}
    among = (one for one in examples if one.document.source in of.get(one.rule, ()))
    return _first(among, lambda one: (one.rule, one.document.source, one.kind), room.each)


def _most(rule: Rule, sources: int) -> set[str]:
    judged = [figures for figures in rule.sources if figures.source != ALL]
    judged.sort(key=lambda figures: -figures.broken.documents)
    return {figures.source for figures in judged[:sources]}


def _first(items: Iterable[T], key: Callable[[T], Hashable], each: int) -> Iterator[T]:
    seen: Counter[Hashable] = Counter()
    for item in items:
        name = key(item)
        seen[name] += 1
        if seen[name] <= each:
            yield item


def _example(example: Example, room: Room) -> Example:
    return example.model_copy(update={"document": shortened(example.document, room.characters)})


def _group(group: AuditedGroup, room: Room) -> AuditedGroup:
    chosen = _first(group.examples, lambda one: (one.source, bool(one.failed_rules)), room.each)
    return group.model_copy(update={"examples": [shortened(one, room.characters) for one in chosen]})


def _beside(document: Excerpt, other: Excerpt | None, room: Room) -> tuple[Excerpt, Excerpt | None]:
    """Two texts that are read side by side, both cut at the same place."""
    if other is None:
        return shortened(document, room.characters), None
    first = _first_mark(document, other)
    return shortened(document, room.characters, first), shortened(other, room.characters, first)


def _largest(group: LargestGroup, room: Room) -> LargestGroup:
    document, survivor = _beside(group.document, group.survivor, room)
    return group.model_copy(update={"document": document, "survivor": survivor})


def _pair(pair: Pair, room: Room) -> Pair:
    document, survivor = _beside(pair.document, pair.survivor, room)
    return pair.model_copy(update={"document": document, "survivor": survivor})


def _match(match: Match, room: Room) -> Match:
    question = match.question and shortened(match.question, room.characters)
    return match.model_copy(
        update={"document": shortened(match.document, room.characters), "question": question}
    )
