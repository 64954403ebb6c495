"""The stage deduplicate: URL -> exact -> near -> verify -> resolve. It groups ids, hashes and pointers only."""

from collections.abc import Sequence
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
    run.plan(signatures.STEP, _signing(run))
    outputs = earlier.find(run)
    run.keep(earlier.remember(run.out, outputs))
    parts = [*_own(items, Rank.OWN), *_own(exempt, Rank.EXEMPT)]
    parts += earlier.parts(outputs, first=max((part.part for part in parts), default=-1) + 1)
    band_count, rows = band_parameters(config.threshold, config.permutations, config.recall)
    size = _member_bytes(run, parts, band_count)
    partitions = partitions_of(size)
    batches = [SignedParts(tuple(batch)) for batch in in_batches(parts, size)]
    steps = Steps(run, parts)
    with run.together("deduplicate/candidates"):
        if config.url:
            steps.group(CAPTURES, batches, captures.Captures(run.out, run.config.seed, partitions), size)
        steps.group(exact.STEP, batches, exact.Exact(run.out, partitions), size)
        steps.group(buckets.STEP, batches, buckets.Buckets(run.out, band_count, rows, partitions), size)
        store = shingle_store.StoreShingles(run.out, config.shingles)
        run.work_on(shingle_store.STEP, parts, store, size=_size, after=steps.done)
        steps.done.append(shingle_store.STEP)
    pipelines = _decide(run, steps, partitions)
    found = [*arrays.saved(run.out, CAPTURES, f"{captures.FOUND_NAME}-*")]
    found += arrays.saved(run.out, exact.STEP, f"{exact.FOUND_NAME}-*")
    for number in range(pipelines):
        found += arrays.saved(run.out, rounds.step(number), f"{decide.FOUND_NAME}-*")
    naming = resolve.Resolve(run.out, {part.part: part for part in parts}, partitions)
    with run.together(NAME):
        steps.group(resolve.STEP, found, naming, files.total(found))
        write = resolve.WriteDuplicates(run.out, tuple(config.against))
        run.work_on(NAME, items, write, size=_size, after=[resolve.STEP])
    _describe(run, band_count, rows, pipelines)
    for warning in over_deleted(run.config, counted(run.out, NAME)):
        run.display.warn(warning)
    return len(items)


def _signing(run: Run) -> PlanSigning:
    config = run.config.deduplicate
    sign = signatures.Sign(run.out, run.config.seed, config.permutations, config.shingles)
    return PlanSigning(sign, tuple(run.config.judged(NAME)), tuple(config.survivors_only))


def _first(run: Run) -> list[Planned]:
    return [Planned(signatures.STEP, _signing(run))]


class Steps:
    """Runs groupings one after another. Each may read the files of all before it."""

    def __init__(self, run: Run, parts: list[SignedPart]) -> None:
        self._run = run
        self.done = [signatures.STEP]
        run.digests["deduplicate/parts"] = key_of(parts)
        self.done.append("deduplicate/parts")

    def group(self, name: str, elements: Sequence[Any], grouping: Grouping, size: int) -> None:
        self._run.group(name, elements, grouping, self.done, size)
        self.done.append(name)


def _own(items: list[Candidates], rank: Rank) -> list[SignedPart]:
    return [SignedPart(item.part, rank, item.source, item.bytes, item.holds, item.part) for item in items]


def _size(item: Candidates | SignedPart) -> int:
    return item.bytes


def _member_bytes(run: Run, parts: list[SignedPart], band_count: int) -> int:
    """Returns the bytes that the members of all buckets would take."""
    documents = sum(parquet.count(part.signatures(run.out)) for part in parts)
    return documents * band_count * MEMBER.itemsize


def _decide(run: Run, steps: Steps, partitions: int) -> int:
    """Run pipelines of rounds until every document is decided. Returns the number of pipelines."""
    rest = [*arrays.saved(run.out, buckets.STEP, f"{buckets.MEMBERS}-*")]
    number = 0
    while rest:
        if number * rounds.ROUNDS >= rounds.MOST_ROUNDS:
            raise StageError(
                f"{NAME}: some documents are undecided after {rounds.MOST_ROUNDS} rounds: please report it"
            )
        transform = rounds.Rounds(run.out, number, partitions, run.config.deduplicate.threshold)
        steps.group(rounds.step(number), rest, transform, files.total(rest))
        rest = rounds.left(run.out, number)
        number += 1
    return number


def _describe(run: Run, band_count: int, rows: int, pipelines: int) -> None:
    pairs = [
        int(np.sum([arrays.load(path)[0] for path in arrays.saved(run.out, rounds.step(number), pattern)]))
        for number in range(pipelines)
        for pattern in [f"{verify_pairs.PAIRS}-{index}-*" for index in _indices(number)]
    ]
    while pairs and pairs[-1] == 0:
        pairs.pop()
    facts = {"bands": band_count, "rows": rows, "rounds": len(pairs), "verified_pairs": pairs}
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


STAGE = Stage(NAME, (names.CURATE,), _settings, ("duplicates",), run, first=_first)
