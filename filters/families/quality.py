"""Gopher's quality heuristics (arXiv 2112.11446, appendix A.1.1)."""

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
)
