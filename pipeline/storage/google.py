"""Requests to Google Cloud Storage, by Google's client."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, BinaryIO

from massivetext.pipeline.storage.retries import CutOffError, retried, status
from massivetext.pipeline.storage.store import Listed

PART = 16 << 20  # bytes of a request of a large object: a multiple of 256 KiB
_PAGE = 1000


class Google:
    """A store by Google's client. The client's own retries are not used, since they ignore answers that break off."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def _blob(self, bucket: str, key: str) -> Any:
        return self._client.bucket(bucket).blob(key)

    def size(self, bucket: str, key: str) -> int:
        blob = self._blob(bucket, key)
        blob.reload(retry=None)
        return int(blob.size)

    def fetch(self, bucket: str, key: str, start: int, end: int) -> bytes:
        data: bytes = self._blob(bucket, key).download_as_bytes(
            start=start, end=end - 1, raw_download=True, checksum=None, retry=None
        )
        if len(data) != end - start:
            raise CutOffError(f"{len(data)} of {end - start} bytes came")
        return data

    def put(self, bucket: str, key: str, data: bytes) -> None:
        self._blob(bucket, key).upload_from_string(data, "application/octet-stream", retry=None)

    def put_new(self, bucket: str, key: str, data: bytes) -> None:
        self._blob(bucket, key).upload_from_string(data, if_generation_match=0, retry=None)

    def put_large(self, bucket: str, key: str, stream: BinaryIO, size: int) -> None:
        """Upload in one session. The store drops a session that is never finished."""
        blob = self._blob(bucket, key)
        blob.chunk_size = PART

        def send() -> None:
            stream.seek(0)
            blob.upload_from_file(stream, size=size, content_type="application/octet-stream")

        retried(key, send)

    def listed(self, bucket: str, prefix: str) -> Iterator[Listed]:
        token: str | None = ""
        while token is not None:
            page, token = retried(prefix, partial(self._page, bucket, prefix, token))
            yield from page

    def _page(self, bucket: str, prefix: str, token: str) -> tuple[list[Listed], str | None]:
        pages = self._client.list_blobs(
            bucket, prefix=prefix, page_token=token or None, page_size=_PAGE, retry=None
        )
        found = next(pages.pages, ())
        return [Listed(blob.name, int(blob.size), _stamp(blob)) for blob in found], pages.next_page_token

    def delete(self, bucket: str, keys: Sequence[str]) -> None:
        for key in keys:
            retried(key, partial(self._delete, bucket, key))

    def _delete(self, bucket: str, key: str) -> None:
        try:
            self._blob(bucket, key).delete(retry=None)
        except Exception as error:
            if status(error) != 404:
                raise


def _stamp(blob: Any) -> str:
    """Returns the hash of an object's content, or its generation if it was composed of others and has no hash."""
    return str(blob.md5_hash or f"{blob.generation}-{blob.crc32c}")
