"""Parts: the unit of work, of output and of resuming.

A stage is a list of items. Working on one writes its files and then, last, its record; a part whose record
stands and has the right key is finished and is not worked on again. So a run that was killed goes on from
the last finished part on any runner, and a runner that works on an item twice does no harm.
"""

import contextlib
import hashlib
import posixpath
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import apache_beam as beam
import orjson

from massivetext.pipeline.runtime.stopping import KEPT
from massivetext.pipeline.runtime.tally import Row, Tally
from massivetext.pipeline.runtime.versions import versions
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.files import Written
from massivetext.pipeline.storage.output import Output


class Item(Protocol):
    """What one part is made from; its `repr` holds everything the result depends on."""

    @property
    def part(self) -> int: ...


Work = Callable[[Any, Output], Tally]
"""Works on one item: writes its files and returns its counts."""


@dataclass(frozen=True)
class Record:
    """A finished part: the files it wrote, what it counted, and what it cost its worker."""

    part: int
    key: str
    files: list[Written]
    rows: list[Row]
    cpu_seconds: float


@dataclass(frozen=True)
class Step:
    """Work on items that have nothing to do with each other: `key` and an item say all that a part depends on."""

    name: str  # `stage`, or `stage/step`
    key: str
    work: Work

    def key_of(self, item: Item) -> str:
        return key_of(self.key, item)


Then = Callable[[Any, "Record"], Iterator[tuple[Step, Any]]]
"""Steps and items that a worker goes on with once it has finished an item."""


class StageError(Exception):
    """Parts of a stage could not be finished; the message names them and what to do."""


def key_of(*things: object) -> str:
    """A fingerprint of things by their `repr`."""
    return hashlib.sha256(repr(things).encode()).hexdigest()[:32]


def read_record(out: str, stage: str, part: int) -> Record | None:
    """The record of a part, or None where the part was never finished."""
    try:
        return _read(posixpath.join(out, layout.record(stage, part)))
    except FileNotFoundError:
        return None


def _read(path: str) -> Record:
    value = orjson.loads(files.read_bytes(path))
    written = [Written(**file) for file in value["files"]]
    return Record(
        value["part"], value["key"], written, [Row(*row) for row in value["rows"]], value["cpu_seconds"]
    )


@dataclass(eq=False)
class WorkOn(beam.DoFn):
    """Works on items; an item that fails leaves its traceback beside the records and harms no other."""

    out: str
    step: Step
    then: Then | None = None
    versions: dict[str, str] = field(default_factory=versions)  # of the command

    def process(self, item: Any) -> Iterator[int]:  # an Item: Beam cannot check protocols
        record = self._finish(self.step, item)
        if record is not None and self.then is not None:
            for step, after in self.then(item, record):
                self._finish(step, after)
        yield item.part

    def _finish(self, step: Step, item: Any) -> Record | None:
        name = layout.record(step.name, item.part)
        try:
            _refuse_other(self.versions)
            output, began = Output(self.out), time.process_time()
            rows = step.work(item, output).rows()
            cost = round(time.process_time() - began, 3)
            record = Record(item.part, step.key_of(item), output.files, rows, cost)
            files.write_bytes(self.out, name, orjson.dumps(record, default=list))
            return record
        except Exception as error:
            with contextlib.suppress(OSError):  # as where nothing can be written at all
                files.write_bytes(self.out, _error(name), _why(error).encode())
            return None


def _refuse_other(wanted: dict[str, str]) -> None:
    """Workers with other versions than the command's would give other bytes under the same keys."""
    here = versions()
    if other := [name for name in wanted if here.get(name) != wanted[name] and name != "python"]:
        raise RuntimeError(
            "this worker has other versions than the command: "
            + ", ".join(f"{name} {here.get(name, 'absent')}, not {wanted[name]}" for name in other)
            + ". Build the workers' image from the command's own source and requirements.lock"
        )


def _why(error: Exception) -> str:
    """What the file system says is wrong, which a person can mend; else the traceback."""
    if isinstance(error, OSError) and error.errno is not None:
        return files.reason(error)
    return traceback.format_exc()


def _error(record: str) -> str:
    return record.removesuffix(".json") + ".error"


def finished_parts(out: str, step: str) -> set[int]:
    """The parts that have a record, by one listing."""
    return {
        layout.part_of(path) for path, _ in files.match(posixpath.join(out, layout.work(step, "part-*.json")))
    }


def unfinished(out: str, step: Step, items: Sequence[Item]) -> list[Item]:
    """The items that still have to be worked on."""
    keys = {record.part: record.key for record in records(out, step.name)}
    return [item for item in items if keys.get(item.part) != step.key_of(item)]


def finished(out: str, stage: str, items: Sequence[Item]) -> list[Record]:
    """The records of all items; raises StageError naming one that failed, and why."""
    standing = {record.part: record for record in records(out, stage)}
    missing = [item for item in items if item.part not in standing]
    if missing:
        raise StageError(
            f"{stage}: {len(missing)} of {len(items)} parts could not be finished. {_told(out, stage, missing)}\n{KEPT}"
        )
    return [standing[item.part] for item in items]


def _told(out: str, stage: str, missing: Sequence[Item]) -> str:
    """What the first item says that could leave its error: where a folder is full, not all can."""
    pattern = posixpath.join(out, layout.work(stage, "part-*.error"))
    errors = {layout.part_of(path): path for path, _ in files.match(pattern)}
    for item in missing:
        if item.part in errors:
            return f"One of them: {item}\n{files.read_bytes(errors[item.part]).decode()}"
    return f"The first: {missing[0]}\nits worker left no error: is the folder full, or not to be written to?"


def records(out: str, step: str) -> Iterator[Record]:
    """The records of all finished parts of a step; `stage/**` means all steps of a stage."""
    found = files.match(posixpath.join(out, layout.work(step, "part-*.json")))
    return files.at_once(out, (partial(_read, path) for path, _ in found))


def rows(out: str, step: str) -> list[Row]:
    """What all finished parts of a step counted."""
    return [row for record in records(out, step) for row in record.rows]
