"""The stage decontaminate: finds documents that hold test items. The test sets are in memory; documents stream by."""

import collections
from collections.abc import Iterator

from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.decontaminate import TestSet
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.tally import Figure
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.decontaminate import canaries
from massivetext.pipeline.stages.decontaminate.searches import EmbeddedItems, Search, matcher
from massivetext.pipeline.stages.decontaminate.steps import Steps
from massivetext.pipeline.stages.decontaminate.test_sets import packs, stored
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import ItemFile
from massivetext.pipeline.stages.decontaminate.test_sets.read import items
from massivetext.pipeline.storage import files

NAME = names.DECONTAMINATE
FEW_FOUND = 0.9  # of the canaries


def run(run: Run) -> int:
    """Match the documents of every source that deduplication left with every test set."""
    steps = _steps(run)
    known = steps.test_files
    with run.together(NAME, is_last=True):
        for step in steps.planned():
            run.plan(step)
    run.keep(stored.store(run.out, known))
    matched = {row.key for row in rows(run.out, NAME) if row.figure == Figure.MATCHED}
    for warning in _empty(known, matched):
        run.display.warn(warning)
    if search := steps.search():
        for warning in _unsearched(run, known, search):
            run.display.warn(warning)
        for warning in _missed(canaries.found(run.out)):
            run.display.warn(warning)
    return len(steps.parts())


def _steps(run: Run) -> Steps:
    config = run.config
    path = _titles(run)
    titles = files.read_bytes(path).decode().splitlines() if path else ()
    titled = frozenset(name for name, source in config.sources.items() if source.kind == "wikipedia")
    return Steps(
        run.out,
        config.seed,
        tuple(config.sources),
        config.decontaminate,
        test_files(run),
        frozenset(titles),
        titled,
    )


def _empty(known: tuple[ItemFile, ...], matched: set[str]) -> Iterator[str]:
    """Yields a warning for each test set without an item: its path or its fields are probably wrong."""
    for test_file in known:
        if test_file.name not in matched and not any(item.text.strip() for item in items(test_file)):
            path = test_file.path
            yield f"test set {test_file.name}: {path} holds no items: check the path, and the fields that are named"


def _unsearched(run: Run, known: tuple[ItemFile, ...], search: Search) -> Iterator[str]:
    """Yields a warning for each test set with questions that are too short or too common to be searched for."""
    if not isinstance(search, EmbeddedItems):
        return
    found = matcher(run.out, known, search.counts)
    questions: dict[str, list[bool]] = {}
    for part, is_searched in zip(found.items.parts, found.is_searched.tolist(), strict=True):
        if part.role == "question":
            questions.setdefault(part.test_set, []).append(is_searched)
    for name, searched in questions.items():
        if left := searched.count(False):
            yield (
                f"test set {name}: {left:,} of {len(searched):,} questions are not searched for: they are too short, "
                "or too much like other text in these documents"
            )


def _missed(found: dict[str, tuple[int, int]]) -> Iterator[str]:
    """Yields a warning if the search misses many of the canaries."""
    low = [f"{form} {hits} of {tried}" for form, (tried, hits) in found.items() if hits < FEW_FOUND * tried]
    if low:
        yield (
            "decontaminate found too few of the test items that it put into copies of this run's documents: "
            f"{', '.join(low)}. The report has all forms (`remove: document copies` finds no embedded item)"
        )


def _titles(run: Run) -> str | None:
    path = run.config.decontaminate.titles
    return path and inputs.existing(run.loaded, path, "decontaminate", "titles")


def test_files(run: Run) -> tuple[ItemFile, ...]:
    """Returns the files of the test sets. Raises ConfigError if one cannot be read."""
    found = []
    for name, value in run.config.decontaminate.test_sets.items():
        test_set = TestSet(path=value) if isinstance(value, str) else value
        path = inputs.existing(run.loaded, test_set.path, "decontaminate", "test_sets", name)
        found.append(packs.item_file(name, path, test_set, files.sha256(path)))
        collections.deque(
            items(found[-1]), maxlen=0
        )  # reads the file, so that an error stops the run before any work
    return tuple(found)


def _settings(run: Run) -> dict[str, object]:
    titles = _titles(run)
    return {
        "seed": run.config.seed,
        "decontaminate": run.config.decontaminate.model_dump(exclude={"test_sets", "titles"}),
        "test sets": (test_files(run), titles and files.sha256(titles)),
    }


STAGE = Stage(
    NAME,
    (names.CURATE, names.DEDUPLICATE),
    _settings,
    ("contaminated",),
    run,
    first=lambda run: _steps(run).planned(),
    is_planned=True,
)
