"""Divides large files into spans for several workers, if the format allows exact spans."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from massivetext.pipeline.read import web_index
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.storage import files
from massivetext.pipeline.storage.origin import Origin, Span

HEAD = 64  # bytes by which the format is recognised
_OPEN_AT_ONCE = 32  # files that are opened at a time, since object stores answer slowly


def divide(kind: str, origins: Sequence[Origin], most: int) -> list[Origin]:
    """Returns the same files in the same order. Files over `most` bytes become spans of equal length, if possible."""
    with ThreadPoolExecutor(_OPEN_AT_ONCE) as threads:
        pieces = threads.map(lambda origin: list(_spans(kind, origin, most)), origins)
        return [piece for each in pieces for piece in each]


def _spans(kind: str, origin: Origin, most: int) -> Iterator[Origin]:
    is_divisible = web_index.is_divisible if origin.records else KINDS[kind].is_divisible
    if origin.work <= most or not is_divisible(_head(origin)):
        yield origin
        return
    count = -(-origin.work // most)
    starts = [origin.bytes * index // count for index in range(count)]
    for start, end in zip(starts, [*starts[1:], origin.bytes], strict=True):
        span = Span(start, None if end == origin.bytes else end)
        yield replace(origin, bytes=end - start, span=span)


def _head(origin: Origin) -> bytes:
    with files.open_ranges(origin.path) as stream:
        return stream.read(HEAD)
