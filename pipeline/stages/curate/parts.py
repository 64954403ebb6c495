"""Which files of a source a part reads, and the number it goes by.

Both follow from the files' names and sizes, so that one more file makes one more part, or changes one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from massivetext.pipeline.read.divide import divide
from massivetext.pipeline.storage.origin import Origin

PART_FILES = 1000  # small files share a part
LEAST_BYTES = 4 << 20  # of a part, where the configuration allows as many
CORES = 32  # that a source of any size should keep busy


@dataclass(frozen=True)
class Files:
    """The item of a part: some files of one source."""

    part: int
    source: str
    kind: str
    origins: tuple[Origin, ...]


def parts(sources: Iterable[tuple[str, str, Sequence[Origin]]], part_bytes: int) -> list[Files]:
    """The parts of all sources: names, kinds and files."""
    taken: set[int] = set()
    found = []
    for source, kind, origins in sources:
        size = bytes_of_parts(sum(origin.work for origin in origins), part_bytes)
        for each in group(divide(kind, origins, size), size):
            number = _hash(f"{source}\0{each[0].name}\0{each[0].span.start}") >> 33
            while number in taken:  # two of a million names share a number now and then
                number += 1
            taken.add(number)
            found.append(Files(number, source, kind, each))
    return found


def bytes_of_parts(total: int, most: int) -> int:
    """How many bytes a part of a source takes: by the bytes of the source alone, so the same on every machine.

    It is a power of two until it reaches `most`: a source that grows is divided anew only when it has doubled, and by
    default never again beyond 2 GiB.
    """
    share = max(LEAST_BYTES, total // CORES)
    return int(min(most, 1 << (share.bit_length() - 1)))


def group(origins: Sequence[Origin], part_bytes: int) -> list[tuple[Origin, ...]]:
    """Neighbouring small files share a part; a large file has one of its own.

    A part ends where it is full, or at a file that ends parts by a hash of its name, whatever stands before it: then
    a file more or less changes the parts up to the next such file, and none behind.
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
