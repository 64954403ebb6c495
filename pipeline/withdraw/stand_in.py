"""What fills the place of withdrawn documents: tokens of other documents of the same source.

Documents that are in no sequence come first; a source without such repeats others once more. They are taken in the
order of a seeded hash, and cut where a place ends: what is left of one fills the next place.
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
    """Some tokens of a document, as the index of the shards names them."""

    id: str
    copy: int
    start: int
    tokens: Tokens


class StandIns:
    """The documents of one source that fill places in one folder of shards."""

    def __init__(
        self, out: str, source: str, seed: int, gone: pa.Array, used: dict[str, int], only: bool
    ) -> None:
        """None of `gone` stands in. `used` says how many copies of each document the folder holds.

        With `only`, no other document may stand in: those of validation must be in no training shard.
        """
        self._source = source
        self._documents = self._chosen(out, source, seed, gone, used, only)
        self._left: Run | None = None

    def fill(self, length: int) -> Iterator[Run]:
        """Runs of so many tokens together."""
        while length:
            run = self._left or next(self._documents, None)
            if run is None:
                raise ConfigError(
                    f"source {self._source} has too few other documents to fill the place of those that are withdrawn: "
                    "run the mix again, with the list as `blocklist`"
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
    """The documents of tokens/ but for those that go, those of a row group in the order of a seeded hash."""
    for path, _ in files.match(posixpath.join(out, layout.tokens_of(source))):
        for batch in parquet.batches(path, ["id", "tokens"]):
            left = batch.filter(pc.invert(pc.is_in(batch.column("id"), gone)))
            hashes = order(left.column("id"), seed, "withdraw")
            for row in np.argsort(hashes, kind="stable").tolist():
                tokens = left.column("tokens")[row].values.to_numpy()
                if len(tokens):
                    yield Run(left.column("id")[row].as_py(), 0, 0, tokens)
