"""Associations: computes how much more often a word is near mentions of one group of people than of another.

A figure is the ratio of the two groups' pairs with a word, divided by the ratio of their mentions. It is 1 if the word
is near each group as often as the group is mentioned. The figure is computed again with 200 seeded halves of both
groups' words (and of a list of words), with all counts drawn from Poisson distributions. If the words are pairs,
a half takes both words of a pair or neither: one with `he` and without `she` would measure that alone. The figure is
also computed with each template changed by one word. If some of the results are above 1 and others below, the figure
is undecided.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.runtime.tally import Figure, Row, Tally
from massivetext.pipeline.stages.report.associations.lists import Lists, Variant, variants
from massivetext.pipeline.stages.report.figures.sensitivity import HALVES, LEAST
from massivetext.pipeline.stages.report.stats_audit import Associated, Association, WordList
from massivetext.pipeline.stages.report.stats_mix import Mix

Weighted = npt.NDArray[np.float64]
Entries = list[npt.NDArray[np.int64]]


class _Counts(NamedTuple):
    """The matches in all sources, and the weight of a match in each source, by the source's share of the mix."""

    mentions: npt.NDArray[np.int64]  # [sources, people]
    near: npt.NDArray[np.int64]  # [variants, sources, people, words]
    weights: Weighted  # [sources]


def associations(
    found: Mapping[str, Lists], surveyed: Sequence[Row], mix: Mix, seed: int
) -> list[Association]:
    """Returns the associations of every file of lists."""
    return [_association(name, lists, surveyed, mix, seed) for name, lists in found.items()]


def _association(name: str, lists: Lists, surveyed: Sequence[Row], mix: Mix, seed: int) -> Association:
    own = [row for row in surveyed if row.figure in (Figure.SEARCHED, Figure.MENTION, Figure.NEAR)]
    # Summed over parts, in an order of their own.
    rows = sorted(Tally.of([row for row in own if row.key.partition(" ")[0] == name]).rows())
    searched = {row.source: row.tokens for row in rows if row.figure == Figure.SEARCHED and row.tokens}
    counts = _counts(lists, rows, list(searched), _weights(searched, mix))
    first, second = (_of_entries(lists.people, terms) for terms in lists.groups.values())
    chance = np.random.RandomState(seed % (1 << 32))
    measure = _Measure(list(variants(lists)), counts, first, second, chance)
    words = sum(searched.values())
    per_source = counts.mentions * counts.weights[:, None]
    return Association(
        name=name,
        about=lists.about,
        groups=list(lists.groups),
        documents=sum(row.documents for row in rows if row.figure == Figure.SEARCHED),
        words=words,
        mentions=[1e6 * float(per_source[:, np.concatenate(group)].sum()) for group in (first, second)],
        templates=lists.templates,
        ratio=measure.mentioned(),
        lists=[_word_list(title, lists, terms, measure) for title, terms in lists.words.items()],
    )


def _word_list(title: str, lists: Lists, terms: Sequence[str], measure: "_Measure") -> WordList:
    places = _places(lists.listed, terms)
    found = [measure.associated(lists.listed[place], np.array([place])) for place in places]
    told = sorted(
        (one for one in found if one.first + one.second >= LEAST), key=lambda one: -(one.value or 0)
    )
    return WordList(name=title, whole=measure.associated(title, places), words=told)


def _weights(searched: Mapping[str, int], mix: Mix) -> Weighted:
    """Returns the weight of a match in each source, so that sums are matches per word of the mix, or of the texts if
    there is no mix."""
    given = {row.source: row.given for row in mix.sources}
    tokens = np.array([given.get(source, 0) for source in searched], float)
    words = np.array(list(searched.values()), float)
    shares = tokens if tokens.sum() else words
    return shares / shares.sum() / words if len(words) else words


def _places(of: Sequence[str], terms: Sequence[str]) -> npt.NDArray[np.int64]:
    return np.array([of.index(term) for term in terms], np.int64)


def _of_entries(people: Sequence[str], terms: Sequence[str]) -> Entries:
    """Returns the places of the words of each entry of a group."""
    return [_places(people, term.split("|")) for term in terms]


def _counts(lists: Lists, rows: Sequence[Row], sources: Sequence[str], weights: Weighted) -> _Counts:
    people, words = lists.people, lists.listed
    mentions = np.zeros((len(sources), len(people)), np.int64)
    near = np.zeros((len(list(variants(lists))), len(sources), len(people), len(words)), np.int64)
    for row in rows:
        if row.source not in sources:
            continue
        source, parts = sources.index(row.source), row.key.split(" ")[1:]
        if row.figure == Figure.MENTION:
            mentions[source, people.index(parts[0])] += row.tokens
        elif row.figure == Figure.NEAR:
            near[int(parts[0]), source, people.index(parts[1]), words.index(parts[2])] += row.tokens
    return _Counts(mentions, near, weights)


class _Measure:
    """Computes the figures of one file of lists, and how they change with its choices."""

    def __init__(
        self,
        asked: Sequence[Variant],
        counts: _Counts,
        first: Entries,
        second: Entries,
        chance: np.random.RandomState,
    ) -> None:
        self._counts, self._chance = counts, chance
        self._entries = (first, second)
        self._groups = (np.concatenate(first), np.concatenate(second))
        own = [number for number, variant in enumerate(asked) if not variant.changed]
        self._own = counts.near[own].sum(axis=0)
        self._changed = [
            self._own - counts.near[own[variant.template]] + counts.near[number]
            for number, variant in enumerate(asked)
            if variant.changed
        ]

    def mentioned(self) -> Associated:
        """Returns the ratio of the mentions of the two groups."""
        mentions = self._counts.mentions
        drawn = [
            self._ratio([self._drawn(mentions[:, half].sum(axis=1)) for half in self._halves()])
            for _ in range(HALVES)
        ]
        first, second = (mentions[:, group].sum(axis=1) for group in self._groups)
        return _associated("mentions", first, second, self._ratio((first, second)), drawn, ())

    def associated(self, name: str, words: npt.NDArray[np.int64]) -> Associated:
        """Returns the figure of some words together."""
        value, drawn = self._value(self._own, words, self._groups), []
        for _ in range(HALVES):
            half = self._half(words)
            drawn.append(self._value(self._own, half, self._halves(), is_drawn=True))
        changed = [self._value(near, words, self._groups) for near in self._changed]
        first, second = (self._own[:, group][:, :, words] for group in self._groups)
        return _associated(name, first, second, value, drawn, changed)

    def _value(
        self,
        near: npt.NDArray[np.int64],
        words: npt.NDArray[np.int64],
        groups: Sequence[npt.NDArray[np.int64]],
        is_drawn: bool = False,
    ) -> float | None:
        pairs = [near[:, group][:, :, words].sum(axis=2).sum(axis=1) for group in groups]
        mentions = [self._counts.mentions[:, group].sum(axis=1) for group in groups]
        if is_drawn:
            # Half a match more, so that no match at all is not taken for certain.
            pairs = [self._drawn(one + 0.5 / max(len(one), 1)) for one in pairs]
            mentions = [self._drawn(one) for one in mentions]
        above, below = self._ratio(pairs), self._ratio(mentions)
        return above / below if above is not None and below else None

    def _ratio(self, sides: Sequence[npt.NDArray[np.int64]]) -> float | None:
        first, second = (float((side * self._counts.weights).sum()) for side in sides)
        return first / second if second else None

    def _halves(self) -> tuple[npt.NDArray[np.int64], ...]:
        """Returns the words of half of the entries of each group: of the same pairs, if the entries are pairs."""
        first, second = self._entries
        of_first = self._half(np.arange(len(first)))
        of_second = of_first if len(first) == len(second) else self._half(np.arange(len(second)))
        return tuple(
            np.concatenate([entries[number] for number in half])
            for entries, half in ((first, of_first), (second, of_second))
        )

    def _half(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        chosen: npt.NDArray[np.int64] = self._chance.permutation(places)[: (len(places) + 1) // 2]
        return chosen

    def _drawn(self, counts: npt.NDArray[np.integer[Any] | np.floating[Any]]) -> npt.NDArray[np.int64]:
        drawn: npt.NDArray[np.int64] = self._chance.poisson(counts)
        return drawn


def _associated(
    name: str,
    first: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
    value: float | None,
    drawn: Sequence[float | None],
    changed: Sequence[float | None],
) -> Associated:
    """Returns a figure with its intervals; without them if there are too few matches, or if most halves have none."""
    counts = {"first": int(first.sum()), "second": int(second.sum())}
    told = [one for one in drawn if one is not None]
    if value is None or sum(counts.values()) < LEAST or len(told) < HALVES // 2:
        return Associated(name=name, **counts, value=value, decided=False)
    low, high = np.percentile(told, [2.5, 97.5]).tolist()
    others = [one for one in changed if one is not None] or [value]
    edges = (low, high, min(others), max(others))
    return Associated(
        name=name,
        **counts,
        value=value,
        low=low,
        high=high,
        lowest_template=min(others),
        highest_template=max(others),
        decided=min(edges) > 1 or max(edges) < 1,
    )
