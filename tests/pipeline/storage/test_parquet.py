"""Batches become row groups; the batch of a long document is written with less memory, and gives the same bytes."""

from pathlib import Path

import pyarrow as pa
import pytest

from massivetext.pipeline.storage import parquet
from massivetext.pipeline.storage.output import Output
from massivetext.schemas.token import tokens

SCHEMA = tokens(1000)
ROWS = [[1, 2, 3], [], list(range(900)) * 50]


def written(folder: Path) -> bytes:
    columns = [
        pa.array([f"{n:032x}" for n in range(3)]),
        pa.array(map(len, ROWS), pa.int32()),
        pa.array(ROWS, SCHEMA.field("tokens").type),
    ]
    batch = pa.RecordBatch.from_arrays(columns, schema=SCHEMA)
    output = Output(str(folder), lambda: None)
    with parquet.writers(output, {"a.parquet": SCHEMA}) as (writer,):
        for start in range(3):
            writer.write(batch.slice(start, 1))
    return (folder / "a.parquet").read_bytes()


def test_a_great_batch_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "usual").mkdir()
    usual = written(tmp_path / "usual")
    monkeypatch.setattr(parquet, "_GREAT", 1000)
    (tmp_path / "great").mkdir()
    assert written(tmp_path / "great") == usual
    path = str(tmp_path / "great/a.parquet")
    read = list(parquet.batches(path))
    assert [batch.column("tokens").to_pylist() for batch in read] == [[row] for row in ROWS]
    assert parquet.count(path) == 3
