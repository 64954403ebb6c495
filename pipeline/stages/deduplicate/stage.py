"""The stage deduplicate: URL -> exact -> near -> verify -> resolve. It groups ids, hashes and pointers only."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import orjson

from massivetext.filters.similarity.minhash import band_parameters
from massivetext.pipeline.runtime.blocks import in_batches, partitions_of
from massivetext.pipeline.runtime.candidates import Candidates, candidates
from massivetext.pipeline.runtime.keys import key_of
from massivetext.pipeline.runtime.parts import StageError
from massivetext.pipeline.runtime.parts import rows as counted
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.steps import Grouping, Planned
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.deduplicate import (
    buckets,
    captures,
    decide,
    earlier,
    exact,
    resolve,
    rounds,
    shingle_store,
    signatures,
    verify_pairs,
)
from massivetext.pipeline.stages.deduplicate.over_deletion import over_deleted
from massivetext.pipeline.stages.deduplicate.rows import MEMBER, Rank
from massivetext.pipeline.stages.deduplicate.signatures import PlanSigning
from massivetext.pipeline.stages.deduplicate.signed_part import CAPTURES, SignedPart, SignedParts
from massivetext.pipeline.storage import arrays, files, layout, parquet

NAME = names.DEDUPLICATE
ROUNDS = layout.work(NAME, "rounds.json")  # the work that was done: bands, rounds, verified pairs


def run(run: Run) -> int:
    """Find every duplicate in the sources that are deduplicated, and its survivor."""
    config = run.config.deduplicate
    items = candidates(run.out, run.config.judged(NAME))
    probe = signatures.probe(config.permutations, config.shingles)
    run.keep(files.write_bytes(run.out, signatures.PROBE, probe.encode()))
    exempt = candidates(run.out, config.survivors_only)
    run.plan(_signing(run))
    outputs = earlier.find(run)
    run.keep(earlier.remember(run.out, outputs))
    parts = [*_own(items, Rank.OWN), *_own(exempt, Rank.EXEMPT)]
    parts += earlier.parts(outputs, first=max((part.part for part in parts), default=-1) + 1)
    steps = Steps(run, parts)
    batches = steps.run_until_decided(items)
    _describe(run, steps, batches)
    for warning in over_deleted(run.config, counted(run.out, NAME)):
        run.display.warn(warning)
    return len(items)


def _signing(run: Run) -> Planned:
    config = run.config.deduplicate
    sign = signatures.Sign(run.out, run.config.seed, config.permutations, config.shingles)
    plan = PlanSigning(sign, tuple(run.config.judged(NAME)), tuple(config.survivors_only))
    return Planned(signatures.STEP, plan)


class Steps:
    """The steps that find duplicates among signed parts. Each grouping may read the files of all before it."""

    def __init__(self, run: Run, parts: list[SignedPart]) -> None:
        self._run, self._parts, self._settings = run, parts, run.config.deduplicate
        of = self._settings
        self.band_count, self.rows = band_parameters(of.threshold, of.permutations, of.recall)
        self._size = _member_bytes(run, parts, self.band_count)
        self._partitions = partitions_of(self._size)
        run.digests["deduplicate/parts"] = key_of(parts)
        self._done = [signatures.STEP, "deduplicate/parts"]

    def run_until_decided(self, items: list[Candidates]) -> int:
        """Write the duplicates of `items`. Returns the number of batches of rounds that decided every document.

        One batch is enough for most corpora, and then everything is one pipeline. Each further batch is another one.
        """
        number = 0
        while number == 0 or not rounds.Decided(self._run.out, number - 1)():
            if number * rounds.ROUNDS >= rounds.MOST_ROUNDS:
                raise StageError(
                    f"{NAME}: some documents are undecided after {rounds.MOST_ROUNDS} rounds: please report it"
                )
            with self._run.together(rounds.step(number) if number else NAME, is_last=True):
                if number == 0:
                    self._find_candidates()
                self._decide(number)
                self._write(items, number + 1)
            number += 1
        return number

    def _find_candidates(self) -> None:
        run, size, partitions = self._run, self._size, self._partitions
        batches = [SignedParts(tuple(batch)) for batch in in_batches(self._parts, size)]
        if self._settings.url:
            self._group(CAPTURES, batches, captures.Captures(run.out, run.config.seed, partitions))
        self._group(exact.STEP, batches, exact.Exact(run.out, partitions))
        self._group(buckets.STEP, batches, buckets.Buckets(run.out, self.band_count, self.rows, partitions))
        store = shingle_store.StoreShingles(run.out, self._settings.shingles)
        run.work_on(shingle_store.STEP, self._parts, store, size=_size, after=self._done)
        self._done.append(shingle_store.STEP)

    def _decide(self, number: int) -> None:
        out, name = self._run.out, rounds.step(number)
        transform = rounds.Rounds(out, number, self._partitions, self._settings.threshold)
        self._group(name, partial(rounds.starts, out, number), transform)
        self._run.only_if(f"{name}/decided", rounds.Decided(out, number))

    def _write(self, items: list[Candidates], batches: int) -> None:
        run = self._run
        naming = resolve.Resolve(run.out, {part.part: part for part in self._parts}, self._partitions)
        found = partial(_found, run.out, batches)
        run.group(resolve.STEP, found, naming, self._done, self._size)
        write = resolve.WriteDuplicates(run.out, tuple(self._settings.against))
        run.work_on(NAME, items, write, size=_size, after=[resolve.STEP])

    def _group(
        self, name: str, elements: Sequence[Any] | Callable[[], Sequence[Any]], grouping: Grouping
    ) -> None:
        self._run.group(name, elements, grouping, self._done, self._size)
        self._done.append(name)


def _found(out: str, batches: int) -> list[str]:
    """Returns the files with the duplicates that were found."""
    found = [*arrays.saved(out, CAPTURES, f"{captures.FOUND_NAME}-*")]
    found += arrays.saved(out, exact.STEP, f"{exact.FOUND_NAME}-*")
    for number in range(batches):
        found += arrays.saved(out, rounds.step(number), f"{decide.FOUND_NAME}-*")
    return found


def _own(items: list[Candidates], rank: Rank) -> list[SignedPart]:
    return [SignedPart(item.part, rank, item.source, item.bytes, item.holds, item.part) for item in items]


def _size(item: Candidates | SignedPart) -> int:
    return item.bytes


def _member_bytes(run: Run, parts: list[SignedPart], band_count: int) -> int:
    """Returns the bytes that the members of all buckets would take."""
    documents = sum(parquet.count(part.signatures(run.out)) for part in parts)
    return documents * band_count * MEMBER.itemsize


def _describe(run: Run, steps: Steps, batches: int) -> None:
    pairs = [
        int(np.sum([arrays.load(path)[0] for path in arrays.saved(run.out, rounds.step(number), pattern)]))
        for number in range(batches)
        for pattern in [f"{verify_pairs.PAIRS}-{index}-*" for index in _indices(number)]
    ]
    while pairs and pairs[-1] == 0:
        pairs.pop()
    facts = {"bands": steps.band_count, "rows": steps.rows, "rounds": len(pairs), "verified_pairs": pairs}
    run.keep(files.write_bytes(run.out, ROUNDS, orjson.dumps(facts)))


def _indices(number: int) -> range:
    return range(number * rounds.ROUNDS, (number + 1) * rounds.ROUNDS)


def _settings(run: Run) -> dict[str, object]:
    keys = [output.key for output in earlier.find(run)]
    return {
        "seed": run.config.seed,
        "deduplicate": (run.config.deduplicate, run.config.judged(NAME)),
        "the outputs deduplicated against": keys,
    }


STAGE = Stage(NAME, (names.CURATE,), _settings, ("duplicates",), run, first=lambda run: [_signing(run)])
