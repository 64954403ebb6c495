"""JSON: reads one array of items with named fields."""

from collections.abc import Iterator

import orjson

from massivetext.pipeline.stages.decontaminate.test_sets.item_file import Item, ItemFile


def read(file: ItemFile, text: str) -> Iterator[Item]:
    try:
        rows = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise file.error(f"not JSON: {error}") from error
    if not isinstance(rows, list):
        raise file.error("expected an array of items (a file with an item a line is `format: jsonl`)")
    for number, fields in enumerate(rows):
        yield file.item(fields, number + 1, number)
