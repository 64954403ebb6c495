"""Gopher's quality heuristics (arXiv 2112.11446, appendix A.1.1)."""

import numpy as np

from massivetext.filters.edges import COUNTS
from massivetext.filters.families.family import Family, Limit

FAMILY = Family(
    name="quality",
    place=40,
    meaning="not like running text: too short, too long, symbols, bullets, too few common words",
    judges=frozenset({"web"}),
    limits={
        "word_count": Limit(50, 100_000),
        "mean_word_length": Limit(3, 10),
        "hash_ratio": Limit(maximum=0.1),
        "ellipsis_ratio": Limit(maximum=0.1),
        "bullet_line_fraction": Limit(maximum=0.9),
        "ellipsis_line_fraction": Limit(maximum=0.3),
        "alphabetic_word_fraction": Limit(minimum=0.8),
        "stop_word_count": Limit(minimum=2),
    },
    meanings={
        "word_count": "words",
        "mean_word_length": "characters in words / words",
        "hash_ratio": "# signs / words",
        "ellipsis_ratio": "ellipses (... or …) / words",
        "bullet_line_fraction": "share of the lines that start with a bullet",
        "ellipsis_line_fraction": "share of the lines that end in an ellipsis",
        "alphabetic_word_fraction": "share of the words that hold a letter",
        "stop_word_count": "how many stop words occur: the, be, to, of, and, that, have, with, or the language's own",
    },
    edges={
        "word_count": COUNTS,
        "mean_word_length": np.linspace(0, 20, 41),
        "stop_word_count": np.arange(0.0, 10.0),
    },
)
