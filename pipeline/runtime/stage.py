"""What a stage is, and what a run gives it to work with."""

import contextlib
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.load import Loaded
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.read.first_records import first_records
from massivetext.pipeline.read.kept_columns import resolved
from massivetext.pipeline.read.settings import Columns
from massivetext.pipeline.runtime import groups
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
    unfinished,
)
from massivetext.pipeline.runtime.progress import Display
from massivetext.pipeline.runtime.stopping import KEPT
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.files import Written
from massivetext.pipeline.storage.origin import Origin

if TYPE_CHECKING:  # Beam takes seconds to import; who only asks what a run holds needs none of it
    from apache_beam.pvalue import PCollection

    from massivetext.pipeline.runtime.engine import Engine
    from massivetext.pipeline.runtime.shuffle import Shuffle

_OF_FILES = re.compile(r"\[Errno \d+\] ([^\[\n]*)")

_HELD_BYTES = 64 << 20  # grouped in the command's own memory, where one machine does the work


class Grouping(Protocol):
    """Groups rows of elements, and saves what it finds. Its fields that `repr` shows say all that results depend on."""

    def grouped(self, elements: "PCollection[Any]", shuffle: "Shuffle", /) -> "PCollection[Any]": ...


@dataclass
class Run:
    """One configuration, one output folder, and what runs them."""

    loaded: Loaded
    out: str
    engine: "Engine"
    display: Display
    holder: Held | None = None  # the lock on the output
    digests: dict[str, str] = field(default_factory=dict)  # of the steps that were done, by their names
    done: set[str] = field(default_factory=set)  # steps, in the stage that is run
    written: list[Written] = field(default_factory=list)  # by the command itself, in the stage that is run

    @property
    def config(self) -> Config:
        return self.loaded.config

    @cached_property
    def origins(self) -> dict[str, list[Origin]]:
        """The files of each source."""
        return inputs.find(self.loaded)

    @cached_property
    def columns(self) -> dict[str, Columns]:
        """Which fields of each source hold what, with the types of those that are kept."""
        sources, limits = self.config.sources, self.config.limits
        return {
            name: columns
            if not (columns := source.columns).kept or isinstance(columns.keep, dict)
            else resolved(columns, first_records(source.kind, self.origins[name], limits, columns).records)
            for name, source in sources.items()
        }

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Within the block this command writes to the output; raises TakenOverError where another does by now."""
        check = self.holder.check if self.holder else lambda: None
        check()
        try:
            yield
        finally:
            check()

    def path(self, name: str) -> str:
        return posixpath.join(self.out, name)

    def keep(self, written: Written) -> None:
        """Note a file that no part wrote, so that it is known to be of this run."""
        self.written.append(written)

    def step(self, name: str, work: Work, after: Sequence[str] = ()) -> Step:
        """The step `stage` or `stage/step`, each part of which depends on all that the steps `after` left."""
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
        """Work on items on all workers, each one a part; finished ones are left as they are, and others deleted.

        `size` is an item's share of the work, for the display. A worker that has finished an item goes on with what
        `then` gives it. Raises StageError if an item cannot be finished.
        """
        self.done.add(name)
        step = self.step(name, work, after)
        rest = unfinished(self.out, step, items)
        rest.sort(
            key=size, reverse=True
        )  # spread in turn, so that no worker is left with a large one at the end
        if rest:
            import apache_beam as beam

            from massivetext.pipeline.runtime.spread import spread
            from massivetext.pipeline.runtime.work_on import WorkOn

            worker = WorkOn(self.out, step, then, self.loaded.plugins, self.holder)
            with (
                self.writing(),
                self.display.parts(self.out, step, items, size, then),
                self.engine.pipeline(name) as pipeline,
            ):
                _ = spread(self.out, name, pipeline, rest) | "Work" >> beam.ParDo(worker)
        done = finished(self.out, step, items)
        drop(self.out, name, items)
        self.digests[name] = digest(done)
        return done

    def group(
        self, name: str, elements: Sequence[Any], grouping: Grouping, after: Sequence[str], size: int
    ) -> None:
        """Group ids and hashes of `elements` into files, unless they stand; `name` is `stage/step`, `after` names the
        steps that it reads from, and `size` is about how many bytes are grouped."""
        key = key_of(
            name, code_of(type(grouping).__module__), grouping, [self.digests[each] for each in after]
        )
        self.digests[name] = key
        self.done.add(name)
        if groups.stands(self.out, name, key):
            return
        from massivetext.pipeline.runtime import shuffle as shuffles
        from massivetext.pipeline.runtime.counters import grouped_bytes
        from massivetext.pipeline.runtime.spread import spread

        in_files = self.engine.is_local and size > _HELD_BYTES
        if in_files:
            shuffle = shuffles.on_this_machine(self.out, name, key_of(key, vars(grouping), elements))
        else:
            shuffle = shuffles.Shuffle()
            files.delete_tree(self.path(layout.work(name, "")))
        start = self.engine.pipeline if in_files else self.engine.grouping_pipeline
        try:
            with self.writing(), self.display.step(name), start(name) as pipeline:
                grouping.grouped(spread(self.out, name, pipeline, elements), shuffle)
        except RuntimeError as error:  # in which Beam's runner puts the text of what was raised
            if not (why := _OF_FILES.findall(str(error))):
                raise
            raise StageError(f"{name}: {why[-1]}\n{KEPT}") from error
        shuffles.drop(shuffle)
        # Elsewhere, asking for it is a request to a service, which shows it anyway.
        grouped = grouped_bytes(pipeline) if self.engine.is_local else 0
        groups.record(self.out, name, key, grouped)


@dataclass(frozen=True)
class Stage:
    """A stage: what it depends on, what it writes, and how it runs; `run` returns its number of parts."""

    name: str
    after: tuple[str, ...]
    settings: Callable[[Run], dict[str, object]]  # by name, as the command says which of them changed
    outputs: tuple[str, ...]  # folders
    run: Callable[[Run], int]
    work: str = (
        ""  # the module of work that is dear: a change of its code is not taken up without being asked
    )
