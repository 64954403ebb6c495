"""A family that does not measure what it declares is told by name."""

from dataclasses import replace

import pyarrow as pa
import pytest

from massivetext.filters import families
from massivetext.filters.families.family import Family
from massivetext.filters.families.spared import Spared

SCHEMA = pa.schema([pa.field("shortness", pa.float64())])
TEXTS = pa.record_batch({"text": ["a", "bc"]})


def measured(monkeypatch: pytest.MonkeyPatch, **columns: pa.Array) -> Spared:
    own = Family("own", 57, "short", schema=SCHEMA, measure=lambda _: pa.record_batch(columns))
    monkeypatch.setattr(
        families, "FAMILIES", {"own": own, "other": replace(own, schema=pa.schema([]), measure=None)}
    )
    return families.measure(TEXTS)


def test_columns_are_taken_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    values = pa.array([1.0, None])
    assert measured(monkeypatch, further=pa.array([1, 2]), shortness=values) == Spared([values], {})


def test_what_is_amiss_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document fails, and says why; none is measured wrongly."""
    for columns, told in (
        ({"length": pa.array([1.0, 2.0])}, "the family own does not measure its column `shortness`"),
        ({"shortness": pa.array([1, 2])}, "the family own measures `shortness` as int64: expected double"),
    ):
        found = measured(monkeypatch, **columns)
        assert found.failed == {0: told, 1: told}
        assert [column.null_count for column in found.columns] == [2]
