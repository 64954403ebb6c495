"""Runs pipelines. Each works through one step or several; the next step begins when the last has ended.

A service takes minutes to start a pipeline, so steps share one wherever they can: steps of a stage, and what the next
stage begins with. Each step has its own records, so that a run that was killed goes on with the steps that are not
finished.
"""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

from massivetext.pipeline.plugins.use import Plugins
from massivetext.pipeline.runtime import groups
from massivetext.pipeline.runtime import shuffle as shuffles
from massivetext.pipeline.runtime.counters import grouped_bytes
from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.graph import Graph
from massivetext.pipeline.runtime.keys import key_of
from massivetext.pipeline.runtime.lock import Held
from massivetext.pipeline.runtime.out_of_memory import ADVICE, is_out_of_memory
from massivetext.pipeline.runtime.parts import StageError, finished
from massivetext.pipeline.runtime.progress import Display
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.runtime.steps import AStep, Grouped, Planned, Worked, ended
from massivetext.pipeline.runtime.stopping import KEPT
from massivetext.pipeline.storage import files, layout

_OF_FILES = re.compile(r"\[Errno \d+\] ([^\[\n]*)")
_OF_STORES = re.compile(r"StoreError: ([^\n]*)")
_HELD_BYTES = 64 << 20  # bytes that are grouped in the command's own memory, if one machine does the work


@dataclass(frozen=True)
class Where:
    """The surroundings of steps: the output, the engine, the display, the plugins of workers, and the output's lock."""

    out: str
    engine: Engine
    display: Display
    plugins: Plugins
    holder: Held | None


def run_in_one(where: Where, name: str, steps: Sequence[AStep]) -> None:
    """Work through steps, one after the other. Finished parts stay as they are.

    Raises StageError for what Beam says of the file system or of an object store. Whether all parts are finished is
    asked for afterwards.
    """
    in_files = {step.name for step in steps if isinstance(step, Grouped) and _is_large(where, step)}
    on_workers = in_files or any(isinstance(step, Worked | Planned) for step in steps)
    pipeline = (where.engine.pipeline if on_workers else where.engine.grouping_pipeline)(name)
    used = [_shuffle(where, step, step.name in in_files) for step in steps]
    try:
        with where.display.steps(where.out, name, steps), pipeline:
            Graph(where.out, where.plugins, where.holder).build(pipeline, steps, used)
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
    for step, shuffle in zip(ended(where.out, steps), used, strict=False):
        if isinstance(step, Grouped):
            shuffles.drop(shuffle)
            groups.record(where.out, step.name, step.key, grouped)
            grouped = 0  # the bytes of a pipeline are recorded with its first grouping


def _is_large(where: Where, step: Grouped) -> bool:
    return where.engine.is_local and step.size > _HELD_BYTES


def _shuffle(where: Where, step: AStep, in_files: bool) -> Shuffle:
    if not isinstance(step, Grouped):
        return Shuffle()
    if in_files:
        listed = (
            step.elements if isinstance(step.elements, Sequence) else ()
        )  # the key holds what they are made from
        key = key_of(step.key, vars(step.grouping), listed)
        return shuffles.on_this_machine(where.out, step.name, key)
    files.delete_tree(posixpath.join(where.out, layout.work(step.name, "")))
    return Shuffle()
