"""Records of groupings: the key that a grouping depends on, and the files that it wrote."""

import contextlib
import posixpath
from collections.abc import Container, Iterator
from dataclasses import dataclass

from massivetext.pipeline.storage import files, layout, sealed
from massivetext.pipeline.storage.sealed import DamagedError


@dataclass(frozen=True)
class Grouped:
    """A finished grouping: its key, the bytes that were grouped, and the sizes of its files, which hold their own
    hashes (see pipeline.storage.arrays)."""

    key: str
    grouped: int
    files: dict[str, int]


def _path(step: str) -> str:
    stage, _, name = step.partition("/")
    return layout.work(stage, f"{name}.group")


def record(out: str, step: str, key: str, grouped: int) -> None:
    """Write the record of a finished grouping."""
    found = files.match(posixpath.join(out, layout.work(step, "*")))
    left = {layout.work(step, posixpath.basename(path)): size for path, size in found}
    sealed.write(out, _path(step), vars(Grouped(key, grouped, left)))


def read(out: str, step: str) -> Grouped | None:
    """Returns the record of a grouping, or None if it was never finished or its record is damaged."""
    with contextlib.suppress(FileNotFoundError, DamagedError):
        return Grouped(**sealed.read(posixpath.join(out, _path(step))))
    return None


def stands(out: str, step: str, key: str) -> bool:
    """Whether a grouping with this key is finished, and all its files are there."""
    found = read(out, step)
    return found is not None and found.key == key and is_whole(out, step)


def is_whole(out: str, step: str) -> bool:
    """Whether a grouping has a record, and all its files are there."""
    found = read(out, step)
    return found is not None and files.sizes(out, found.files) == found.files


def steps(out: str, stage: str) -> Iterator[str]:
    """Yields the groupings of a stage that have a record."""
    for path, _ in files.match(posixpath.join(out, layout.work(stage, "*.group"))):
        yield f"{stage}/{posixpath.basename(path).removesuffix('.group')}"


def drop_others(out: str, stage: str, done: Container[str]) -> None:
    """Delete the files of groupings that are no longer part of the stage."""
    for step in steps(out, stage):
        if step not in done:
            files.delete_tree(posixpath.join(out, layout.work(step, "")))
            files.delete(posixpath.join(out, _path(step)))
