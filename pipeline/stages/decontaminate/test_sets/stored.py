"""Keeps the items of a run's test sets in its output, since their files are elsewhere and may change."""

import posixpath
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import ItemFile
from massivetext.pipeline.stages.decontaminate.test_sets.read import items
from massivetext.pipeline.storage import files, footer, layout, parquet
from massivetext.pipeline.storage.files import Written

PATH = layout.work(names.DECONTAMINATE, "items.parquet")

ITEM = pa.schema(
    [
        pa.field("test_set", pa.string(), nullable=False),
        pa.field("item", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
    ]
)


def store(out: str, test_files: Iterable[ItemFile]) -> Written:
    """Keep all items of some test sets."""
    rows = [
        {"test_set": file.name, "item": item.name, "text": item.text}
        for file in test_files
        for item in items(file)
    ]
    with files.write_whole(out, PATH) as sink, footer.writer(sink.stream, ITEM, compression="zstd") as file:
        file.write_table(pa.Table.from_pylist(rows, ITEM))
    return sink.written


def texts(out: str, wanted: set[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], str]]:
    """Returns the texts of some items, by test set and item."""
    path = posixpath.join(out, PATH)
    names = pa.array(sorted({item for _, item in wanted}), pa.string())
    for batch in parquet.batches(path) if files.exists(path) else ():
        for row in batch.filter(pc.is_in(batch.column("item"), names)).to_pylist():
            if (row["test_set"], row["item"]) in wanted:
                yield (row["test_set"], row["item"]), row["text"]
