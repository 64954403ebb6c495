"""Which files of a source a part reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from massivetext.pipeline.read.divide import divide
from massivetext.pipeline.storage.origin import Origin

PART_FILES = 1000  # small files share a part


@dataclass(frozen=True)
class Files:
    """The item of a part: some files of one source."""

    part: int
    source: str
    kind: str
    origins: tuple[Origin, ...]


def group(source: str, kind: str, origins: Sequence[Origin], part_bytes: int, first_part: int) -> list[Files]:
    """Neighbouring small files share a part; a large file has one of its own, or several where it can be divided.

    This depends on the files and `part_bytes` alone, so that parts are the same whoever works on them.
    """
    items: list[Files] = []
    taken: list[Origin] = []
    size = 0
    for origin in divide(kind, origins, part_bytes):
        if taken and (size + origin.bytes > part_bytes or len(taken) == PART_FILES):
            items.append(Files(first_part + len(items), source, kind, tuple(taken)))
            taken, size = [], 0
        taken.append(origin)
        size += origin.bytes
    if taken:
        items.append(Files(first_part + len(items), source, kind, tuple(taken)))
    return items
