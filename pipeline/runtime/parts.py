"""Parts: the unit of work, of output and of resuming.

A step is a list of items. The work on an item writes its files and then, last, its record: that is a part. A part is
finished if its record has the right key and its files are there; then no worker works on it again. So a run that was
killed goes on from the last finished part on any runner, and a runner that works on an item twice does no harm.
"""

import contextlib
import hashlib
import posixpath
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

import orjson

from massivetext.pipeline.runtime.keys import code_of, key_of
from massivetext.pipeline.runtime.stopping import KEPT
from massivetext.pipeline.runtime.tally import Row, Tally
from massivetext.pipeline.storage import files, layout, sealed
from massivetext.pipeline.storage.files import Written
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.storage.sealed import DamagedError


class Item(Protocol):
    """The input of one part. Its fields are all that the result depends on."""

    @property
    def part(self) -> int: ...


AnItem = TypeVar("AnItem", bound=Item)


class Work(Protocol):
    """Works on one item: writes its files and returns its counts. Results depend on nothing but its fields and the
    item.

    It may have two more methods. `settings(item)` returns those of its fields that matter to one item. `reads(item)`
    returns fingerprints of what the item's inputs hold, such as their hashes; then an input that looks changed but is
    not costs one reading of it, and no work.
    """

    def __call__(self, item: Any, output: Output, /) -> Tally: ...


_ROOM = 64 << 10  # bytes; with fewer left, an error cannot be written


@dataclass(frozen=True)
class Record:
    """A finished part: the files it wrote, what it counted, and what it cost its worker."""

    part: int
    key: str
    reads: str | None  # a key made from the contents of the inputs, not from their sizes and times
    files: list[Written]
    rows: list[Row]
    cpu_seconds: float


@dataclass(frozen=True)
class Step:
    """Work on independent items. `after` has digests of what every item depends on."""

    name: str  # `stage`, or `stage/step`
    work: Work
    after: tuple[str, ...] = ()
    code: str = ""

    @classmethod
    def of(cls, name: str, work: Work, after: Sequence[str] = ()) -> "Step":
        """Returns a step. Its code is that of the module of the work and of all that it imports."""
        return cls(name, work, tuple(after), code_of(work.__module__))

    def key(self, item: Item) -> str:
        """Returns the key of an item's part: what the part depends on, as far as it is known without reading inputs."""
        return key_of(self.name, self.code, self._settings(item), item, self.after)

    def reads(self, item: Item) -> str | None:
        """Returns the key by the content of the item's inputs; None if the work has no `reads`."""
        told = getattr(self.work, "reads", None)
        return None if told is None else key_of(self.name, self.code, self._settings(item), told(item))

    def _settings(self, item: Item) -> object:
        told = getattr(self.work, "settings", None)
        return self.work if told is None else told(item)


Then = Callable[[Any, Record], Iterator[tuple[Step, Any]]]
"""Returns the steps and items with which a worker goes on after it has finished an item."""


class StageError(Exception):
    """Parts of a stage could not be finished. The message names one and says what to do."""


def read_record(out: str, step: str, part: int) -> Record | None:
    """Returns the record of a part, or None if the part was never finished or its record is damaged."""
    try:
        return _read(posixpath.join(out, layout.record(step, part)))
    except (FileNotFoundError, DamagedError):
        return None


def write_record(out: str, step: str, record: Record) -> None:
    """Write the record of a part whose files are written."""
    sealed.write(out, layout.record(step, record.part), vars(record))


def _read(path: str) -> Record:
    return record_of(sealed.read(path))


def record_of(value: dict[str, Any]) -> Record:
    """Returns a record from the content of its file."""
    written = [Written(**file) for file in value["files"]]
    rows = [Row(*row) for row in value["rows"]]
    return Record(value["part"], value["key"], value["reads"], written, rows, value["cpu_seconds"])


def _read_whole(path: str) -> Record | None:
    with contextlib.suppress(FileNotFoundError, DamagedError):
        return _read(path)
    return None


def finished_parts(out: str, step: str) -> set[int]:
    """Returns the numbers of the parts that have a record, by one listing."""
    return {
        layout.part_of(path) for path, _ in files.match(posixpath.join(out, layout.work(step, "part-*.json")))
    }


def standing(out: str, step: Step, items: Sequence[Item]) -> dict[int, Record]:
    """Returns the records of finished parts: they have the keys of the items, and all their files are there."""
    keys = {item.part: step.key(item) for item in items}
    same = [record for record in whole_records(out, step.name) if keys.get(record.part) == record.key]
    lost = missing(out, same)
    return {
        record.part: record for record in same if not any(written.path in lost for written in record.files)
    }


def unfinished(out: str, step: Step, items: Sequence[AnItem]) -> list[AnItem]:
    """The items that still have to be worked on; those too whose files without checksums have other bytes."""
    whole = standing(out, step, items)
    return [item for item in items if item.part not in whole or is_damaged(out, whole[item.part])]


def is_damaged(out: str, record: Record) -> bool:
    """Whether a work file, or the tokenizer, that carries no checksums has other bytes than its part wrote."""
    unchecked = [
        each
        for each in record.files
        if (layout.is_work(each.path) and not layout.has_checksums(each.path))
        or layout.is_read_whole(each.path)
    ]
    return any(files.sha256(posixpath.join(out, each.path)) != each.sha256 for each in unchecked)


def missing(out: str, of: Sequence[Record]) -> set[str]:
    """Returns the files of some records that are missing, or have another size."""
    written = [each for record in of for each in record.files]
    sizes = files.sizes(out, [each.path for each in written])
    return {each.path for each in written if sizes.get(each.path) != each.bytes}


def finished(out: str, step: Step, items: Sequence[Item]) -> list[Record]:
    """Returns the records of all items. Raises StageError, which names an item that failed, and why."""
    whole = standing(out, step, items)
    if rest := [item for item in items if item.part not in whole]:
        raise StageError(
            f"{step.name}: {len(rest)} of {len(items)} parts could not be finished. {_told(out, step.name, rest)}\n"
            f"{KEPT}"
        )
    return [whole[item.part] for item in items]


def drop(out: str, step: str, but: Sequence[Item] = ()) -> None:
    """Delete the parts of a step, except those of the items in `but`."""
    for part in finished_parts(out, step) - {item.part for item in but}:
        record = read_record(out, step, part)
        for written in record.files if record else ():
            files.delete(posixpath.join(out, written.path))
        files.delete(posixpath.join(out, layout.record(step, part)))


def steps(out: str, stage: str) -> set[str]:
    """Returns the steps of a stage that have records of parts."""
    found = files.match(posixpath.join(out, layout.work(stage, "**/part-*.json")))
    root = posixpath.join(out, layout.WORK, "")
    return {posixpath.dirname(path)[len(root) :] for path, _ in found}


def digest(of: Iterable[Record], more: Iterable[Written] = ()) -> str:
    """Returns a fingerprint of the files and figures of parts, and of `more` files."""
    written, counted = list(more), list[str]()
    for record in of:
        written += record.files
        # As JSON, since a part of 64 MB has hundreds of figures.
        figures = orjson.dumps([tuple(row) for row in sorted(record.rows)])
        counted.append(hashlib.sha256(figures).hexdigest())
    return key_of(sorted((each.path, each.sha256) for each in written), sorted(counted))


def _told(out: str, stage: str, missing: Sequence[Item]) -> str:
    """Returns the error of the first item that has written one. If the folder is full, some cannot write theirs."""
    pattern = posixpath.join(out, layout.work(stage, "part-*.error"))
    errors = {layout.part_of(path): path for path, _ in files.match(pattern)}
    for item in missing:
        if item.part in errors:
            return f"One of them: {item}\n{files.read_bytes(errors[item.part]).decode()}"
    return f"The first: {missing[0]}\nits worker left no error: {_why_none(out)}"


def _why_none(out: str) -> str:
    """Returns why a worker could not even write its error."""
    if not files.is_remote(out) and shutil.disk_usage(out).free < _ROOM:
        return "No space left on device"
    return "is the folder full, or not to be written to?"


def records(out: str, step: str) -> Iterator[Record]:
    """Yields the records of all finished parts of a step. `stage/**` means all steps of a stage."""
    found = files.match(posixpath.join(out, layout.work(step, "part-*.json")))
    return files.at_once(out, (partial(_read, path) for path, _ in found))


def whole_records(out: str, step: str) -> Iterator[Record]:
    """Yields those of the records that are not damaged."""
    found = files.match(posixpath.join(out, layout.work(step, "part-*.json")))
    read = files.at_once(out, (partial(_read_whole, path) for path, _ in found))
    return (record for record in read if record is not None)


def rows(out: str, step: str) -> list[Row]:
    """Yields the figures of all finished parts of a step."""
    return [row for record in records(out, step) for row in record.rows]
