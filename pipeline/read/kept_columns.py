"""The user's own columns: fields of records that become typed columns of documents/."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pyarrow as pa

from massivetext.pipeline.read.capture_date import capture_date
from massivetext.pipeline.read.record import Record
from massivetext.pipeline.read.settings import ALL, Columns
from massivetext.schemas.document import CANDIDATE

REST = "their_columns"
"""The column with all fields as JSON, for `keep: all`."""
RESERVED = frozenset({*CANDIDATE.names, "source", "removed_by", "failed_rules"})


def column_name(field: str) -> str:
    """Returns the name of a field's column: its own, with `their_` before it if documents/ already has such a
    column."""
    return f"their_{field}" if field in RESERVED else field


def types(columns: Columns) -> dict[str, str]:
    """Returns the type of each kept column, by field. Those without a type are text."""
    if columns.keep == ALL:
        return {}
    return dict(columns.keep) if isinstance(columns.keep, Mapping) else dict.fromkeys(columns.keep, "text")


def schema(columns: Columns) -> pa.Schema:
    """Returns the columns that a source adds to documents/."""
    if columns.keep == ALL:
        return pa.schema([pa.field(REST, pa.string())])
    return pa.schema([pa.field(column_name(field), TYPES[kind][0]) for field, kind in types(columns).items()])


def values(record: Record, columns: Columns) -> list[object]:
    """Returns the values of a record's kept columns, in the schema's order. A value of another type becomes null."""
    kept = record.kept or {}
    if columns.keep == ALL:
        return [_json(kept) if kept else None]
    return [TYPES[kind][1](kept.get(field)) for field, kind in types(columns).items()]


def resolved(columns: Columns, records: Sequence[Record]) -> Columns:
    """Returns the columns with a type for each kept field. A type that is not given is found from some records."""
    if columns.keep == ALL or isinstance(columns.keep, Mapping) or not columns.keep:
        return columns
    found = {field: _type_of([(each.kept or {}).get(field) for each in records]) for field in columns.keep}
    return columns.with_types(found)


def _type_of(seen: Sequence[object]) -> str:
    """Returns the type of all values that are not null; `json` if they differ or are lists or objects."""
    present = [value for value in seen if value is not None]
    for kind in ("boolean", "number", "date", "text"):
        if present and all(TYPES[kind][1](value) is not None for value in present):
            return kind
    return "json"


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _integer(value: object) -> int | None:
    number = _number(value)
    if number is None or not number.is_integer() or abs(number) >= 1 << 63:
        return None
    return (
        int(value)
        if isinstance(value, int | str) and "." not in str(value) and "e" not in str(value)
        else int(number)
    )


def _boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.strip().lower()) if isinstance(value, str) else None


def _date(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return capture_date(value) if isinstance(value, str) and not value.isdigit() else None


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    return None if value is None or isinstance(value, list | dict) else str(value)


def _json(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    options = orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS
    try:
        return orjson.dumps(value, default=str, option=options).decode()
    except orjson.JSONEncodeError:
        return None


TYPES: Mapping[str, tuple[pa.DataType, Callable[[Any], object]]] = {
    "text": (pa.string(), _text),
    "number": (pa.float64(), _number),
    "integer": (pa.int64(), _integer),
    "boolean": (pa.bool_(), _boolean),
    "date": (pa.timestamp("us", tz="UTC"), _date),
    "json": (pa.string(), _json),
}
"""The types of columns, by their names in the configuration, and the functions that convert a value to them."""
