"""A measurement that somebody adds to a run: one function, and what is said of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from massivetext.filters.families.family import Limit

_NUMBER = pa.float64()


@dataclass(frozen=True)
class Measurement:
    """A number of each document, by a function from a batch of documents to a column.

    `name` is the column's in documents/ and in the configuration. `meaning` says in a line what it measures. `measure`
    gets the documents' columns, such as `text`, `url`, `language` and those that `columns.keep` keeps, and returns one
    value for each document; null means that it measures nothing there. `minimum` and `maximum` are its limit by
    default. `edges` divide its histogram: without them a whole number is a count, and another one a share from 0 to 1.
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
        """The measured column; raises TypeError for what cannot be one."""
        values = self.measure(batch)
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        if not isinstance(values, pa.Array):
            try:
                values = pa.array(values, self.type)
            except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError) as error:
                raise TypeError(f"`{self.name}` is no column of {self.type}: {error}") from error
        return values
