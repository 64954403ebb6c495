"""Rounds: who stays, and whom each of those that stay removes.

Documents are taken in order; one is removed only if it is a verified duplicate of one that stays. That is the
greedy maximal independent set in a random order, which takes O(log n) rounds once the duplicates are known
(Fischer and Noever, 2018). They become known as buckets are led: in each round the first members of each are
verified against all that follow, and leave it. At first one leads, and in most buckets all others are removed
at once: a bucket of a million copies costs a million comparisons. Members that are no duplicates stay, as those of a
template do; so four times as many lead each round, and a bucket is done in the logarithm of its size.

A document that has led all its buckets, and waits for no duplicate before it, stays. One that is a duplicate of
a document that stays is removed. Documents that always stay come before all others and are compared to these alone.

Members stay in files, one for each partition of buckets, that every round writes anew. What is grouped is a row
for each document and partition, not for each of the document's buckets.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import apache_beam as beam
import numpy as np
import numpy.typing as npt
from apache_beam.pvalue import PCollection, TaggedOutput

from pipeline.deduplicate.buckets import first_rows, shared
from pipeline.deduplicate.rows import FOUND, HELD, PAIR, REMOVAL, always_stays
from pipeline.deduplicate.shingle_store import ShingleStore
from pipeline.grouping import arrays
from pipeline.grouping.blocks import GROUPED, Array, Block, Pointers, gather, partition_of_pointers, scatter

ROUNDS = 4  # in one pipeline: where starting one is dear, most corpora need but two
MOST_ROUNDS = 64
LEADERS = 4  # so many times more lead a bucket in each round
FOUND_NAME = "found"
MEMBERS = "members"  # of buckets, still to be compared after the pipeline's last round
WAITS = "waits"  # duplicates of documents that are undecided then
GONE = "gone"  # those removed in that round
PAIRS = "pairs"
_PAIRS_AT_ONCE = 4096

Compared = tuple[str, Iterable[bytes] | None]
"""A file of members, and the pointers of those that are to be compared; None: all of them are."""


def step(number: int) -> str:
    """The name of the pipeline with rounds number*ROUNDS and after."""
    return f"deduplicate/rounds-{number:02d}"


@dataclass(eq=False)
class Rounds(beam.PTransform[Any, Any]):
    """Paths of saved arrays in; files out: found duplicates, and what is left for the next rounds (see `left`)."""

    out: str
    number: int
    partitions: int
    threshold: float

    def expand(self, paths: PCollection[Any]) -> PCollection[Any]:
        compared: PCollection[Any] = paths | "Members" >> beam.FlatMap(_members_at)
        waits: PCollection[Any] = paths | "Waits" >> beam.FlatMap(_saved, WAITS)
        gone: PCollection[Any] = paths | "Gone" >> beam.FlatMap(_saved, GONE)
        for index in range(self.number * ROUNDS, (self.number + 1) * ROUNDS):
            compared, waits, gone = self._round(compared, waits, gone, index)
        name = step(self.number)
        saved = (
            compared | "Save members" >> beam.ParDo(_SaveMembers(self.out, name)),
            waits | "Save waits" >> beam.Map(_save, self.out, name, WAITS, REMOVAL),
            gone | "Save gone" >> beam.Map(_save, self.out, name, GONE, np.dtype("u8")),
        )
        done: PCollection[Any] = saved | "Saved" >> beam.Flatten()
        return done

    def _round(
        self, compared: PCollection[Any], waits: PCollection[Any], gone: PCollection[Any], index: int
    ) -> tuple[PCollection[Any], PCollection[Any], PCollection[Any]]:
        """Members to be compared, verified duplicates of undecided documents and who was removed last; the same
        a round later."""
        name = step(self.number)
        lead = _Lead(self.out, name, index, self.partitions, LEADERS**index)
        led = compared | f"Lead {index}" >> beam.ParDo(lead).with_outputs("pairs", main="held")
        found = (
            led.pairs
            | f"By leader {index}" >> beam.GroupByKey()
            | f"Distinct {index}" >> beam.ParDo(_Distinct(self.out, name, index))
            | f"Spread {index}" >> beam.Reshuffle()
            | f"Verify {index}" >> beam.ParDo(_Verify(self.out, self.threshold, self.partitions))
        )
        asked = (
            {"held": led.held, "found": found, "waits": waits}
            | f"By document {index}" >> beam.CoGroupByKey()
            | f"Ask {index}"
            >> beam.ParDo(_Ask(self.partitions)).with_outputs("undecided", "held", main="waits")
        )
        answered = (
            {"waits": asked.waits, "undecided": asked.undecided, "gone": gone}
            | f"By first {index}" >> beam.CoGroupByKey()
            | f"Answer {index}" >> beam.ParDo(_Answer(self.partitions)).with_outputs("removals", main="waits")
        )
        removed = (
            {"held": asked.held, "waits": answered.waits, "removals": answered.removals}
            | f"By removed {index}" >> beam.CoGroupByKey()
            | f"Remove {index}"
            >> beam.ParDo(_Remove(self.out, name, index)).with_outputs("waits", "gone", main="still")
        )
        still = removed.still | f"By file {index}" >> beam.GroupByKey()
        return still, removed.waits, removed.gone


def left(out: str, number: int) -> list[str]:
    """The paths that the next rounds start from, empty once every document is decided."""
    found = {name: [*arrays.saved(out, step(number), f"{name}-*")] for name in (MEMBERS, WAITS, GONE)}
    return [*found[MEMBERS], *found[WAITS], *found[GONE]] if found[MEMBERS] or found[WAITS] else []


def _kind(path: str) -> str:
    return path.rsplit("/", 1)[1].rsplit("-", 1)[0]


def _number(path: str) -> int:
    """The number of the partition that a path is about."""
    return int(path.rsplit("-", 1)[1].removesuffix(".npy"))


def _members_at(path: str) -> Iterator[Compared]:
    if _kind(path) == MEMBERS:
        yield path, None


def _saved(path: str, kind: str) -> Iterator[Block]:
    if _kind(path) == kind:
        yield _number(path), arrays.load(path).tobytes()


def _save(block: Block, out: str, step: str, name: str, dtype: np.dtype[Any]) -> int:
    number, rows = block
    arrays.save(out, step, f"{name}-{number:05d}", np.frombuffer(rows, dtype))
    return number


def _members(compared: Compared) -> tuple[int, Array]:
    """The number of a partition of buckets, and those of its members that are to be compared."""
    path, blocks = compared
    rows = arrays.load(path)
    if blocks is not None:
        rows = rows[np.isin(rows["pointer"], gather(blocks, np.dtype("u8")))]
    return _number(path), shared(rows)


def _file(index: int, number: int) -> str:
    """The name of a partition's members after they were led in a round."""
    return f"led-{index}-{number:05d}"


@dataclass(eq=False)
class _Lead(beam.DoFn):
    """The first members of each bucket, paired with all that follow; they leave it. The others are held by it."""

    out: str
    step: str
    index: int
    partitions: int
    most: int  # how many lead a bucket

    def process(self, compared: Compared) -> Iterator[Block | TaggedOutput[Literal["pairs"], Block]]:
        number, rows = _members(compared)
        if len(rows) == 0:
            return
        starts = first_rows(rows["bucket"])
        sizes = np.diff(starts, append=len(rows))
        first, at = np.repeat(starts, sizes), np.arange(len(rows))
        rest = shared(rows[at - first >= self.most])
        arrays.save(self.out, self.step, _file(self.index, number), rest)
        held = _held(rest["pointer"], number)
        yield from scatter(held, partition_of_pointers(held["pointer"], self.partitions))
        others = at[~always_stays(rows["order"])]
        for turn in range(min(self.most, int(sizes.max()))):
            others = others[others - first[others] > turn]
            pairs = _pairs(rows, others, first[others] + turn)
            for block in scatter(pairs, partition_of_pointers(pairs["leader"], self.partitions)):
                yield TaggedOutput("pairs", block)


def _held(pointers: Pointers, number: int) -> Array:
    """The members that a partition holds, each once."""
    members = np.unique(pointers)
    held = np.empty(len(members), HELD)
    held["pointer"], held["partition"] = members, number
    return held


def _pairs(rows: Array, at: npt.NDArray[np.int64], by: npt.NDArray[np.int64]) -> Array:
    """Some members of buckets, each with the one that leads it."""
    pairs = np.empty(len(at), PAIR)
    pairs["pointer"], pairs["leader"], pairs["leader_order"] = (
        rows["pointer"][at],
        rows["pointer"][by],
        rows["order"][by],
    )
    return _distinct(pairs)


def _distinct(pairs: Array) -> Array:
    """Each pair once, sorted by leader, so that its set is read once."""
    pairs = pairs[np.lexsort((pairs["pointer"], pairs["leader"]))]
    differs = (pairs["leader"][1:] != pairs["leader"][:-1]) | (pairs["pointer"][1:] != pairs["pointer"][:-1])
    found: Array = pairs[np.concatenate([[True], differs])[: len(pairs)]]
    return found


@dataclass(eq=False)
class _Distinct(beam.DoFn):
    """Pairs that share several buckets are verified once."""

    out: str
    step: str
    index: int

    # The pairs are bytes; but Beam forgets their type at the reshuffle, and Flink needs one coder on both sides.
    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Any]:
        number, blocks = group
        pairs = _distinct(gather(blocks, PAIR))
        arrays.save(self.out, self.step, f"{PAIRS}-{self.index}-{number:05d}", np.array([len(pairs)]))
        GROUPED.inc(pairs.nbytes)
        for start in range(0, len(pairs), _PAIRS_AT_ONCE):
            yield pairs[start : start + _PAIRS_AT_ONCE].tobytes()


@dataclass(eq=False)
class _Verify(beam.DoFn):
    """The exact Jaccard of each pair; those strictly above the threshold are duplicates."""

    out: str
    threshold: float
    partitions: int

    def setup(self) -> None:
        self._store = ShingleStore(self.out)

    def process(self, block: bytes) -> Iterator[Block]:
        pairs = np.frombuffer(block, PAIR)
        similarity = self._store.jaccards(pairs["leader"], pairs["pointer"])
        is_duplicate = similarity > self.threshold
        removals = np.empty(int(is_duplicate.sum()), REMOVAL)
        for name in PAIR.names or ():
            removals[name] = pairs[name][is_duplicate]
        removals["jaccard"] = similarity[is_duplicate]
        yield from scatter(removals, partition_of_pointers(removals["pointer"], self.partitions))


@dataclass(eq=False)
class _Ask(beam.DoFn):
    """Each verified duplicate, sent to where it is known whether the first of the two stays. Undecided are those that
    a bucket holds, and those that wait for an answer."""

    partitions: int

    def process(
        self, group: tuple[int, dict[str, Iterable[bytes]]]
    ) -> Iterator[Block | TaggedOutput[Literal["undecided"], Block] | TaggedOutput[Literal["held"], Block]]:
        number, blocks = group
        held = gather(blocks["held"], HELD)
        waits = _distinct(
            np.concatenate([gather(blocks["found"], REMOVAL), gather(blocks["waits"], REMOVAL)])
        )
        yield from scatter(waits, partition_of_pointers(waits["leader"], self.partitions))
        undecided = np.union1d(held["pointer"], waits["pointer"])
        if len(undecided):
            GROUPED.inc(undecided.nbytes + held.nbytes)
            yield TaggedOutput[Literal["undecided"], Block]("undecided", (number, undecided.tobytes()))
            yield TaggedOutput[Literal["held"], Block]("held", (number, held.tobytes()))


@dataclass(eq=False)
class _Answer(beam.DoFn):
    """A duplicate of a document that stays is a removal, of one that is gone nothing; others wait on."""

    partitions: int

    def process(
        self, group: tuple[int, dict[str, Iterable[bytes]]]
    ) -> Iterator[Block | TaggedOutput[Literal["removals"], Block]]:
        _, blocks = group
        waits, gone = gather(blocks["waits"], REMOVAL), gather(blocks["gone"], np.dtype("u8"))
        waits = waits[~np.isin(waits["leader"], gone)]
        undecided = np.isin(waits["leader"], gather(blocks["undecided"], np.dtype("u8")))
        stays = ~undecided | always_stays(waits["leader_order"])
        yield from scatter(waits[~stays], partition_of_pointers(waits["pointer"][~stays], self.partitions))
        removals = waits[stays]
        for block in scatter(removals, partition_of_pointers(removals["pointer"], self.partitions)):
            yield TaggedOutput("removals", block)


@dataclass(eq=False)
class _Remove(beam.DoFn):
    """A removed document names, of those that stay and removed it, the first; it is compared and waits no more."""

    out: str
    step: str
    index: int

    def process(
        self, group: tuple[int, dict[str, Iterable[bytes]]]
    ) -> Iterator[
        tuple[str, bytes] | TaggedOutput[Literal["waits"], Block] | TaggedOutput[Literal["gone"], Block]
    ]:
        number, blocks = group
        removals = gather(blocks["removals"], REMOVAL)
        first_by = (removals["leader"], removals["leader_order"], removals["pointer"])
        removals = removals[np.lexsort(first_by)]
        removed, at = np.unique(removals["pointer"], return_index=True)
        found = np.zeros(len(removed), FOUND)
        found["pointer"], found["survivor"] = removed, removals["leader"][at]
        found["jaccard"] = removals["jaccard"][at]
        arrays.save(self.out, self.step, f"{FOUND_NAME}-{self.index}-{number:05d}", found)
        held, waits = gather(blocks["held"], HELD), gather(blocks["waits"], REMOVAL)
        held, waits = (rows[~np.isin(rows["pointer"], removed)] for rows in (held, waits))
        for of, pointers in scatter(held["pointer"], held["partition"].astype(np.int64)):
            yield arrays.path(self.out, self.step, _file(self.index, of)), pointers
        GROUPED.inc(waits.nbytes + removed.nbytes)
        if len(waits):
            yield TaggedOutput[Literal["waits"], Block]("waits", (number, waits.tobytes()))
        if len(removed):
            yield TaggedOutput[Literal["gone"], Block]("gone", (number, removed.tobytes()))


@dataclass(eq=False)
class _SaveMembers(beam.DoFn):
    out: str
    step: str

    def process(self, compared: Compared) -> Iterator[int]:
        number, rows = _members(compared)
        arrays.save(self.out, self.step, f"{MEMBERS}-{number:05d}", rows)
        yield number
