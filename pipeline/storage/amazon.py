"""Requests to Amazon's S3, and to stores with the same interface, by boto3."""

import contextlib
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, BinaryIO

from massivetext.pipeline.storage.retries import CutOffError, retried, status
from massivetext.pipeline.storage.store import Listed

PART = 16 << 20  # bytes of a part of a large object; more if it would have more than 10,000 parts
_MOST_PARTS = 10_000
_KEYS = 1000  # the most objects that one request deletes


class Amazon:
    """A store by boto3's client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def size(self, bucket: str, key: str) -> int:
        return int(self._client.head_object(Bucket=bucket, Key=key)["ContentLength"])

    def fetch(self, bucket: str, key: str, start: int, end: int) -> bytes:
        answer = self._client.get_object(Bucket=bucket, Key=key, Range=f"bytes={start}-{end - 1}")
        with contextlib.closing(answer["Body"]) as body:
            data: bytes = body.read()
        if len(data) != end - start:
            raise CutOffError(f"{len(data)} of {end - start} bytes came")
        return data

    def put(self, bucket: str, key: str, data: bytes) -> None:
        self._client.put_object(Bucket=bucket, Key=key, Body=data)

    def put_new(self, bucket: str, key: str, data: bytes) -> None:
        self._client.put_object(Bucket=bucket, Key=key, Body=data, IfNoneMatch="*")

    def put_large(self, bucket: str, key: str, stream: BinaryIO, size: int) -> None:
        begun = retried(key, lambda: self._client.create_multipart_upload(Bucket=bucket, Key=key))
        upload = {"Bucket": bucket, "Key": key, "UploadId": begun["UploadId"]}
        try:
            self._send(upload, stream, max(PART, -(-size // _MOST_PARTS)))
        except BaseException:
            with contextlib.suppress(Exception):  # the error that stopped the upload is raised, not this one
                retried(key, lambda: self._client.abort_multipart_upload(**upload))
            raise

    def _send(self, upload: dict[str, str], stream: BinaryIO, size: int) -> None:
        parts: list[dict[str, object]] = []
        while data := stream.read(size):
            number = len(parts) + 1
            sent = retried(
                f"{upload['Key']} {number}",
                partial(self._client.upload_part, **upload, PartNumber=number, Body=data),
            )
            parts.append({"ETag": sent["ETag"], "PartNumber": number})
        try:
            retried(
                upload["Key"],
                lambda: self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts}),
            )
        except Exception as error:
            if status(error) != 404 or not self._is_there(upload, stream.tell()):
                raise  # else the object was written, and only the answer was lost

    def _is_there(self, upload: dict[str, str], size: int) -> bool:
        with contextlib.suppress(Exception):
            return retried(upload["Key"], lambda: self.size(upload["Bucket"], upload["Key"])) == size
        return False

    def listed(self, bucket: str, prefix: str) -> Iterator[Listed]:
        asked = {"Bucket": bucket, "Prefix": prefix}
        while True:
            page = retried(prefix, lambda: self._client.list_objects_v2(**asked))
            for one in page.get("Contents", ()):
                yield Listed(one["Key"], one["Size"], one["ETag"].strip('"'))
            if not page.get("IsTruncated"):
                return
            asked["ContinuationToken"] = page["NextContinuationToken"]

    def delete(self, bucket: str, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), _KEYS):
            wanted = {"Objects": [{"Key": key} for key in keys[start : start + _KEYS]], "Quiet": True}
            retried(keys[start], partial(self._delete, bucket, wanted))

    def _delete(self, bucket: str, wanted: dict[str, object]) -> None:
        failed = self._client.delete_objects(Bucket=bucket, Delete=wanted).get("Errors", ())
        for each in failed:
            raise OSError(f"{each['Key']}: {each['Code']}: {each['Message']}")
