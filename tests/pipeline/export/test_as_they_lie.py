"""Folders of OUT are read as they lie: their names are columns, and no column of the files has such a name."""

from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest


@pytest.mark.parametrize(
    "folder", ["documents", "verdicts", "tokens", "duplicates", "contaminated", "failed"]
)
def test_a_folder_is_one_table(finished: Path, folder: str) -> None:
    """With the partitioning that pandas, polars, DuckDB, datasets and Spark find by themselves."""
    files = sorted((finished / folder).rglob("*.parquet"))
    rows = sum(pq.read_metadata(path).num_rows for path in files)
    table = pq.read_table(finished / folder)
    assert table.num_rows == rows > 0
    is_by_source = any("source=" in str(path) for path in files)
    for path in files:
        own = pq.read_schema(path).names
        assert len(set(own)) == len(own)
        if is_by_source:
            assert "source" not in own
    if is_by_source:
        assert "source" in table.column_names
    assert ds.dataset(finished / folder, format="parquet", partitioning="hive").count_rows() == rows
