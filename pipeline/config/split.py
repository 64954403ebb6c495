"""The split of a source's weight among its documents, by language or by the value of another column."""

from typing import Annotated, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from massivetext.pipeline.config.section import Section

OTHER = "other"
"""The entry for documents that no other entry fits."""
_RANGE = ".."


class Split(Section):
    """The split of a source's weight among its documents, by the value of a column."""

    by: str
    """The column of documents/: `language`, a measurement, or a column that `columns.keep` keeps."""
    weights: Annotated[dict[str, Annotated[float, Field(ge=0)]], Field(min_length=1)]
    """Weights by value, such as `en: 3`, or by range, such as `2..4: 1` (2 is in the range, 4 is not), `..2` and `4..`.
    `other` is the weight of all documents that no entry fits; without it they give nothing. The first entry that fits
    counts."""

    @model_validator(mode="after")
    def _weighty(self) -> Self:
        if not sum(self.weights.values()):
            raise ValueError("split.weights: expected at least one weight above 0")
        for name in self.weights:
            low, high = _ends(name)
            ends = _number(low), _number(high)
            if _RANGE in name and None not in ends and float(low) >= float(high):
                raise ValueError(
                    f"split.weights.{name}: the range is empty: expected its first end below its second"
                )
        return self

    @property
    def shares(self) -> dict[str, float]:
        """Returns each entry's share of the source's weight."""
        total = sum(self.weights.values())
        return {name: weight / total for name, weight in self.weights.items()}

    def numbers(self, values: pa.Array) -> npt.NDArray[np.int64]:
        """Returns the number of the first entry that fits each value, or -1 if none does."""
        found = np.full(len(values), -1, np.int64)
        for number, name in enumerate(self.weights):
            if name != OTHER:
                found[(found < 0) & _fits(values, name)] = number
        if OTHER in self.weights:
            found[found < 0] = list(self.weights).index(OTHER)
        return found


def _ends(name: str) -> tuple[str, str]:
    low, _, high = name.partition(_RANGE)
    return low, high


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


Mask = npt.NDArray[np.bool_]


def _fits(values: pa.Array, name: str) -> Mask:
    """Whether each value is that of an entry, or in its range. Dates are compared as text in ISO 8601."""
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        return _fits_numbers(values.cast(pa.float64()).to_numpy(zero_copy_only=False), name)
    text = values if pa.types.is_string(values.type) else pc.cast(values, pa.string())
    low, high = _ends(name)
    if _RANGE not in name:
        found = pc.equal(text, name)
    elif high:
        found = pc.and_(pc.greater_equal(text, low), pc.less(text, high))
    else:
        found = pc.greater_equal(text, low)
    fits: Mask = found.fill_null(False).to_numpy(zero_copy_only=False)
    return fits


def _fits_numbers(numbers: npt.NDArray[np.float64], name: str) -> Mask:
    """Whether each number is that of an entry, or in its range. A null is NaN here and fits no entry.

    An entry that is not a number fits nothing, so its weight cannot be met, and the mix says so.
    """
    ends = [_number(end) for end in _ends(name)]
    if any(end and number is None for end, number in zip(_ends(name), ends, strict=True)):
        return np.zeros(len(numbers), np.bool_)
    low, high = ends
    if _RANGE not in name:
        return np.zeros(len(numbers), np.bool_) if low is None else numbers == low
    fits: Mask = (numbers >= (-np.inf if low is None else low)) & (
        numbers < (np.inf if high is None else high)
    )
    return fits
