"""From the fields of a JSON object or a row to a record: which field holds what is configured (`Columns`)."""

from collections.abc import Mapping

from massivetext.pipeline.read.capture_date import capture_date
from massivetext.pipeline.read.record import Failure, Record
from massivetext.pipeline.read.settings import Columns

NAMES_SHOWN = 12


def record(offset: int, fields: object, columns: Columns, size: int) -> Record | Failure:
    """The record that the fields make, or why they make none; `size`: their bytes in the file."""
    if not isinstance(fields, Mapping):
        return Failure(offset, f"a JSON object expected on each line, found {_kind(fields)}", size)
    text = field(fields, columns.text)
    if not isinstance(text, str):
        return Failure(offset, no_text(columns.text, text, list(fields)), size)
    url, title, licence, captured = (
        value if isinstance(value := field(fields, path), str) else None
        for path in (columns.url, columns.title, columns.licence, columns.captured)
    )
    return Record(offset, text, url, title, licence, captured=capture_date(captured))


def no_text(path: str, value: object, names: list[str]) -> str:
    """What is said of a record whose text is not where it should be: which fields are there."""
    more = ", ..." if len(names) > NAMES_SHOWN else ""
    there = ", ".join(names[:NAMES_SHOWN]) + more
    return f"field {path!r} should hold the text, is {_kind(value)} (fields: {there})"


def field(fields: Mapping[str, object], path: str) -> object:
    """The value of a field, or of one nested in others: `meta.url`; None where there is none."""
    if path in fields:
        return fields[path]
    value: object = fields
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _kind(value: object) -> str:
    return "missing or null" if value is None else f"of type {type(value).__name__}"
