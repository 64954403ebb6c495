"""Works on parts within a Beam pipeline.

This is not in `parts`, because Beam takes seconds to import, and commands that only read parts do not need it.
"""

import contextlib
import posixpath
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import apache_beam as beam

from massivetext.pipeline.plugins.guard import PluginError
from massivetext.pipeline.plugins.use import NONE, Plugins, use
from massivetext.pipeline.runtime.counters import count
from massivetext.pipeline.runtime.doing import now, works_on
from massivetext.pipeline.runtime.for_a_step import begin
from massivetext.pipeline.runtime.lock import Held, TakenOverError
from massivetext.pipeline.runtime.out_of_memory import ADVICE, is_out_of_memory
from massivetext.pipeline.runtime.parts import (
    Record,
    Step,
    Then,
    is_damaged,
    missing,
    read_record,
    write_record,
)
from massivetext.pipeline.runtime.versions import versions
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.storage.sealed import DamagedError

_ONE_AT_A_TIME = threading.Lock()
"""Held while a process works on an item. Flink and Dataflow give a process several bundles at once, each in a thread,
but encoders and searches are kept for the process and change as they work: two threads in one gave wrong tokens."""


@dataclass(eq=False)
class WorkOn(beam.DoFn):
    """Works on items, one at a time in each process. If an item fails, its traceback is written beside the records, and
    the others go on.
    """

    out: str
    step: Step
    then: Then | None = None
    plugins: Plugins = NONE
    holder: Held | None = None  # the command's lock
    versions: dict[str, str] = field(default_factory=versions)  # of the command

    def process(self, item: Any) -> Iterator[int]:  # an Item: Beam cannot check protocols
        """Yields the number of the item's part if it was finished, with all that follows on it."""
        with _ONE_AT_A_TIME:
            begin(self.step.name)
        record = self._finish(self.step, item)
        is_finished = record is not None
        if record is not None and self.then is not None:
            for step, after in self.then(item, record):
                is_finished &= self._finish(step, after) is not None
        if is_finished:
            yield item.part

    def _finish(self, step: Step, item: Any) -> Record | None:
        with _ONE_AT_A_TIME:
            return self._finished(step, item)

    def _finished(self, step: Step, item: Any) -> Record | None:
        name = layout.record(step.name, item.part)
        try:
            refuse_other(self.versions)
            use(self.plugins)
            works_on(_described(step, item))
            record = self._as_it_stands(step, item) or self._made(step, item)
            self._check()
            write_record(self.out, step.name, record)
            count(step.name, record.rows)
            return record
        except TakenOverError:
            raise
        except Exception as error:
            with contextlib.suppress(OSError):  # for example if nothing can be written at all
                files.write_bytes(self.out, _error(name), _why(error).encode())
            return None

    def _check(self) -> None:
        """Raises TakenOverError if another command has taken the lock of the output."""
        if self.holder is not None:
            self.holder.check()

    def _as_it_stands(self, step: Step, item: Any) -> Record | None:
        """Returns the record of a part whose inputs look changed but have the same content; else None."""
        held, key = read_record(self.out, step.name, item.part), step.key(item)
        if held is None or missing(self.out, [held]) or is_damaged(self.out, held):
            return None
        if held.key == key or (held.reads is not None and held.reads == step.reads(item)):
            return replace(held, key=key)
        return None

    def _made(self, step: Step, item: Any) -> Record:
        before = read_record(self.out, step.name, item.part)
        output, began = Output(self.out, self._check), time.process_time()
        reads = step.reads(item)
        rows = step.work(item, output).rows()
        cost = round(time.process_time() - began, 3)
        for path in {each.path for each in (before.files if before else ())} - {
            each.path for each in output.files
        }:
            files.delete(posixpath.join(self.out, path))
        return Record(item.part, step.key(item), reads, output.files, rows, cost)


def _described(step: Step, item: Any) -> str:
    """Describes a part for people: its number, and the files that it reads, if any."""
    names = [origin.name for origin in getattr(item, "origins", ())]
    read = f" ({names[0]}{f' and {len(names) - 1:,} more files' if names[1:] else ''})" if names else ""
    return f"{step.name}, part {item.part:08x}{read}"


def refuse_other(wanted: dict[str, str]) -> None:
    """Raises RuntimeError if this worker's versions differ from the command's: it would write other bytes for the same
    key."""
    here = versions()
    if other := [name for name in wanted if here.get(name) != wanted[name] and name != "python"]:
        raise RuntimeError(
            "this worker has other versions than the command: "
            + ", ".join(f"{name} {here.get(name, 'absent')}, not {wanted[name]}" for name in other)
            + ". Build the workers' image from the command's own source and requirements.lock"
        )


def _why(error: Exception) -> str:
    """Returns the message of an error that a person can mend, such as one of the file system; else the traceback."""
    if isinstance(error, DamagedError | PluginError):
        return str(error)
    if is_out_of_memory(error):
        where = ", ".join(each for each in (now(), str(error)) if each)
        return f"out of memory in {where}: {ADVICE}"
    if isinstance(error, OSError) and error.errno is not None:
        return files.reason(error)
    return traceback.format_exc()


def _error(record: str) -> str:
    return record.removesuffix(".json") + ".error"
