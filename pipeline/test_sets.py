"""Reading test sets: JSONL with named fields, or plain text with an item a block between blank lines."""

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

import orjson

from filters.contamination import TestSetIndex
from pipeline import files
from pipeline.load import ConfigError

_JSONL = (".jsonl", ".json", ".ndjson")


class ItemFile(NamedTuple):
    """A test set to read: its name in the configuration, its file, its fields, and the file's SHA-256."""

    name: str
    path: str
    text: tuple[str, ...]
    id: str | None
    sha256: str


def items(test_file: ItemFile) -> Iterator[tuple[str, str, str]]:
    """(test set, item, text) of each item; raises ConfigError for a file that is not what it should be."""
    try:
        text = files.read_bytes(test_file.path).decode()
    except UnicodeDecodeError as error:
        raise ConfigError(f"test set {test_file.name}: {test_file.path} is not UTF-8: {error}") from error
    if test_file.path.endswith(_JSONL):
        yield from _json_items(test_file, text)
    else:
        blocks = (block for block in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n")) if block.strip())
        for number, block in enumerate(blocks):
            yield test_file.name, str(number), block


def _json_items(test_file: ItemFile, text: str) -> Iterator[tuple[str, str, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"test set {test_file.name}: {test_file.path}, line {number}"
        try:
            item = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise ConfigError(f"{where}: not JSON: {error}") from error
        wanted = [*test_file.text, *([test_file.id] if test_file.id else [])]
        missing = [field for field in wanted if not isinstance(item, dict) or field not in item]
        if missing:
            has = ", ".join(item) if isinstance(item, dict) else type(item).__name__
            raise ConfigError(f"{where}: no field `{missing[0]}`; it has: {has}")
        name = str(item[test_file.id]) if test_file.id else str(number - 1)
        yield test_file.name, name, "\n".join(str(item[field]) for field in test_file.text)


@functools.lru_cache(maxsize=1)
def index(test_files: tuple[ItemFile, ...], shingle: int) -> TestSetIndex:
    """The index of all items, built once a process."""
    found = [item for test_file in test_files for item in items(test_file)]
    return TestSetIndex.build(found, shingle)
