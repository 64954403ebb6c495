"""Stand-ins: other documents of the same source, whose tokens take the place of withdrawn documents.

Documents that are in no sequence come first. If there are none left, others are repeated once more. Stand-ins are
taken in the order of a seeded hash. One that is longer than a place is cut, and its rest fills the next place.
"""

import itertools
import posixpath
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.seeded import order
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.storage import files, layout, parquet

Tokens = npt.NDArray[np.unsignedinteger]


class Run(NamedTuple):
    """A run of tokens of one document, with the copy and the start that the index of the shards records."""

    id: str
    copy: int
    start: int
    tokens: Tokens


class StandIns:
    """The stand-ins of one source for one folder of shards."""

    def __init__(
        self, out: str, source: str, seed: int, gone: pa.Array, used: dict[str, int], only: bool
    ) -> None:
        """`gone` holds the ids that may not stand in; `used`, how many copies of each document the folder holds.

        With `only`, no document outside `used` stands in: validation must not get a document of the training shards.
        """
        self._source = source
        self._documents = self._chosen(out, source, seed, gone, used, only)
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

    @staticmethod
    def _chosen(
        out: str, source: str, seed: int, gone: pa.Array, used: dict[str, int], only: bool
    ) -> Iterator[Run]:
        if not only:
            yield from (run for run in _documents(out, source, seed, gone) if run.id not in used)
        for copy in itertools.count():
            again = (run for run in _documents(out, source, seed, gone) if run.id in used)
            last = None
            for last in again:
                yield last._replace(copy=used[last.id] + copy)
            if last is None:
                return


def _documents(out: str, source: str, seed: int, gone: pa.Array) -> Iterator[Run]:
    """Yields the documents of tokens/ that are not in `gone`, those of a row group in the order of a seeded hash."""
    for path, _ in files.match(posixpath.join(out, layout.tokens_of(source))):
        for batch in parquet.batches(path, ["id", "tokens"]):
            left = batch.filter(pc.invert(pc.is_in(batch.column("id"), gone)))
            hashes = order(left.column("id"), seed, "withdraw")
            for row in np.argsort(hashes, kind="stable").tolist():
                tokens = left.column("tokens")[row].values.to_numpy()
                if len(tokens):
                    yield Run(left.column("id")[row].as_py(), 0, 0, tokens)
