"""The formats of test sets, and reading one whatever its format: whole, for they are small."""

import functools
from collections.abc import Callable, Iterator

from massivetext.filters.similarity.contamination import TestSetIndex
from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.stages.decontaminate.test_sets import jsonl, plain, table, wikitext
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import ItemFile
from massivetext.pipeline.storage import files

Reader = Callable[[ItemFile, str], Iterator[tuple[str, str]]]
"""Yields the name and the text of each item; raises ConfigError for a file that is not what it should be."""

READERS: dict[str, Reader] = {
    "jsonl": jsonl.read,
    "csv": table.read_csv,
    "tsv": table.read_tsv,
    "wikitext": wikitext.read,
    "text": plain.read,
}
_SUFFIXES = {"json": "jsonl", "ndjson": "jsonl", "tokens": "wikitext"}
_COMPRESSIONS = (".gz", ".zst", ".bz2", ".xz", ".lz4")  # in names; the content says which it is


def items(file: ItemFile) -> Iterator[tuple[str, str, str]]:
    """(test set, item, text) of each item; raises ConfigError for a file that is not what it should be."""
    try:
        with files.open_read(file.path) as stream:
            text = (Decompressed(stream).readall() or b"").decode("utf-8-sig")
    except (BrokenError, UnicodeDecodeError) as error:
        raise file.error(str(error)) from error
    reader = READERS[file.format or _format(file.path)]
    for name, item in reader(file, text):
        yield file.name, name, item


def _format(path: str) -> str:
    name = path.lower()
    for compression in _COMPRESSIONS:
        name = name.removesuffix(compression)
    suffix = name.rsplit(".", 1)[-1]
    suffix = _SUFFIXES.get(suffix, suffix)
    return suffix if suffix in READERS else "text"


@functools.lru_cache(maxsize=1)
def index(test_files: tuple[ItemFile, ...], shingle: int) -> TestSetIndex:
    """The index of all items, built once a process."""
    found = [item for file in test_files for item in items(file)]
    return TestSetIndex.build(found, shingle)
