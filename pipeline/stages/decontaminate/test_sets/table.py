"""CSV and TSV: reads field names from the first row and an item from each other row. Quoted values may hold
newlines."""

import csv
import functools
import io
from collections.abc import Iterator

from massivetext.pipeline.stages.decontaminate.test_sets.item_file import Item, ItemFile

_MOST_CHARACTERS = 1 << 30  # the most characters of a value; csv's own limit is 128 Ki


def read(file: ItemFile, text: str, delimiter: str) -> Iterator[Item]:
    csv.field_size_limit(_MOST_CHARACTERS)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, fields in enumerate(rows):
            if None in fields or None in fields.values():
                raise file.error(f"expected {len(rows.fieldnames or ())} values", rows.line_num)
            yield file.item(fields, rows.line_num, number)
    except csv.Error as error:
        raise file.error(f"not CSV: {error}", rows.line_num) from error


read_csv = functools.partial(read, delimiter=",")
read_tsv = functools.partial(read, delimiter="\t")
