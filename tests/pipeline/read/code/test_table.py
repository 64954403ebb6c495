import io

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from massivetext.pipeline.read.code import files
from massivetext.pipeline.read.record import Found, Input, Record, Skipped
from massivetext.pipeline.read.settings import Columns

PYTHON = "def area(r):\n    return r * r\n"
STACK = {
    "content": PYTHON,
    "lang": "Python",
    "max_stars_repo_path": "src/area.py",
    "max_stars_repo_name": "mill/wheel",
    "max_stars_repo_licenses": ["MIT", "Apache-2.0"],
    "max_stars_count": 7,
}
STACK_2 = {"content": PYTHON, "path": "/a.py", "repo_name": "m/w", "detected_licenses": ["bsd-3-clause"]}


def read(data: bytes, columns: Columns | None = None) -> list[Found]:
    return list(files.read(Input("data", io.BytesIO(data), columns=columns or Columns())))


def parquet(*rows: dict[str, object]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), out)
    return out.getvalue()


def lines(*rows: dict[str, object]) -> bytes:
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def test_the_stack() -> None:
    for data in (parquet(STACK), lines(STACK)):
        assert read(data) == [Record(0, PYTHON, None, "mill/wheel/src/area.py", "Apache-2.0 AND MIT")]
    for data in (parquet(STACK_2), lines(STACK_2)):
        (record,) = read(data)
        assert isinstance(record, Record)
        assert record.licence == "BSD-3-Clause"


def test_a_licence_that_is_not_understood_and_none() -> None:
    rows = [STACK | {"max_stars_repo_licenses": ["Mill-9"]}, STACK | {"max_stars_repo_licenses": []}]
    assert [record.licence for record in read(lines(*rows)) if isinstance(record, Record)] == [
        "LicenseRef-unknown",
        None,
    ]


def test_columns_may_be_named() -> None:
    row = {"body": PYTHON, "file": "b.py", "spdx": "MIT", "content": "no"}
    columns = Columns(text="body", title="file", licence="spdx")
    assert (
        read(lines(row), columns) == read(parquet(row), columns) == [Record(0, PYTHON, None, "b.py", "MIT")]
    )


def test_files_that_people_did_not_write_are_skipped() -> None:
    minified = STACK | {"content": "x" * 500, "max_stars_repo_path": "a.js"}
    generated = STACK | {"content": "# @generated\nx = 1\n"}
    assert read(lines(minified, generated)) == [Skipped("minified", 500), Skipped("generated", 19)]
