"""A measurement that a plugin adds to a run: one function, and its description."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from massivetext.filters.families.family import Limit

_NUMBER = pa.float64()


@dataclass(frozen=True)
class Measurement:
    """A measurement: a function from a batch of documents to a column with a number for each document.

    `name` is the name of the column in documents/ and in the configuration. `meaning` says in a line what it measures.
    `measure` gets the documents' columns, such as `text`, `url`, `language` and those that `columns.keep` keeps, and
    returns one value for each document, or null if it has none. `minimum` and `maximum` are its default limit. `edges`
    divide its histogram; without them, whole numbers are counts, and others are shares from 0 to 1.
    """

    name: str
    meaning: str
    measure: Callable[[pa.RecordBatch], Any]
    type: pa.DataType = _NUMBER
    minimum: float | None = None
    maximum: float | None = None
    edges: Sequence[float] | None = None

    @property
    def limit(self) -> Limit:
        return Limit(self.minimum, self.maximum)

    def column(self, batch: pa.RecordBatch) -> pa.Array:
        """The measured column. Raises TypeError if the function's result cannot be a column."""
        values = self.measure(batch)
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        if not isinstance(values, pa.Array):
            try:
                values = pa.array(values, self.type)
            except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError) as error:
                raise TypeError(f"`{self.name}` is no column of {self.type}: {error}") from error
        return values
