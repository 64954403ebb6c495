"""Which entry of a split a value belongs to."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from pydantic import ValidationError

from massivetext.pipeline.config.split import Split


def numbers(weights: dict[str, float], values: pa.Array) -> list[int]:
    return Split(by="x", weights=weights).numbers(values).tolist()


def test_values_are_named() -> None:
    languages = pa.array(["de", "en", "fr", None])
    assert numbers({"en": 3, "de": 1}, languages) == [1, 0, -1, -1]
    assert numbers({"en": 3, "other": 1}, languages) == [1, 0, 1, 1]


def test_ranges_hold_their_lower_end() -> None:
    scores = pa.array([1.9, 2, 3.99, 4, 7, None])
    assert numbers({"..2": 1, "2..4": 2, "4..": 5}, scores) == [0, 1, 1, 2, 2, -1]
    assert numbers({"2..4": 1, "other": 1}, scores) == [1, 0, 0, 1, 1, 1]
    assert numbers({"2": 1, "4": 1}, scores.cast(pa.float32())) == [-1, 0, -1, 1, -1, -1]


def test_the_first_entry_that_fits_counts() -> None:
    assert numbers({"3..": 1, "..": 1}, pa.array([1, 5], pa.int64())) == [1, 0]


def test_dates_are_compared_as_they_are_written() -> None:
    dates = pa.array(
        [datetime(year, 6, 1, tzinfo=UTC) for year in (2019, 2020, 2024)], pa.timestamp("us", "UTC")
    )
    assert numbers({"..2020": 1, "2020..2024-02": 1, "2024-02..": 1}, dates) == [0, 1, 2]


def test_shares_sum_to_one() -> None:
    assert Split(by="x", weights={"a": 3, "b": 1}).shares == {"a": 0.75, "b": 0.25}


@pytest.mark.parametrize(
    ("weights", "why"),
    [
        ({"a": 0}, "expected at least one weight above 0"),
        ({"4..2": 1}, r"split.weights.4..2: the range is empty"),
        ({"a": -1}, "greater than or equal to 0"),
        ({}, "at least 1 item"),
    ],
)
def test_what_splits_nothing_is_refused(weights: dict[str, float], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Split(by="x", weights=weights)


@pytest.mark.parametrize("name", ["2..four", "two..4", "two", "..x"])
def test_an_end_that_is_no_number_fits_no_number(name: str) -> None:
    """So that the entry has nothing to give, and the mix says so, where half of it would have been passed over."""
    numbers = pa.array([1.0, 3.0, None])
    assert Split(by="score", weights={name: 1.0}).numbers(numbers).tolist() == [-1, -1, -1]
