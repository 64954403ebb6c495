"""Reads test sets of any format. They are small, so a file is read whole."""

import io
from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from massivetext.filters.similarity.contamination import TestSetIndex
from massivetext.filters.similarity.shingle import Shingle
from massivetext.filters.similarity.test_items import Part, TestItems
from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.runtime.for_a_step import kept_for_a_step
from massivetext.pipeline.stages.decontaminate.test_sets import json_array, jsonl, plain, table, wikitext
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import Item, ItemFile
from massivetext.pipeline.storage import files

Reader = Callable[[ItemFile, str], Iterator[Item]]
"""Yields the items; raises ConfigError for a file that is not what it should be."""

READERS: dict[str, Reader] = {
    "jsonl": jsonl.read,
    "json": json_array.read,
    "csv": table.read_csv,
    "tsv": table.read_tsv,
    "wikitext": wikitext.read,
    "text": plain.read,
}
PARQUET = "parquet"  # the only binary format
_SUFFIXES = {"ndjson": "jsonl", "tokens": "wikitext"}
_COMPRESSIONS = (
    ".gz",
    ".zst",
    ".bz2",
    ".xz",
    ".lz4",
)  # endings of compressed files; the content decides which compression it is


def items(file: ItemFile) -> Iterator[Item]:
    """Yields each item. Raises ConfigError if the file does not have its format."""
    form = file.format or _format(file.path)
    if form == PARQUET:
        yield from _rows(file)
        return
    try:
        with files.open_read(file.path) as stream:
            text = (Decompressed(stream).readall() or b"").decode("utf-8-sig")
    except (BrokenError, UnicodeDecodeError) as error:
        raise file.error(str(error)) from error
    if form == "json" and not text.lstrip().startswith("["):
        form = "jsonl"
    yield from READERS[form](file, text)


def _rows(file: ItemFile) -> Iterator[Item]:
    try:
        rows = pq.read_table(io.BytesIO(files.read_bytes(file.path))).to_pylist()
    except pa.ArrowInvalid as error:
        raise file.error(f"not Parquet: {error}") from error
    for number, fields in enumerate(rows):
        yield file.item(fields, number + 1, number)


def _format(path: str) -> str:
    name = path.lower()
    for compression in _COMPRESSIONS:
        name = name.removesuffix(compression)
    suffix = name.rsplit(".", 1)[-1]
    suffix = _SUFFIXES.get(suffix, suffix)
    return suffix if suffix in READERS or suffix == PARQUET else "text"


@kept_for_a_step
def index(test_files: tuple[ItemFile, ...], shingle: int) -> TestSetIndex:
    """Returns the index of all items as whole documents, built once in each process."""
    found = [(file.name, item.name, item.text) for file in test_files for item in items(file)]
    return TestSetIndex.build(found, Shingle(shingle))


@kept_for_a_step
def parts(test_files: tuple[ItemFile, ...]) -> TestItems:
    """Returns all parts of all items, cut once in each process."""
    return TestItems.build(
        [
            Part(file.name, item.name, role, text)
            for file in test_files
            for item in items(file)
            for role, text in item.parts
        ]
    )
