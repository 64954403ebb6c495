"""Near duplicates: how alike two texts are, and making one from another."""

import re

from sample_maker.own import ADDED


def jaccard(a: str, b: str) -> float:
    """Similarity of two texts' sets of word 13-grams."""
    sets = []
    for text in (a, b):
        words = re.findall(r"\w[^\s]*", text.lower())
        sets.append({tuple(words[i : i + 13]) for i in range(max(1, len(words) - 12))})
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def revise(text: str, mark: str, additions: int, first: int = 0) -> str:
    """`text` with so many sentences of ADDED put before evenly spaced occurrences of `mark`."""
    pieces = text.split(mark)
    step = len(pieces) // (additions + 1)
    for number in range(additions):
        pieces[step * (number + 1) - 1] += " " + ADDED[(first + number) % len(ADDED)]
    return mark.join(pieces)


def expect(low: float, value: float, high: float = 1.0) -> None:
    """Stop where a made pair is not as similar as it is meant to be."""
    if not low < value <= high:
        raise SystemExit(f"a made pair has Jaccard {value:.3f}, not within {low} and {high}")
