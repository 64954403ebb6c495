"""Rules and verdicts: which documents break which rules. Measurements come in, thresholds are data.

Limits: Gopher's quality heuristics (arXiv 2112.11446, appendix A.1.1) and Table A1; for code, those of
StarCoder (arXiv 2305.06161) and, of encoded data, StarCoder2 (arXiv 2402.19173); of characters, our own,
off by default. A document is removed
when a measurement lies strictly beyond a limit; a document that was not measured (null) breaks nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.language.language import keeps
from massivetext.filters.licence.licence import permit

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Limit:
    """The closed interval a measurement may lie in; None leaves a side open."""

    minimum: float | None = None
    maximum: float | None = None


QUALITY_LIMITS: Mapping[str, Limit] = {
    "word_count": Limit(50, 100_000),
    "mean_word_length": Limit(3, 10),
    "hash_ratio": Limit(maximum=0.1),
    "ellipsis_ratio": Limit(maximum=0.1),
    "bullet_line_fraction": Limit(maximum=0.9),
    "ellipsis_line_fraction": Limit(maximum=0.3),
    "alphabetic_word_fraction": Limit(minimum=0.8),
    "stop_word_count": Limit(minimum=2),
}

REPETITION_LIMITS: Mapping[str, Limit] = {
    "duplicate_line_fraction": Limit(maximum=0.30),
    "duplicate_paragraph_fraction": Limit(maximum=0.30),
    "duplicate_line_character_fraction": Limit(maximum=0.20),
    "duplicate_paragraph_character_fraction": Limit(maximum=0.20),
    "top_2_gram_character_fraction": Limit(maximum=0.20),
    "top_3_gram_character_fraction": Limit(maximum=0.18),
    "top_4_gram_character_fraction": Limit(maximum=0.16),
    "duplicate_5_gram_character_fraction": Limit(maximum=0.15),
    "duplicate_6_gram_character_fraction": Limit(maximum=0.14),
    "duplicate_7_gram_character_fraction": Limit(maximum=0.13),
    "duplicate_8_gram_character_fraction": Limit(maximum=0.12),
    "duplicate_9_gram_character_fraction": Limit(maximum=0.11),
    "duplicate_10_gram_character_fraction": Limit(maximum=0.10),
}

CODE_LIMITS: Mapping[str, Limit] = {
    "maximum_line_length": Limit(maximum=1000),
    "mean_line_length": Limit(maximum=100),
    "alphanumeric_fraction": Limit(minimum=0.25),
    "encoded_data_fraction": Limit(maximum=0.5),
    "longest_encoded_run": Limit(maximum=1024),
}

CHARACTER_LIMITS: Mapping[str, Limit] = {
    "control_character_count": Limit(maximum=0),
    "replacement_character_count": Limit(maximum=0),
}

FAMILIES: Mapping[str, Mapping[str, Limit]] = {
    "quality": QUALITY_LIMITS,
    "repetition": REPETITION_LIMITS,
    "code_quality": CODE_LIMITS,
    "characters": CHARACTER_LIMITS,
}
"""The limits of each family of rules, by its name in the configuration, in the order of `removed_by`."""


def family(rule: str) -> str:
    """The family a rule belongs to, as the configuration names it: its own name for one that is no limit."""
    return next((name for name, limits in FAMILIES.items() if rule in limits), rule)


class Rule(Protocol):
    """One reason to remove a document. `name` is the reason as columns, report and commands spell it; `columns`
    are those of a measured batch that it looks at."""

    @property
    def name(self) -> str: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    def broken(self, batch: pa.RecordBatch) -> Mask:
        """True for each document of a measured batch that breaks the rule."""
        ...


@dataclass(frozen=True)
class LimitRule:
    """A measurement strictly beyond its limit."""

    name: str  # the measurement's column
    limit: Limit

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name,)

    def broken(self, batch: pa.RecordBatch) -> Mask:
        values = batch.column(self.name).to_numpy(zero_copy_only=False).astype(np.float64)
        beyond = np.zeros(len(values), dtype=np.bool_)
        if self.limit.minimum is not None:
            beyond |= values < self.limit.minimum  # a null is NaN here, and no comparison with it holds
        if self.limit.maximum is not None:
            beyond |= values > self.limit.maximum
        return beyond


@dataclass(frozen=True)
class LanguageRule:
    """Another language than those kept, or too little probability."""

    keep: tuple[str, ...]
    minimum_probability: float
    name: str = "language"
    columns: tuple[str, ...] = ("language", "language_probability")

    def broken(self, batch: pa.RecordBatch) -> Mask:
        kept = keeps(
            batch.column("language"),
            batch.column("language_probability"),
            list(self.keep),
            self.minimum_probability,
        )
        return ~_mask(kept)


@dataclass(frozen=True)
class LicenceRule:
    """No licence, or none of those kept."""

    keep: tuple[str, ...]
    name: str = "licence"
    columns: tuple[str, ...] = ("licence",)

    def broken(self, batch: pa.RecordBatch) -> Mask:
        return ~_mask(permit(batch.column("licence"), frozenset(self.keep)))


@dataclass(frozen=True)
class RobotsRule:
    """A page that asks crawlers for something that is refused, such as noai; `none` is noindex and nofollow."""

    refuse: tuple[str, ...]
    name: str = "robots"
    columns: tuple[str, ...] = ("robots",)

    def broken(self, batch: pa.RecordBatch) -> Mask:
        asked = batch.column("robots")
        refused = {each.lower() for each in self.refuse}
        if refused & {"noindex", "nofollow"}:
            refused.add("none")
        names = pc.replace_substring_regex(pc.list_flatten(asked), ":.*", "")
        broken = np.zeros(batch.num_rows, dtype=np.bool_)
        is_refused = _mask(pc.is_in(names, pa.array(sorted(refused))))
        broken[pc.list_parent_indices(asked).to_numpy(zero_copy_only=False)[is_refused]] = True
        return broken


@dataclass(frozen=True)
class BlocklistRule:
    """A URL that stands on a blocklist."""

    name: str = "blocklist"
    columns: tuple[str, ...] = ("blocklisted",)

    def broken(self, batch: pa.RecordBatch) -> Mask:
        return _mask(batch.column("blocklisted").is_valid())


def judge(batch: pa.RecordBatch, rules: Sequence[Rule]) -> Mask:
    """Every verdict: a matrix of [documents, rules], True where the document breaks the rule."""
    if not rules:
        return np.zeros((batch.num_rows, 0), dtype=np.bool_)
    return np.column_stack([rule.broken(batch) for rule in rules])


def reasons(verdicts: Mask, rules: Sequence[Rule]) -> tuple[pa.StringArray, pa.ListArray]:
    """`removed_by` (the first broken rule in the rules' order) and `failed_rules` (all of them).

    `verdicts` are those of removed documents only: each row holds at least one True.
    """
    names = pa.array([rule.name for rule in rules], pa.string())
    first = pc.take(names, pa.array(np.argmax(verdicts, axis=1)))
    _, broken = np.nonzero(verdicts)
    offsets = np.concatenate([[0], np.cumsum(verdicts.sum(axis=1))]).astype(np.int32)
    return first, pa.ListArray.from_arrays(pa.array(offsets), pc.take(names, pa.array(broken)))


def _mask(values: pa.BooleanArray) -> Mask:
    mask: Mask = values.fill_null(False).to_numpy(zero_copy_only=False)
    return mask
