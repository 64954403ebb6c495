"""One bit of a Parquet file of OUT is another: what is read is never wrong without a word."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.storage import footer, parquet
from massivetext.pipeline.storage.sealed import DamagedError

TABLE = pa.table({"id": [f"{n:032x}" for n in range(100)], "text": [f"the text {n}" * 9 for n in range(100)]})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with (tmp_path / "a.parquet").open("wb") as stream:
        options = {"compression": {"id": "snappy", "text": "zstd"}, "use_dictionary": False}
        with footer.writer(stream, TABLE.schema, **options) as file:
            for start in (0, 50):
                file.write_table(TABLE.slice(start, 50))
    return tmp_path / "a.parquet"


def test_others_read_it(path: Path) -> None:
    assert pq.read_table(path).equals(TABLE)
    assert parquet.read(str(path)).equals(TABLE)


def test_no_bit_is_changed_unnoticed(path: Path) -> None:
    """Every bit of the footer, and every 7th of the pages: an error that names the file, or what was written."""
    whole = path.read_bytes()
    start = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    told = []
    for bit in (*range(0, 8 * start, 7), *range(8 * start, 8 * len(whole))):
        data = bytearray(whole)
        data[bit // 8] ^= 1 << bit % 8
        path.write_bytes(data)
        try:
            assert parquet.read(str(path)).equals(TABLE), f"bit {bit}"
        except DamagedError as error:
            told.append(str(error))
    assert len(told) > 8 * (len(whole) - start)
    assert all(str(path) in each and "delete it" in each for each in told)
