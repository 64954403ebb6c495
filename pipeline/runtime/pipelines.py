"""Runs pipelines. Each works through one step or several; the next step begins when the last has ended.

A service takes minutes to start a pipeline, so steps that need only the files of earlier steps share one. Each step has
its own records, so that a run that was killed goes on with the steps that are not finished.
"""

import contextlib
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection
from apache_beam.transforms.combiners import Count

from massivetext.pipeline.plugins.use import Plugins
from massivetext.pipeline.runtime import groups
from massivetext.pipeline.runtime import shuffle as shuffles
from massivetext.pipeline.runtime.counters import grouped_bytes
from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.keys import key_of
from massivetext.pipeline.runtime.lock import Held
from massivetext.pipeline.runtime.out_of_memory import ADVICE, is_out_of_memory
from massivetext.pipeline.runtime.parts import StageError, finished, unfinished
from massivetext.pipeline.runtime.progress import Display
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.runtime.spread import spread
from massivetext.pipeline.runtime.steps import Grouped, Worked, is_to_do
from massivetext.pipeline.runtime.stopping import KEPT
from massivetext.pipeline.runtime.work_on import WorkOn
from massivetext.pipeline.storage import files, layout

_OF_FILES = re.compile(r"\[Errno \d+\] ([^\[\n]*)")
_OF_STORES = re.compile(r"StoreError: ([^\n]*)")
_HELD_BYTES = 64 << 20  # bytes that are grouped in the command's own memory, if one machine does the work

AStep = Worked | Grouped


@dataclass(frozen=True)
class Where:
    """The surroundings of steps: the output, the engine, the display, the plugins of workers, and the output's lock."""

    out: str
    engine: Engine
    display: Display
    plugins: Plugins
    holder: Held | None


def run_in_one(where: Where, name: str, steps: Sequence[AStep]) -> None:
    """Work through steps, one after the other. Finished parts and groupings stay as they are.

    Raises StageError for what Beam says of the file system or of an object store. Whether all parts are finished is
    asked for afterwards.
    """
    rest = [step for step in steps if is_to_do(where.out, step)]
    in_files = {step.name for step in rest if isinstance(step, Grouped) and _is_large(where, step)}
    on_workers = in_files or any(isinstance(step, Worked) for step in rest)
    pipeline = (where.engine.pipeline if on_workers else where.engine.grouping_pipeline)(name)
    used: list[Shuffle] = []
    try:
        with _shown(where, name, rest), pipeline:
            before: PCollection[Any] | None = None
            for step in rest:
                shuffle = _shuffle(where, step, step.name in in_files)
                used.append(shuffle)
                before = pipeline | step.name >> _Applied(where, step, shuffle, before)
    except RuntimeError as error:  # Beam's runner raises this with the text of the original error
        if why := _OF_STORES.findall(str(error)):
            raise StageError(f"{name}: {why[-1]}\n{KEPT}") from error
        if is_out_of_memory(error):
            raise StageError(f"{name}: out of memory: {ADVICE}\n{KEPT}") from error
        for step in steps:
            if isinstance(step, Worked):
                finished(where.out, step.step, step.items)
        if not (why := _OF_FILES.findall(str(error))):
            raise
        raise StageError(f"{name}: {why[-1]}\n{KEPT}") from error
    # Elsewhere, this would be a request to the service, which shows the figure anyway.
    grouped = grouped_bytes(pipeline) if where.engine.is_local else 0
    for step, shuffle in zip(rest, used, strict=True):
        if isinstance(step, Grouped):
            shuffles.drop(shuffle)
            groups.record(where.out, step.name, step.key, grouped)
            grouped = 0  # the bytes of a pipeline are recorded with its first grouping


def _is_large(where: Where, step: Grouped) -> bool:
    return where.engine.is_local and step.size > _HELD_BYTES


def _shuffle(where: Where, step: AStep, in_files: bool) -> Shuffle:
    if isinstance(step, Worked):
        return Shuffle()
    if in_files:
        key = key_of(step.key, vars(step.grouping), step.elements)
        return shuffles.on_this_machine(where.out, step.name, key)
    files.delete_tree(posixpath.join(where.out, layout.work(step.name, "")))
    return Shuffle()


@contextlib.contextmanager
def _shown(where: Where, name: str, steps: Sequence[AStep]) -> Iterator[None]:
    """Show the progress of a pipeline by the parts of its last step that has any."""
    worked = [step for step in steps if isinstance(step, Worked)]
    if not worked:
        with where.display.step(name):
            yield
        return
    last = worked[-1]
    with where.display.parts(where.out, last.step, last.items, last.size, last.then):
        yield


class _Applied(beam.PTransform[Any, Any]):
    """Applies a step, which begins once `before` has ended."""

    def __init__(self, where: Where, step: AStep, shuffle: Shuffle, before: PCollection[Any] | None) -> None:
        super().__init__()
        self._where, self._step, self._shuffle, self._before = where, step, shuffle, before

    def expand(self, begin: Any) -> PCollection[Any]:
        where, step = self._where, self._step
        if isinstance(step, Grouped):
            elements = spread(where.out, step.name, begin, step.elements)
            return step.grouping.grouped(self._waiting(elements), self._shuffle)
        rest = unfinished(where.out, step.step, step.items)
        rest.sort(
            key=step.size, reverse=True
        )  # large items first, so that no worker is left with one at the end
        worker = WorkOn(where.out, step.step, step.then, where.plugins, where.holder)
        done: PCollection[Any] = self._waiting(
            spread(where.out, step.name, begin, rest)
        ) | "Work" >> beam.ParDo(worker)
        return done

    def _waiting(self, elements: PCollection[Any]) -> PCollection[Any]:
        if self._before is None:
            return elements
        ended = self._before | "Ended" >> Count.Globally()
        waiting: PCollection[Any] = elements | "Wait" >> beam.Map(_after, AsSingleton(ended))
        return waiting


def _after(element: Any, _ended: int) -> Any:
    return element
