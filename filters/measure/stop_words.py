"""Stop words of languages: lists that the configuration gives, or that a run finds.

A document's language decides which list counts for it. A word is told by its hash (filters.measure.word_hash).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.utf8 import views
from massivetext.filters.language.language import matches
from massivetext.filters.measure.quality import STOP_WORDS
from massivetext.filters.measure.word_hash import hash_points


@dataclass(frozen=True)
class StopWords:
    """The stop words of some languages, named as in the configuration. In others English's count."""

    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, batch: pa.RecordBatch) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """The hashes of each list, a row each, and the row of each document of the batch.

        All documents have the first row, which is empty, where no language has a list of its own.
        """
        if not self.languages:
            return np.empty((1, 0), np.uint64), np.zeros(len(batch), np.int64)
        return self.listed(batch)

    def listed(self, batch: pa.RecordBatch) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """The same, but with English's own list as the first row."""
        if not self.languages:
            return self._hashes, np.zeros(len(batch), np.int64)
        encoded = batch.column("language").dictionary_encode()
        rows = np.array([self._row(label) for label in encoded.dictionary.to_pylist()] + [0], np.int64)
        codes = encoded.indices.fill_null(len(rows) - 1).to_numpy(zero_copy_only=False)
        return self._hashes, rows[codes]

    def _row(self, label: str) -> int:
        """The row of a label's list; that of English where it has none."""
        own = (row for row, language in enumerate(self.languages, 1) if matches(label, language))
        return next(own, 0)

    @cached_property
    def _hashes(self) -> npt.NDArray[np.uint64]:
        lists = [STOP_WORDS, *self.languages.values()]
        hashes = np.zeros(
            (len(lists), max(map(len, lists))), np.uint64
        )  # no word has the hash 0, but by chance
        for row, words in enumerate(lists):
            hashes[row, : len(words)] = [hash_of(word) for word in words]
        return hashes


def hash_of(word: str) -> int:
    """The hash of a word, lower-cased."""
    offsets, data = views(pa.array([word]))
    return int(hash_points(data, 0, int(offsets[1])))


ENGLISH = StopWords()
"""Gopher's eight words, in every language."""
