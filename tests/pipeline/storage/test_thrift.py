"""Structs in Thrift's compact protocol are read and written without loss."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from massivetext.pipeline.storage import thrift
from massivetext.pipeline.storage.thrift import Field


def test_a_footer_that_another_library_wrote(tmp_path: Path) -> None:
    table = pa.table(
        {
            "number": [1.5, None],
            "truth": [True, False],
            "text": ["a", "b" * 300],
            "list": [[1, -2], None],
            "at": pa.array([0, 1], pa.timestamp("us", "UTC")),
        }
    )
    pq.write_table(table, tmp_path / "x.parquet", write_page_index=True)
    data = memoryview((tmp_path / "x.parquet").read_bytes())
    size = int.from_bytes(data[-8:-4], "little")
    fields, end = thrift.read(data, len(data) - 8 - size)
    assert end == len(data) - 8
    assert thrift.write(fields) == data[-8 - size : -8]
    assert thrift.get(fields, 3) == 2  # rows
    assert thrift.get(fields, 99) is None


def test_every_kind_of_value() -> None:
    integers = [Field(1, 4, -1), Field(2, 5, 1 << 30), Field(40, 6, -(1 << 62)), Field(41, 3, 255)]
    truths = [Field(50, 1, True), Field(51, 2, False), Field(52, 9, (1, [1, 2]))]
    long = [Field(70, 9, (8, [b"x"] * 20)), Field(71, 12, integers), Field(72, 7, b"12345678")]
    data = thrift.write([*integers, *truths, *long])
    assert thrift.read(memoryview(data + b"rest"), 0) == ([*integers, *truths, *long], len(data))


def test_a_value_that_is_set_is_written() -> None:
    fields = [Field(1, 5, 3), Field(2, 5, 4)]
    thrift.put(fields, 2, 300)
    assert thrift.get(thrift.read(memoryview(thrift.write(fields)), 0)[0], 2) == 300
