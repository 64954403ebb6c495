"""Finds the limits of a language in the documents of a run.

Each limit of a language removes at most the share of its documents that the paper's limit removes of English ones, and
is the tightest limit that does so. The stop words of a language are the words that most of its documents hold. No
document is declared to be good: only these shares are taken from English.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.families.family import Limit
from massivetext.filters.measure.spans import word_spans

Values = npt.NDArray[np.float64]

FEWEST = 50
"""A language with fewer documents gets no limits."""

FEWEST_ENGLISH = 500
"""If a run has fewer English documents, SHARES take the place of their shares."""

STOP_WORDS = 8
"""The number of stop words of a language, as in Gopher's list."""

CANDIDATES = 64
"""So many of the most frequent words in each part of a sample are counted: the stop words are among them."""

SHARES: Mapping[str, tuple[float, float]] = {
    "word_count": (0.0082, 0),
    "mean_word_length": (0, 0.0007),
    "hash_ratio": (0, 0.0014),
    "ellipsis_ratio": (0, 0),
    "bullet_line_fraction": (0, 0.0021),
    "ellipsis_line_fraction": (0, 0.0007),
    "alphabetic_word_fraction": (0.011, 0),
    "stop_word_count": (0.011, 0),
    "duplicate_line_fraction": (0, 0.0522),
    "duplicate_paragraph_fraction": (0, 0.0151),
    "duplicate_line_character_fraction": (0, 0.0254),
    "duplicate_paragraph_character_fraction": (0, 0.0089),
    "top_2_gram_character_fraction": (0, 0.0027),
    "top_3_gram_character_fraction": (0, 0.0075),
    "top_4_gram_character_fraction": (0, 0.0062),
    "duplicate_5_gram_character_fraction": (0, 0.1229),
    "duplicate_6_gram_character_fraction": (0, 0.1057),
    "duplicate_7_gram_character_fraction": (0, 0.0981),
    "duplicate_8_gram_character_fraction": (0, 0.0913),
    "duplicate_9_gram_character_fraction": (0, 0.0892),
    "duplicate_10_gram_character_fraction": (0, 0.0865),
}
"""The shares of 1,457 English pages, of 1,295 domains, below and above the paper's limits (WCXB, development half)."""


def shares(values: Values, limit: Limit) -> tuple[float, float]:
    """The shares of values below and above a limit."""
    lowest, highest = limit.sides
    return float(np.mean(values < lowest)), float(np.mean(values > highest))


def limit_at(values: Values, beyond: tuple[float, float], like: Limit) -> Limit:
    """The tightest limit that leaves at most the shares `beyond` of the values outside, on the sides that `like` has.

    On a side where it leaves no value outside, it is no tighter than that of `like`, since a sample does not hold the
    longest document of a language.
    """
    ordered = np.sort(values)
    below, above = (min(int(share * len(ordered)), len(ordered) - 1) for share in beyond)
    lowest, highest = float(ordered[below]), float(ordered[len(ordered) - 1 - above])
    if like.minimum is not None and below == 0:
        lowest = min(lowest, like.minimum)
    if like.maximum is not None and above == 0:
        highest = max(highest, like.maximum)
    return Limit(
        None if like.minimum is None else _round(lowest, np.floor),
        None if like.maximum is None else _round(highest, np.ceil),
    )


def _round(value: float, outwards: np.ufunc) -> float:
    """The value with four decimals, which people can read, rounded so that the limit never becomes tighter."""
    return float(outwards(value * 1e4) / 1e4)


def frequent(texts: pa.StringArray, count: int = CANDIDATES) -> list[list[str]]:
    """The frequent words in each text: those of the `count` words that occur in the most texts. Words are lower-cased;
    words with digits do not count.
    """
    held = [
        sorted({text[start:end].lower() for start, end in word_spans(text)}) for text in texts.to_pylist()
    ]
    counted = pc.value_counts(
        pa.array([word for words in held for word in words if _is_word(word)], pa.string())
    )
    most = {word for word, _ in _most(counted, count)}
    return [[word for word in words if word in most] for words in held]


def stop_words(held: pa.ListArray, count: int = STOP_WORDS) -> list[str]:
    """The `count` words that occur in the most lists."""
    return [word for word, _ in _most(pc.value_counts(held.flatten()), count)]


def count_held(held: pa.ListArray, words: list[str]) -> Values:
    """How many of the words each list holds."""
    found = pc.is_in(held.flatten(), pa.array(words, pa.string())).to_numpy(zero_copy_only=False)
    rows = pc.list_parent_indices(held).to_numpy(zero_copy_only=False)
    return np.bincount(rows[found], minlength=len(held)).astype(np.float64)


def _is_word(word: str) -> bool:
    return not any(sign.isdigit() for sign in word)


def _most(counted: pa.StructArray, count: int) -> list[tuple[str, int]]:
    pairs = zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:count]
