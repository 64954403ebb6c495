import io
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.read import text
from massivetext.pipeline.read.kept_columns import REST, TYPES, column_name, resolved, schema, values
from massivetext.pipeline.read.record import Input, Record
from massivetext.pipeline.read.settings import COLUMN_TYPES, Columns

ROWS: list[dict[str, Any]] = [
    {
        "id": 7,
        "text": "a",
        "score": 3,
        "meta": {"license": "MIT"},
        "day": "2024-05-06",
        "nsfw": False,
        "tags": ["x"],
    },
    {"id": "b", "text": "b", "score": 2.5, "meta": None, "day": None, "nsfw": True, "tags": []},
]
KEEP = ("score", "meta.license", "day", "nsfw", "tags", "language")


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(
        pa.Table.from_pylist([row | {"id": str(row["id"]), "score": float(row["score"])} for row in ROWS]),
        out,
    )
    return out.getvalue()


def records(data: bytes, columns: Columns) -> list[Record]:
    found = list(text.read(Input("a", io.BytesIO(data), columns=columns)))
    assert all(isinstance(each, Record) for each in found)
    return [each for each in found if isinstance(each, Record)]


@pytest.mark.parametrize("data", [b"".join(orjson.dumps(row) + b"\n" for row in ROWS), parquet()])
def test_fields_become_typed_columns(data: bytes) -> None:
    found = records(data, Columns(keep=KEEP))
    assert [record.source_id for record in found] == ["7", "b"]
    columns = resolved(Columns(keep=KEEP), found)
    assert columns.keep == {
        "score": "number", "meta.license": "text", "day": "date", "nsfw": "boolean", "tags": "json", "language": "json",
    }  # fmt: skip
    assert schema(columns).names == ["score", "meta.license", "day", "nsfw", "tags", "their_language"]
    assert [values(record, columns) for record in found] == [
        [3.0, "MIT", datetime(2024, 5, 6, tzinfo=UTC), False, '["x"]', None],
        [2.5, None, None, True, "[]", None],
    ]


@pytest.mark.parametrize("data", [b"".join(orjson.dumps(row) + b"\n" for row in ROWS), parquet()])
def test_all_fields_can_be_kept_as_json(data: bytes) -> None:
    columns = Columns(keep="all")
    assert schema(columns).names == [REST]
    (first, _) = records(data, columns)
    (stored,) = values(first, columns)
    kept = orjson.loads(str(stored))
    assert {**kept, "id": str(kept["id"])} == {**{k: v for k, v in ROWS[0].items() if k != "text"}, "id": "7"}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("number", "2.5", 2.5), ("number", True, None), ("number", "nan", None), ("number", [1], None),
        ("integer", "12345678901234567890", None), ("integer", 9007199254740993, 9007199254740993),
        ("integer", 2.0, 2), ("integer", 2.5, None), ("integer", "x", None),
        ("boolean", "True", True), ("boolean", 1, None),
        ("date", "2024-01-02T03:04:05Z", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)), ("date", 7, None),
        ("date", date(2024, 1, 2), datetime(2024, 1, 2, tzinfo=UTC)), ("date", "20240102", None),
        ("text", 7, "7"), ("text", [7], None),
        ("json", {"b": 1, "a": [None]}, '{"a":[null],"b":1}'), ("json", None, None),
    ],
)  # fmt: skip
def test_values_of_each_type(kind: str, value: object, expected: object) -> None:
    assert TYPES[kind][1](value) == expected
    pa.array([TYPES[kind][1](value)], TYPES[kind][0])


def test_every_type_is_known_to_the_configuration() -> None:
    assert tuple(TYPES) == COLUMN_TYPES
    with pytest.raises(ValueError, match="`float` is not the type of a column: expected one of text, number"):
        Columns(keep={"a": "float"})


def test_columns_that_documents_have_already_are_renamed() -> None:
    assert [column_name(name) for name in ("score", "language", "text", "source")] == [
        "score", "their_language", "their_text", "their_source",
    ]  # fmt: skip
