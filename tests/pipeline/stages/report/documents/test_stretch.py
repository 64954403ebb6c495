"""Stretches against the whole file: no document is lost between row groups, and texts come for the rows asked."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.stages.report.documents import stretch
from massivetext.pipeline.stages.report.documents.stretch import read_group, stretches

SIZES = [3, 1, 7, 2, 5, 4]  # rows of each row group


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pa.Table:
    """A file of six row groups, in stretches of at least 8 documents; texts at least 60 bytes at a time."""
    monkeypatch.setattr(stretch, "DOCUMENTS", 8)
    monkeypatch.setattr(stretch, "TEXT_BYTES", 60)
    count = sum(SIZES)
    table = pa.table(
        {"id": [f"{row:02}" for row in range(count)], "text": [f"text {row}" for row in range(count)]}
    )
    with pq.ParquetWriter(tmp_path / "part.parquet", table.schema) as writer:
        start = 0
        for size in SIZES:
            writer.write_table(table.slice(start, size))
            start += size
    return table


def test_every_document_is_in_one_stretch_at_its_place(tmp_path: Path, table: pa.Table) -> None:
    found = list(stretches(str(tmp_path), "part.parquet", ["id", "no such column"]))
    assert [one.columns.num_rows for one in found] == [11, 11]
    ids = [one.columns.column("id")[row].as_py() for one in found for row in range(one.columns.num_rows)]
    assert ids == table.column("id").to_pylist()
    for one in found:
        assert one.columns.schema.names == ["id"]
        for row, id_ in enumerate(one.columns.column("id").to_pylist()):
            place = one.place(row)
            batch = read_group(str(tmp_path), place.path, place.group)
            assert batch.num_rows == SIZES[place.group]
            assert batch.column("id")[place.row].as_py() == id_


@pytest.mark.parametrize("rows", [[], [0], [2, 3], [10], [0, 3, 4, 9, 10], list(range(11))])
def test_texts_are_those_of_the_rows(tmp_path: Path, table: pa.Table, rows: list[int]) -> None:
    texts = table.column("text").to_pylist()
    first = 0
    for one in stretches(str(tmp_path), "part.parquet", ["id"]):
        chunks = list(one.texts(np.array(rows, np.int64)))
        assert [int(row) for chunk, _ in chunks for row in chunk] == rows
        for chunk, found in chunks:
            assert found.to_pylist() == [texts[first + row] for row in chunk]
        assert all(found.nbytes >= 60 for _, found in chunks[:-1])
        first += one.columns.num_rows
