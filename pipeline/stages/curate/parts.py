"""Divides the files of a source into parts, and numbers the parts.

Both depend on nothing but the names and sizes of the files, so one more file adds a part or changes a few.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from massivetext.pipeline.read.divide import divide
from massivetext.pipeline.storage.origin import Origin

PART_FILES = 1000  # the most files of a part
LEAST_BYTES = 4 << 20  # of a part, if `part_bytes` allows it
CORES = 32  # the cores that a large source should keep busy


@dataclass(frozen=True)
class Files:
    """The item of a step: a part, with some files of one source."""

    part: int
    source: str
    kind: str
    origins: tuple[Origin, ...]


def parts(sources: Iterable[tuple[str, str, Sequence[Origin]]], part_bytes: int) -> list[Files]:
    """Returns the parts of all sources. `sources` has the name, kind and files of each."""
    taken: set[int] = set()
    found = []
    for source, kind, origins in sources:
        size = bytes_of_parts(sum(origin.work for origin in origins), part_bytes)
        for each in group(divide(kind, origins, size), size):
            number = _hash(f"{source}\0{each[0].name}\0{each[0].span.start}") >> 33
            while number in taken:  # among a million names, two may share a number
                number += 1
            taken.add(number)
            found.append(Files(number, source, kind, each))
    return found


def bytes_of_parts(total: int, most: int) -> int:
    """Returns how many bytes a part of a source has. It depends on the bytes of the source alone, not on the machine.

    The result is a power of two until it reaches `most`. So a source that grows is divided differently only when its
    size has doubled, and by default not at all beyond 2 GiB.
    """
    share = max(LEAST_BYTES, total // CORES)
    return int(min(most, 1 << (share.bit_length() - 1)))


def group(origins: Sequence[Origin], part_bytes: int) -> list[tuple[Origin, ...]]:
    """Groups files into parts: neighbouring small files share a part, a large file has its own.

    A part ends when it is full, or at a file whose name has a low hash. Such a file ends its part whatever comes before
    it. So an added or deleted file changes only the parts up to the next such file.
    """
    found: list[tuple[Origin, ...]] = []
    taken: list[Origin] = []
    size = 0
    for origin in origins:
        if taken and (size + origin.work > part_bytes or len(taken) == PART_FILES):
            found.append(tuple(taken))
            taken, size = [], 0
        taken.append(origin)
        size += origin.work
        if _hash(origin.name) < 2**65 * origin.work // part_bytes:
            found.append(tuple(taken))
            taken, size = [], 0
    return [*found, tuple(taken)] if taken else found


def _hash(name: str) -> int:
    digest = blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
