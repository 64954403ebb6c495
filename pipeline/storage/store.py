"""What each object store can do: one request a call, which may be made again."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple, Protocol


class Listed(NamedTuple):
    """An object: its key within the bucket, its size, and a stamp, which is the store's own hash of its content."""

    key: str
    size: int
    stamp: str


class Store(Protocol):
    """A store's requests. They raise what the store's library raises."""

    def size(self, bucket: str, key: str) -> int:
        """The size of an object; an error of status 404 where there is none."""

    def fetch(self, bucket: str, key: str, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end`, of which there is one at least."""

    def put(self, bucket: str, key: str, data: bytes) -> None:
        """Write an object at once."""

    def put_new(self, bucket: str, key: str, data: bytes) -> None:
        """Write an object unless there is one: then an error of status 409 or 412."""

    def put_large(self, bucket: str, key: str, stream: BinaryIO, size: int) -> None:
        """Write an object in parts, each of which is tried again; after an error no part is left."""

    def listed(self, bucket: str, prefix: str) -> Iterator[Listed]:
        """The objects whose keys begin with `prefix`."""

    def delete(self, bucket: str, keys: Sequence[str]) -> None:
        """Delete objects; those that are not there are no error."""
