"""Makes a record of the fields of a JSON object or a row. `Columns` configures the names of the fields."""

from collections.abc import Mapping
from datetime import UTC, datetime

from massivetext.pipeline.read.capture_date import capture_date
from massivetext.pipeline.read.record import Failure, Record
from massivetext.pipeline.read.settings import ALL, Columns

NAMES_SHOWN = 12


def record(offset: int, fields: object, columns: Columns, size: int) -> Record | Failure:
    """Returns the record of some fields, or why there is none. `size` is their bytes in the file."""
    if not isinstance(fields, Mapping):
        return Failure(offset, f"a JSON object expected on each line, found {_kind(fields)}", size)
    text = field(fields, columns.text)
    if not isinstance(text, str):
        return Failure(offset, no_text(columns.text, text, list(fields)), size)
    url, title, licence, captured = (
        field(fields, path) for path in (columns.url, columns.title, columns.licence, columns.captured)
    )
    return Record(
        offset,
        text,
        _string(url),
        _string(title),
        _licence(licence),
        captured=_date(captured),
        source_id=_own_id(field(fields, columns.id)),
        kept=_kept(fields, columns),
    )


def _own_id(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _kept(fields: Mapping[str, object], columns: Columns) -> dict[str, object] | None:
    """Returns the fields that the configuration keeps."""
    if columns.keep == ALL:
        return {name: value for name, value in fields.items() if name != columns.text}
    return {path: field(fields, path) for path in columns.kept} or None


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _date(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return capture_date(_string(value))


def _licence(value: object) -> str | None:
    """Returns a licence, or the conjunction of several, which all apply."""
    if isinstance(value, list):
        names = sorted({name for name in value if isinstance(name, str) and name})
        return " AND ".join(names) or None
    return _string(value)


def no_text(path: str, value: object, names: list[str]) -> str:
    """Returns the error for a record without a text in its field. It lists the fields that are there."""
    more = ", ..." if len(names) > NAMES_SHOWN else ""
    there = ", ".join(names[:NAMES_SHOWN]) + more
    return f"field {path!r} should hold the text, is {_kind(value)} (fields: {there})"


def field(fields: Mapping[str, object], path: str) -> object:
    """Returns the value of a field, or of a nested one such as `meta.url`; None if there is none.

    Of several paths, as in `content|text`, the first with a value counts.
    """
    if path in fields:
        return fields[path]
    if "." not in path and "|" not in path:
        return None
    for each in path.split("|"):
        value: object = fields
        for name in each.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        if value is not None:
            return value
    return None


def _kind(value: object) -> str:
    return "missing or null" if value is None else f"of type {type(value).__name__}"
