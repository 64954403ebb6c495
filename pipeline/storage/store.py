"""The interface of object stores. Each call sends one request, and may be repeated."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple, Protocol


class Listed(NamedTuple):
    """An object: its key in the bucket, its size, and a stamp, which is the store's own hash of its content."""

    key: str
    size: int
    stamp: str


class Store(Protocol):
    """The requests to a store. They raise the errors of the store's library."""

    def size(self, bucket: str, key: str) -> int:
        """Returns the size of an object. If there is none, the error has the status 404."""

    def fetch(self, bucket: str, key: str, start: int, end: int) -> bytes:
        """Returns the bytes from `start` to before `end`, at least one."""

    def put(self, bucket: str, key: str, data: bytes) -> None:
        """Write an object by one request."""

    def put_new(self, bucket: str, key: str, data: bytes) -> None:
        """Write an object unless it exists. If it does, the error has the status 409 or 412."""

    def put_large(self, bucket: str, key: str, stream: BinaryIO, size: int) -> None:
        """Write an object in parts, each of which may be repeated. After an error no part is left."""

    def listed(self, bucket: str, prefix: str) -> Iterator[Listed]:
        """Yields the objects whose keys begin with `prefix`."""

    def delete(self, bucket: str, keys: Sequence[str]) -> None:
        """Delete those of these objects that exist."""
