"""JSONL: reads an item with named fields from each line."""

from collections.abc import Iterator

import orjson

from massivetext.pipeline.stages.decontaminate.test_sets.item_file import Item, ItemFile


def read(file: ItemFile, text: str) -> Iterator[Item]:
    lines = ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())
    for number, (line_number, line) in enumerate(lines):
        try:
            fields = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise file.error(f"not JSON: {error}", line_number) from error
        yield file.item(fields, line_number, number)
