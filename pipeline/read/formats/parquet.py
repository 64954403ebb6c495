"""Parquet rows as documents: only the columns that are needed, a few rows at a time."""

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from massivetext.pipeline.read import fields
from massivetext.pipeline.read.formats.charset import text_of
from massivetext.pipeline.read.formats.decompress import RATIO_FREE
from massivetext.pipeline.read.record import Failure, Input, Record
from massivetext.pipeline.read.settings import ALL, Columns, Limits

MAGIC = b"PAR1"
BATCH_BYTES = 16 << 20  # decoded text held at once, as far as the file's own sizes are true
MAX_ROWS = 1000
DELTA_ROWS = 16  # decoded at once where repeated values are written out
BUFFER = 1 << 20  # read ahead in each column chunk
GROUP_FREE = 1 << 18  # bytes of a row group that are never too many
NAMES_SHOWN = 12
MOST_COLUMNS = 200_000  # and row groups: Arrow takes 3 kB of memory for a column
TYPE_SHOWN = 80  # characters of a column's type, in a message


class EncodingError(ValueError):
    """Strings in an encoding (DELTA_BYTE_ARRAY, DELTA_LENGTH_BYTE_ARRAY) that Arrow reads, but not as dictionaries."""


def read(source: Input) -> Iterator[Record | Failure]:
    """The documents of a Parquet file, or of the row groups of its span; offset: the row's number.

    A row group that cannot be read further is a Failure at its first unread row; the next group is read.
    """
    if source.stream.read(4) != MAGIC:
        if source.span.holds(0):
            yield Failure(0, "a Parquet file that is compressed as a whole: decompress it")
        return
    source.stream.seek(0)
    try:
        metadata = pq.ParquetFile(source.stream, thrift_container_size_limit=MOST_COLUMNS).metadata
        _check_rows(metadata)
        schema = metadata.schema.to_arrow_schema()
        paths = _paths(source.columns, schema.names)
        found = [_column(schema, path) for path in paths]
        if found[0] and not _is_text(schema, found[0]):
            found[0] = None
        # Dictionary pages stay dictionaries: written out, a value repeated a million times is a bomb.
        fields_of = dict(zip(paths, found, strict=True))
        file = _open(source.stream, metadata, [path for path in found if path and _is_text(schema, path)])
    except (pa.ArrowException, OSError, ValueError) as error:
        _raise_if_of_the_file_system(error)
        if source.span.holds(0):
            yield Failure(0, _broken(error))
        return
    if not found[0]:
        if not source.span.holds(0):
            return
        yield Failure(0, _no_text(schema, source.columns.text))
        return
    first, size = 0, source.stream.seek(0, io.SEEK_END)
    allowed = _allowed(metadata, size, source.limits.expansion_ratio)
    for group, position in enumerate(_positions(metadata, size)):
        rows = metadata.row_group(group).num_rows
        if not source.span.holds(position):
            pass
        elif metadata.row_group(group).total_byte_size > allowed[group]:
            yield _bomb(group, first, first + rows, source.limits)
        else:
            try:
                yield from _group(file, group, first, fields_of, source, MAX_ROWS, allowed[group])
            except EncodingError:
                plain = _open(source.stream, metadata, [])
                yield from _group(plain, group, first, fields_of, source, DELTA_ROWS, allowed[group])
        first += rows


def _broken(error: Exception) -> str:
    """Why a file cannot be read: it is broken, or describes too many columns."""
    if "Exceeded size limit" in str(error):
        return f"Parquet file of more than {MOST_COLUMNS:,} columns or row groups: not read"
    return f"broken Parquet file: {error}"


def _no_text(schema: pa.Schema, path: str) -> str:
    """Why no column holds the text."""
    if schema.names.count(path) > 1:
        return f"Parquet file with {schema.names.count(path)} columns named {path!r}"
    more = ", ..." if len(schema) > NAMES_SHOWN else ""
    names = ", ".join(
        f"{field.name} ({str(field.type)[:TYPE_SHOWN]})" for field in list(schema)[:NAMES_SHOWN]
    )
    return f"Parquet file without a string column {path!r} for the text; its columns: {names}{more}"


def _open(stream: BinaryIO, metadata: pq.FileMetaData, dictionaries: list[str]) -> pq.ParquetFile:
    return pq.ParquetFile(
        stream, metadata=metadata, read_dictionary=dictionaries, buffer_size=BUFFER, pre_buffer=False
    )


def _positions(metadata: pq.FileMetaData, size: int) -> list[int]:
    """About where each row group begins in a file of `size` bytes: by its share of the decoded bytes.

    The file says where each of its columns is; but to ask that of Arrow aborts the process if the file lies.
    """
    lengths = [max(metadata.row_group(group).total_byte_size, 0) for group in range(metadata.num_row_groups)]
    total = max(sum(lengths), 1)
    return [(end - length) * size // total for end, length in zip(accumulate(lengths), lengths, strict=True)]


def _allowed(metadata: pq.FileMetaData, size: int, ratio: int) -> list[int]:
    """How many bytes each row group may hold, of a file of `size` bytes that may expand `ratio` times.

    A group has the larger of its shares in the rows and in the bytes that the file says it holds. So a file that obeys
    the ratio is read whole, one that lies gets twice as much, and a group can be judged without the others.
    """
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
    rows = [group.num_rows for group in groups]
    lengths = [max(group.total_byte_size, 0) for group in groups]
    budget, all_rows, all_bytes = max(RATIO_FREE, size * ratio), max(sum(rows), 1), max(sum(lengths), 1)
    return [
        max(GROUP_FREE, budget * row // all_rows, budget * length // all_bytes)
        for row, length in zip(rows, lengths, strict=True)
    ]


def _bomb(group: int, row: int, end: int, limits: Limits) -> Failure:
    return Failure(
        row,
        f"Parquet row group {group} expands more than {limits.expansion_ratio} times: rows {row} to {end - 1} are "
        "not read (a decompression bomb? else raise the limit expansion_ratio)",
    )


def _check_rows(metadata: pq.FileMetaData) -> None:
    """Raises ValueError where the row groups' numbers of rows, which documents are known by, are impossible."""
    counts = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
    if min(counts, default=0) < 0 or sum(counts) >= 1 << 62:
        raise ValueError(f"its row groups are said to hold {', '.join(map(str, counts[:NAMES_SHOWN]))} rows")


def _group(
    file: pq.ParquetFile,
    group: int,
    first: int,
    paths: Mapping[str, str | None],
    source: Input,
    most_rows: int,
    allowed: int,
) -> Iterator[Record | Failure]:
    """The rows of one row group, which begins at row `first`, `most_rows` at once, until their strings take more than
    `allowed` bytes; `paths`: each field's column.

    Raises EncodingError before the first row where Arrow cannot read the group's strings as dictionaries.
    """
    metadata = file.metadata.row_group(group)
    row, end = first, first + metadata.num_rows
    row_bytes = max(metadata.total_byte_size // max(metadata.num_rows, 1), 1)
    batches = file.iter_batches(
        batch_size=min(max(BATCH_BYTES // row_bytes, 1), most_rows),
        row_groups=[group],
        columns=[column for column in paths.values() if column],
        use_threads=False,
    )
    try:
        for batch in batches:
            there = [path for path, column in paths.items() if column]
            columns = [_values(batch, paths[path]) for path in there]
            for values in zip(*columns, strict=True):
                allowed -= sum(len(value) for value in values if isinstance(value, bytes))
                if allowed < 0:
                    yield _bomb(group, row, end, source.limits)
                    return
                yield _record(row, dict(zip(there, values, strict=True)), source.columns, source.limits)
                row += 1
    except (pa.ArrowException, OSError) as error:
        _raise_if_of_the_file_system(error)
        if row == first and "DictAccumulator" in str(error):
            raise EncodingError from error
        yield Failure(row, f"broken Parquet row group {group}: rows {row} to {end - 1} are lost: {error}")


def _record(row: int, values: dict[str, object], columns: Columns, limits: Limits) -> Record | Failure:
    text = values[columns.text]
    if not isinstance(text, bytes):
        return Failure(row, "the text is null")
    if len(text) > limits.record_bytes:
        return Failure(
            row, f"text of {len(text)} bytes, over the limit record_bytes {limits.record_bytes}", len(text)
        )
    decoded = text_of(text)
    if decoded is None:
        return Failure(row, "text that is not UTF-8", len(text))
    found = fields.record(
        row,
        {name: _decoded(value) for name, value in values.items()} | {columns.text: decoded.text},
        columns,
        len(text),
    )
    if decoded.charset == "utf-8" or isinstance(found, Failure):
        return found
    return found._replace(charset=decoded.charset, charset_origin=decoded.origin)


def _decoded(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _paths(columns: Columns, names: Sequence[str]) -> list[str]:
    """The fields that are read, of a file with these columns: the text, those with a meaning, those that are kept."""
    meant = [columns.text, columns.url, columns.title, columns.licence, columns.captured, columns.id]
    return list(dict.fromkeys([*meant, *(names if columns.keep == ALL else columns.kept)]))


def _steps(schema: pa.Schema, path: str) -> list[str]:
    """A column's name, or the names that lead into a struct: `meta.url`."""
    return [path] if path in schema.names else path.split(".")


def _column(schema: pa.Schema, path: str) -> str | None:
    """The column that a path names, of several the first that is there; None where none is."""
    return next((each for each in (path, *path.split("|")) if _type(schema, each) is not None), None)


def _type(schema: pa.Schema, path: str) -> pa.DataType | None:
    """The type of a column, or of a field within a struct; None where there is none."""
    kind: pa.DataType = pa.struct(list(schema))
    for name in _steps(schema, path):
        if not pa.types.is_struct(kind) or kind.get_field_index(name) < 0:
            return None
        kind = kind.field(name).type
    return kind


def _is_text(schema: pa.Schema, path: str) -> bool:
    """Whether `path` names a column of strings or bytes."""
    kind = _type(schema, path)
    if kind is None:
        return False
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return any(
        check(kind)
        for check in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_string_view,
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_binary_view,
        )
    )


def _values(batch: pa.RecordBatch, path: str | None) -> list[object]:
    """A column's values; strings as bytes, since a file's may not be UTF-8 whatever their type says."""
    if path is None:
        return [None] * batch.num_rows
    name, *inner = _steps(batch.schema, path)
    column = batch.column(name)
    if inner:
        column = pc.struct_field(column, inner)
    if not _is_text(batch.schema, path):
        return _objects(column)
    if not pa.types.is_dictionary(column.type):
        return _bytes(column)
    pa.DictionaryArray.from_arrays(column.indices, column.dictionary)  # raises where an index points nowhere
    values = _bytes(column.dictionary)
    return [None if index is None else values[index] for index in column.indices.to_pylist()]


def _bytes(column: pa.Array) -> list[object]:
    values: list[object] = column.cast(pa.large_binary()).to_pylist()
    return values


def _objects(column: pa.Array) -> list[object]:
    """Numbers, dates and lists as Python's; None for what Python has no value for, as the year 300000."""
    try:
        values: list[object] = column.to_pylist()
    except (ValueError, OverflowError, UnicodeDecodeError, pa.ArrowException):
        values = [_object(each) for each in column]
    return values


def _object(value: pa.Scalar) -> object:
    try:
        return value.as_py()
    except (ValueError, OverflowError, UnicodeDecodeError, pa.ArrowException):
        return None


def _raise_if_of_the_file_system(error: Exception) -> None:
    """Arrow reports bad data as an OSError without a number; those with one come from the file system."""
    if isinstance(error, OSError) and error.errno is not None:
        raise error
