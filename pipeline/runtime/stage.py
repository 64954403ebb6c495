"""A stage, and the run with which it works."""

import contextlib
import posixpath
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.load import Loaded
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.read.first_records import first_records
from massivetext.pipeline.read.kept_columns import resolved
from massivetext.pipeline.read.settings import Columns
from massivetext.pipeline.runtime.keys import code_of, key_of
from massivetext.pipeline.runtime.lock import Held
from massivetext.pipeline.runtime.parts import (
    Item,
    Record,
    StageError,
    Step,
    Then,
    Work,
    digest,
    drop,
    finished,
)
from massivetext.pipeline.runtime.progress import Display
from massivetext.pipeline.runtime.steps import (
    AStep,
    Grouped,
    Grouping,
    OnlyIf,
    Planned,
    Worked,
    known,
    to_do,
    worked,
)
from massivetext.pipeline.storage import files
from massivetext.pipeline.storage.files import Written
from massivetext.pipeline.storage.origin import Origin

if TYPE_CHECKING:  # Beam takes seconds to import, and commands that only read a run do not need it
    from massivetext.pipeline.runtime.engine import Engine

_ROUNDS_AFAR = 2  # passes over the items of a step, if a store may have failed for a moment


@dataclass
class Run:
    """A run: a configuration, an output folder, and the engine."""

    loaded: Loaded
    out: str
    engine: "Engine"
    display: Display
    holder: Held | None = None  # the lock on the output
    # Entered around each stage, as by what reports stages to other systems.
    watched: Callable[["Stage"], AbstractContextManager[None]] = lambda _: contextlib.nullcontext()
    digests: dict[str, str] = field(default_factory=dict)  # the digests of finished steps, by name
    done: set[str] = field(default_factory=set)  # the finished steps of the current stage
    written: list[Written] = field(
        default_factory=list
    )  # files that the command itself wrote in the current stage
    next: Sequence[Planned] = ()  # what the next stage begins with, if this run comes to it
    _put_off: list[AStep] | None = field(default=None, init=False)  # see `together`
    _is_afar: bool = field(init=False)  # whether the output or an input is remote

    def __post_init__(self) -> None:
        given = (path for source in self.config.sources.values() for path in source.paths)
        self._is_afar = any(map(files.is_remote, [self.out, *map(self.loaded.resolve, given)]))

    @property
    def config(self) -> Config:
        return self.loaded.config

    @cached_property
    def origins(self) -> dict[str, list[Origin]]:
        """The files of each source."""
        return inputs.find(self.loaded)

    @cached_property
    def columns(self) -> dict[str, Columns]:
        """The fields of each source's records that are read, with the types of those that are kept."""
        sources, limits = self.config.sources, self.config.limits
        return {
            name: columns
            if not (columns := source.columns).kept or isinstance(columns.keep, dict)
            else resolved(columns, first_records(source.kind, self.origins[name], limits, columns).records)
            for name, source in sources.items()
        }

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Write to the output within the block. Raises TakenOverError if another command has taken the lock."""
        check = self.holder.check if self.holder else lambda: None
        check()
        try:
            yield
        finally:
            check()

    def path(self, name: str) -> str:
        return posixpath.join(self.out, name)

    def keep(self, written: Written) -> None:
        """Record that a file, which no part wrote, belongs to this run."""
        self.written.append(written)

    def step(self, name: str, work: Work, after: Sequence[str] = ()) -> Step:
        """Returns the step `stage` or `stage/step`. Each of its parts depends on all results of the steps `after`."""
        return Step.of(name, work, [self.digests[each] for each in after])

    def work_on(
        self,
        name: str,
        items: Sequence[Item],
        work: Work,
        size: Callable[[Any], int] = lambda _: 0,
        then: Then | None = None,
        after: Sequence[str] = (),
    ) -> list[Record]:
        """Work on items on all workers; each gives a part. Finished parts stay, and parts of other items are deleted.

        `size` is an item's share of the work, for the display. A worker that has finished an item goes on with the
        items that `then` returns. If files are remote, an item that fails is tried once more. Raises StageError if an
        item cannot be finished. Within `together` the work is postponed, and no record is returned.
        """
        return self._do(Worked(self.step(name, work, after), items, size, then))

    def plan(self, step: Planned) -> list[Record]:
        """Work on the items of a planned step, like `work_on`. Within `together` a worker plans it."""
        return self._do(step)

    def _do(self, step: Worked | Planned) -> list[Record]:
        self.done.add(step.name)
        if self._put_off is not None:
            self._put_off.append(step)
            if isinstance(step, Worked):
                self.digests[step.name] = key_of(sorted(step.step.key(item) for item in step.items))
            return []
        self._run(step.name, [step])
        done = self._ended(known(step))
        self.digests[step.name] = digest(done)
        return done

    def group(
        self,
        name: str,
        elements: Sequence[Any] | Callable[[], Sequence[Any]],
        grouping: Grouping,
        after: Sequence[str],
        size: int,
    ) -> None:
        """Group ids and hashes of `elements` into files, unless that is done already. `name` is `stage/step`, `after`
        names the steps that it reads from, and `size` is about how many bytes are grouped."""
        code = code_of(type(grouping).__module__)
        key = key_of(name, code, grouping, [self.digests[each] for each in after])
        self.digests[name] = key
        self.done.add(name)
        grouped = Grouped(name, key, elements, grouping, size)
        if self._put_off is not None:
            self._put_off.append(grouped)
        else:
            self._run(name, [grouped])

    def only_if(self, name: str, holds: Callable[[], bool]) -> None:
        """Leave out the rest of the steps of `together` if `holds` is false when the steps before have ended."""
        assert self._put_off is not None, "a condition stands between steps of one pipeline"
        self._put_off.append(OnlyIf(name, holds))

    @contextlib.contextmanager
    def together(self, name: str, is_last: bool = False) -> Iterator[None]:
        """Postpone steps, and run them in one pipeline at the end, each when the one before has ended. The key of a
        later step holds what an earlier one was made from, not its results, unless the later one is planned.

        If it is the last pipeline of its stage, it goes on with what the next stage begins with. That stage then finds
        these parts finished.
        """
        self._put_off = steps = list[AStep]()
        try:
            yield
        finally:
            self._put_off = None
        self._run(name, steps, self.next if is_last else ())
        for step in worked(steps):
            self._ended(step)

    def _ended(self, step: Worked) -> list[Record]:
        """Returns the records of a step, and deletes its parts of other items. Raises StageError for what failed."""
        done = finished(self.out, step.step, step.items)
        drop(self.out, step.name, step.items)
        return done

    def _run(self, name: str, steps: Sequence[AStep], ahead: Sequence[AStep] = ()) -> None:
        """Run steps in one pipeline, or in several if the engine cannot have so many in one."""
        rounds_left = _ROUNDS_AFAR if self._is_afar else 1
        while rounds_left and (rest := to_do(self.out, steps)):
            from massivetext.pipeline.runtime.pipelines import Where, run_in_one

            now = [*rest, *ahead][: self.engine.most_steps]
            rounds_left -= 1
            where = Where(self.out, self.engine, self.display, self.loaded.plugins, self.holder)
            try:
                with self.writing():
                    for step in rest:
                        if isinstance(step, Worked):
                            drop(self.out, step.name, step.items)  # later steps may read all records
                    run_in_one(where, name, now)
            except StageError:
                if not rounds_left:
                    raise
            if len(now) < len(rest) and len(to_do(self.out, steps)) < len(rest):
                rounds_left += 1  # these steps went well, and the next pipeline has the others


@dataclass(frozen=True)
class Stage:
    """A stage: what it depends on, what it writes, and how it runs. `run` returns the number of its parts."""

    name: str
    after: tuple[str, ...]
    settings: Callable[[Run], dict[str, object]]  # by name, since the command names those that changed
    outputs: tuple[str, ...]  # folders
    run: Callable[[Run], int]
    work: str = ""  # the module of costly work: if its code changes, the run asks for --changed
    first: Callable[[Run], Sequence[Planned]] = lambda _: ()
    """The steps with which it begins, as the pipeline of the stage before plans them. They need only files of OUT."""
    is_planned: bool = False  # whether these are all its steps, so that the stage after it may follow at once
