"""Stand-ins: other documents of the same source, whose tokens take the place of withdrawn documents.

Documents that are in no sequence come first. If there are none left, others are repeated once more. Those of a row
group are taken in the order of their ids, which are hashes. One that is longer than a place is cut, and its rest fills
the next place.
"""

import itertools
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.storage import files, footer, layout, parquet

Tokens = npt.NDArray[np.unsignedinteger]


class Run(NamedTuple):
    """A run of tokens of one document, with the copy and the start that the index of the shards records."""

    id: str
    copy: int
    start: int
    tokens: Tokens


def type_of_tokens(out: str, source: str) -> np.dtype[Any]:
    """Returns the type of a source's tokens."""
    path, _ = files.match(posixpath.join(out, layout.tokens_of(source)))[0]
    with footer.opened(path) as parquet:
        field = parquet.schema_arrow.field("tokens")
    found: np.dtype[Any] = np.dtype(field.type.value_type.to_pandas_dtype())
    return found


class StandIns:
    """The stand-ins of one source for one folder of shards."""

    def __init__(self, out: str, source: str, gone: pa.Array, used: pa.Table, only: bool) -> None:
        """`gone` holds the ids that may not stand in; `used`, by id, how many copies of a document the folder holds.

        With `only`, no document outside `used` stands in: validation must not get a document of the training shards.
        """
        self._source = source
        self._tokens = _Tokens(out, source, gone, used)
        self._documents = self._chosen(only)
        self._left: Run | None = None

    def fill(self, length: int) -> Iterator[Run]:
        """Yields runs with `length` tokens in all. Raises ConfigError if the source has too few documents."""
        while length:
            run = self._left or next(self._documents, None)
            if run is None:
                raise ConfigError(
                    f"source {self._source} has too few other documents to replace the withdrawn ones: put the "
                    "list into the configuration as `blocklist`, and run the mix again with --changed"
                )
            taken, rest = run.tokens[:length], run.tokens[length:]
            self._left = run._replace(start=run.start + length, tokens=rest) if len(rest) else None
            yield run._replace(tokens=taken)
            length -= len(taken)

    def _chosen(self, only: bool) -> Iterator[Run]:
        if not only:
            yield from self._tokens.unused()
        for more in itertools.count():
            last = None
            for last in self._tokens.used():
                yield last._replace(copy=last.copy + more)
            if last is None:
                return


@dataclass(frozen=True)
class _Tokens:
    """The documents of a source in tokens/. Those of a row group come in the order of their ids, which are hashes."""

    out: str
    source: str
    gone: pa.Array
    copies: pa.Table  # columns id and copies

    def unused(self) -> Iterator[Run]:
        """Yields the documents that the folder does not hold."""
        for batch, copies in self._batches(lambda copies: pc.is_null(copies)):
            yield from self._runs(batch, copies.fill_null(0))

    def used(self) -> Iterator[Run]:
        """Yields the documents that the folder holds, each as one copy more."""
        for batch, copies in self._batches(lambda copies: pc.is_valid(copies)):
            yield from self._runs(batch, copies)

    def _batches(self, wanted: Callable[[pa.Array], pa.Array]) -> Iterator[tuple[pa.RecordBatch, pa.Array]]:
        """Yields documents, with the number of their copies. Reads only the row groups that hold wanted ones."""
        for path, _ in files.match(posixpath.join(self.out, layout.tokens_of(self.source))):
            ids = parquet.read(path, ["id"]).column("id").combine_chunks()
            may = pc.and_(wanted(self._copies(ids)), pc.invert(pc.is_in(ids, self.gone)))
            rows = np.flatnonzero(may.to_numpy(zero_copy_only=False))
            for batch in parquet.rows(path, ["id", "tokens"], rows):
                yield batch, self._copies(batch.column("id"))

    def _copies(self, ids: pa.Array) -> pa.Array:
        return self.copies.column("copies").take(pc.index_in(ids, self.copies.column("id"))).combine_chunks()

    def _runs(self, batch: pa.RecordBatch, copies: pa.Array) -> Iterator[Run]:
        for row in pc.sort_indices(batch.column("id")).to_pylist():
            tokens = batch.column("tokens")[row].values.to_numpy()
            if len(tokens):
                yield Run(batch.column("id")[row].as_py(), copies[row].as_py(), 0, tokens)
