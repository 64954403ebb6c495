"""Whether an answer stands beside its question."""

import numpy as np

from massivetext.filters.similarity.terms import terms_of

BESIDE = 32
"""An answer is looked for within three times its own terms and so many more."""


def share_beside(text: str, end: int, answer: str) -> float:
    """The share of an answer's distinct terms that stand in the text soon after a byte; 0 for one without terms."""
    wanted = np.unique(terms_of(answer))
    after = terms_of(text.encode()[end:].decode(errors="replace"))[: 3 * len(wanted) + BESIDE]
    return float(np.isin(wanted, after).mean()) if len(wanted) else 0.0
