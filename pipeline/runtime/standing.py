"""Checks that the files of a finished stage are still there: every file that its records name, with its size.

Large files have checksums, which their readers check. Small files without checksums, which are read whole, are hashed
here: the tokenizer, and those that the command itself wrote.
"""

import posixpath
from collections.abc import Iterator
from functools import partial

from massivetext.pipeline.runtime import groups, parts
from massivetext.pipeline.runtime.manifest import Finished
from massivetext.pipeline.storage import files, layout, sealed
from massivetext.pipeline.storage.files import Written
from massivetext.pipeline.storage.sealed import DamagedError


def lost(out: str, stage: str, finished: Finished) -> Iterator[str]:
    """Yields the files of a finished stage that are missing or have another size, and records that are damaged."""
    found = files.match(posixpath.join(out, layout.work(stage, "**/part-*.json")))
    records = []
    for path, record in zip(
        found, files.at_once(out, (partial(_whole, path) for path, _ in found)), strict=True
    ):
        if record is None:
            yield path[0][len(out) :].lstrip("/")
        else:
            records.append(record)
    yield from sorted(parts.missing(out, records))
    if len(records) < finished.records:
        yield f"{finished.records - len(records)} records of parts in {layout.work(stage, '')}"
    small = [
        *finished.files,
        *(each for record in records for each in record.files if layout.is_read_whole(each.path)),
    ]
    sizes = files.sizes(out, [written.path for written in small])
    whole = {each.path for each in small if sizes.get(each.path) == each.bytes and _is_whole(out, each)}
    yield from sorted({each.path for each in small} - whole)
    for step in finished.groups:
        if not groups.is_whole(out, step):
            yield layout.work(step, "")


def _is_whole(out: str, written: Written) -> bool:
    return files.sha256(posixpath.join(out, written.path)) == written.sha256


def _whole(path: str) -> parts.Record | None:
    try:
        return parts.record_of(sealed.read(path))
    except (DamagedError, FileNotFoundError):
        return None
