"""Parses header fields as in WARC, HTTP and mail: `Name: value` on each line."""

import re

Fields = dict[str, list[str]]
"""The values of each field, in order, by its name in lower case."""

END = re.compile(rb"\r?\n\r?\n")
FOLDED = re.compile(rb"\r?\n[ \t]+")


def parse(lines: bytes) -> Fields:
    """Returns the fields in some lines. A line that begins with white space continues the one before it."""
    fields: Fields = {}
    if b"\n " in lines or b"\n\t" in lines:
        lines = FOLDED.sub(b" ", lines)
    for line in lines.split(b"\n"):
        name, colon, value = line.partition(b":")
        if colon:
            fields.setdefault(name.strip().lower().decode("latin-1"), []).append(text(value.strip()))
    return fields


def first(fields: Fields, name: str) -> str | None:
    """Returns the first value of a field that is not empty."""
    return next(filter(None, fields.get(name, ())), None)


def media_type(fields: Fields) -> str:
    """Returns the type in Content-Type, in lower case, without its parameters; "" if none is stated."""
    return (first(fields, "content-type") or "").partition(";")[0].strip().lower()


def text(value: bytes) -> str:
    """Decodes a value as UTF-8, else as Latin-1, in which any bytes are valid."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
