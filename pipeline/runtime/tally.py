"""Counts what happens to documents, in figures that add up over parts."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.schemas.statistics import STATISTIC


class Figure(StrEnum):
    """The figures, and the key by which each is counted. Records store the value."""

    INPUT = "input"  # files that begin in the part, and their bytes on disk
    READ = "read"  # records, with failed ones
    FAILED = "failed"  # records that could not be read
    SKIPPED = "skipped"  # records that are no documents, by kind
    SENTENCES_LEFT_OUT = (
        "sentences_left_out"  # by the reader: sentences, and documents that lack some, by these words
    )
    KEPT = "kept"  # documents that stay after the stage
    CANDIDATES = "candidates"  # documents that the rules keep, by a hash of their rows
    REMOVED = "removed"  # by the first rule broken
    BROKEN = "broken"  # by every rule broken
    ONLY = "only"  # by the only rule that is broken
    OVERLAP = "overlap"  # by two rules that are both broken
    LANGUAGE = "language"  # documents by language
    LANGUAGE_KEPT = "language_kept"  # kept documents by language
    HISTOGRAM = "histogram"  # by `column:bin`
    DUPLICATE = "duplicate"  # removed documents by kind of duplicate
    MATCHED = "matched"  # documents by the test set that they match
    CONTAMINATED = "contaminated"  # removed documents by test set
    CANARIES = "canaries"  # altered test items put into documents, by form
    CANARIES_FOUND = "canaries found"  # those of them that the search found
    SAMPLED = "sampled"  # documents that the tokenizer is trained on
    VOCABULARY_REDUCED = "vocabulary_reduced"  # by the pieces that the text supports
    TOKENIZED = "tokenized"  # encoded documents
    TOKENS_SQUARED = "tokens_squared"  # the sum of the squares of the documents' tokens
    BYTE_FALLBACK = "byte_fallback"  # tokens for single bytes
    UNKNOWN = "unknown"  # tokens for text that the vocabulary cannot spell
    REARRANGED = "rearranged"  # documents rearranged for fill-in-the-middle
    CHECKED = "checked"  # documents that were encoded both ways
    WORD_LOOKUPS = "word_lookups"  # words that the encoder looked up
    WORD_MISSES = "word_misses"  # those that were not in its table
    TRAINING = "training"  # documents for training
    HELD_OUT = "held_out"  # documents for validation
    MIXED = "mixed"  # documents and tokens in the shards
    SEQUENCES = "sequences"  # sequences in the shards
    PADDING = "padding"  # tokens that fill sequences
    AUDITED = "audited"  # documents that were searched for features
    AUDITED_BROKEN = "audited_broken"  # by every rule that they break
    MATCHES = "matches"  # of a group's patterns, by group and pattern
    MATCHES_BROKEN = "matches_broken"  # by group, pattern and rule
    FEATURE = "feature"  # documents with a feature, by group
    MEMBER = "member"  # documents of a group
    MEMBER_REMOVED = "member_removed"  # removed documents of a group
    MEMBER_BROKEN = "member_broken"  # by group and rule
    SCORE = "score"  # documents with a score, by the score's column
    SCORE_BROKEN = "score_broken"  # by column and rule
    SEARCHED = "searched"  # documents that were searched for words near mentions of people
    MENTION = "mention"  # mentions of people, by the word
    NEAR = "near"  # by template, the word for people and the word near it
    RULE_LANGUAGE = "rule_language"  # by rule broken and language
    LICENCE = "licence"  # by licence
    LICENCE_REMOVED = "licence_removed"  # removed ones
    ASKED = "asked"  # by what the page or its site asks of crawlers
    ASKED_REMOVED = "asked_removed"  # removed ones
    LENGTH = "length"  # by length
    LENGTH_REMOVED = "length_removed"  # removed ones
    TOP_LEVEL = "top_level"  # by top-level domain
    TOP_LEVEL_REMOVED = "top_level_removed"  # removed ones
    DOMAIN = "domain"  # by domain
    DOMAIN_REMOVED = "domain_removed"  # removed ones

    @property
    def of_removed(self) -> "Figure":
        """Returns the figure that counts the same for removed documents only."""
        return Figure(f"{self}_removed")


class Counts(NamedTuple):
    """The counts of a figure."""

    documents: int = 0
    bytes: int = 0
    tokens: int = 0


class Row(NamedTuple):
    """One figure of one part, as its record stores it."""

    source: str
    figure: str
    key: str
    documents: int
    bytes: int
    tokens: int


class Tally:
    """Counts of documents, bytes and tokens by source, figure and key."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], list[int]] = {}

    def add(
        self, source: str, figure: Figure, key: str = "", documents: int = 0, size: int = 0, tokens: int = 0
    ) -> None:
        counts = self._counts.setdefault((source, figure, key), [0, 0, 0])
        counts[0] += documents
        counts[1] += size
        counts[2] += tokens

    def add_selected(
        self,
        source: str,
        figure: Figure,
        key: str,
        selected: npt.NDArray[np.bool_],
        sizes: npt.NDArray[np.int64],
    ) -> None:
        """Count the selected documents of a batch. Stores nothing if none is selected."""
        if documents := int(np.count_nonzero(selected)):
            self.add(source, figure, key, documents, int(sizes[selected].sum()))

    def rows(self) -> list[Row]:
        """Returns all counts, sorted, so that the same counts give the same rows."""
        return [Row(*key, *counts) for key, counts in sorted(self._counts.items())]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Tally":
        """Returns the sum of the rows of any number of parts."""
        tally = cls()
        for row in rows:
            tally.add(row.source, Figure(row.figure), row.key, row.documents, row.bytes, row.tokens)
        return tally

    def count(self, source: str, figure: Figure, key: str = "") -> Counts:
        """Returns the counts of a figure; zeros if it was never counted."""
        return Counts(*self._counts.get((source, figure, key), ()))


def table(stage: str, rows: Iterable[Row]) -> pa.Table:
    """Returns the rows of one stage as a table of STATISTIC."""
    return pa.Table.from_pylist([{"stage": stage, **row._asdict()} for row in rows], STATISTIC)
