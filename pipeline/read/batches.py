"""Turns the records of any reader into Arrow batches, with their ids and origins."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa

from massivetext.pipeline.read import kept_columns
from massivetext.pipeline.read.identity import identity
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.record import EMPTY_FILE, Failure, Found, Input, Record, Skipped
from massivetext.pipeline.read.sample import Taken
from massivetext.pipeline.read.settings import PAGES, Columns, Limits, Pages
from massivetext.pipeline.storage import files
from massivetext.pipeline.storage.object_store import StoreError
from massivetext.pipeline.storage.origin import WHOLE, Origin
from massivetext.schemas.document import DOCUMENT
from massivetext.schemas.failure import FAILURE

BATCH_DOCUMENTS = 1000
OF_RECORD = [name for name in DOCUMENT.names if name in Record._fields]
BATCH_BYTES = 4 << 20  # of text; a longer document is a batch by itself


class Reading(NamedTuple):
    """Documents and failures (FAILURE) in the order they were read; either may be empty.

    `documents` has the columns of DOCUMENT, then those that the source keeps from its records. `skipped` has records
    that hold no document, by kind: their number, and their bytes in the file.
    """

    documents: pa.RecordBatch
    failures: pa.RecordBatch
    skipped: Mapping[str, tuple[int, int]]


def read(
    source: str,
    kind: str,
    origins: Sequence[Origin],
    limits: Limits,
    columns: Columns,
    pages: Pages = PAGES,
) -> Iterator[Reading]:
    """Yields the documents of some files of one source, in batches."""
    batch = _Batch(source, columns)
    opened = files.open_all([origin.path for origin in origins])
    for origin, stream in zip(origins, opened, strict=True):
        is_taken = Taken(source, origin)
        for record in _records(kind, origin, stream, limits, columns, pages, is_taken):
            if isinstance(record, Skipped):
                batch.skip(record)
                continue
            if not is_taken(record.offset):
                continue
            text = b"" if isinstance(record, Failure) else record.text.encode()
            if batch.is_full(len(text)):
                yield batch.reading()
                batch = _Batch(source, columns)
            if isinstance(record, Failure):
                batch.fail(origin, record)
            else:
                batch.add(origin, record, text)
    yield batch.reading()


def batch_of(source: str, name: str, records: Sequence[Record], columns: Columns) -> pa.RecordBatch:
    """Returns some records of one file as a batch of documents."""
    batch = _Batch(source, columns)
    for record in records:
        batch.add(Origin(name, name, 0), record, record.text.encode())
    return batch.reading().documents


def _records(
    kind: str,
    origin: Origin,
    stream: BinaryIO | OSError,
    limits: Limits,
    columns: Columns,
    pages: Pages,
    is_taken: Taken,
) -> Iterator[Found]:
    """Yields a reader's records. If a file makes its reader fail, only the rest of this file is lost, never the run.
    But if a store does not answer, that is no fault of the file: the part fails, and is made again."""
    try:
        if isinstance(stream, OSError):
            raise stream
        with stream:
            records, is_empty = origin.records.path if origin.records else None, True
            given = Input(origin.name, stream, limits, columns, origin.span, records, is_taken, pages)
            for found in KINDS[kind].read(given):
                yield found
                is_empty = False
            if is_empty and origin.span == WHOLE and origin.sample is None:
                yield Skipped(EMPTY_FILE)
    except StoreError:
        raise
    except MemoryError as error:
        raise MemoryError(f"while {origin.name} was read") from error
    except Exception as error:
        yield Failure(-1, f"the {kind} reader gave up: {type(error).__name__}: {error}", 0)


class _Batch:
    """Documents and failures that are not yet yielded."""

    def __init__(self, source: str, columns: Columns) -> None:
        self._source, self._columns = source, columns
        kept = kept_columns.schema(columns)
        self._schema, self._kept = pa.schema([*DOCUMENT, *kept]), kept.names
        self._ids: list[str] = []
        self._files: list[str] = []
        self._records: list[Record] = []
        self._texts: list[bytes] = []
        self._failures: list[dict[str, object]] = []
        self._skipped: Counter[str] = Counter()
        self._skipped_bytes: Counter[str] = Counter()
        self._bytes = 0

    def is_full(self, size: int) -> bool:
        count = len(self._records) + len(self._failures)
        return bool(count) and (count >= BATCH_DOCUMENTS or self._bytes + size > BATCH_BYTES)

    def add(self, origin: Origin, record: Record, text: bytes) -> None:
        """Add a record. `text` is its text in UTF-8."""
        self._ids.append(identity(self._source, origin.name, record.offset))
        self._files.append(origin.name)
        self._records.append(record)
        self._texts.append(text)
        self._bytes += len(text)

    def fail(self, origin: Origin, failure: Failure) -> None:
        self._failures.append(
            {
                "source": self._source,
                "origin_file": origin.name,
                "origin_offset": failure.offset,
                "stage": "read",
                "error": failure.error,
                "bytes": failure.size,
            }
        )

    def skip(self, skipped: Skipped) -> None:
        self._skipped[skipped.kind] += 1
        self._skipped_bytes[skipped.kind] += skipped.size

    def reading(self) -> Reading:
        documents = pa.RecordBatch.from_pydict(self._documents(), self._schema)
        failures = pa.RecordBatch.from_pylist(self._failures, FAILURE)
        skipped = {kind: (count, self._skipped_bytes[kind]) for kind, count in self._skipped.items()}
        return Reading(documents, failures, skipped)

    def _documents(self) -> dict[str, object]:
        """Returns the values of the documents, by column."""
        fields = _columns(Record._fields, self._records)
        own = {"id": self._ids, "origin_file": self._files, "origin_offset": fields["offset"]}
        of_records = {name: fields[name] for name in OF_RECORD}
        return {**of_records, **own, "text": _strings(self._texts), **self._values()}

    def _values(self) -> dict[str, Sequence[object]]:
        """Returns the values that the source keeps from its records, by column."""
        if not self._kept:
            return {}
        rows = [kept_columns.values(record, self._columns) for record in self._records]
        return _columns(self._kept, rows)


def _columns(names: Sequence[str], rows: Sequence[Sequence[object]]) -> dict[str, Sequence[object]]:
    return dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))


def _strings(texts: Sequence[bytes]) -> pa.StringArray:
    """Returns texts in UTF-8 as a column, without a Python string of each. Raises ArrowInvalid for 2 GiB or more."""
    ends = pa.array(np.cumsum([0, *map(len, texts)])).cast(pa.int32())
    return pa.StringArray.from_buffers(len(texts), ends.buffers()[1], pa.py_buffer(b"".join(texts)))
