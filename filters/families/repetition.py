"""Gopher's limits on repetition (arXiv 2112.11446, Table A1)."""

from massivetext.filters.families.family import Family, Limit

FAMILY = Family(
    name="repetition",
    place=50,
    meaning="the same lines, paragraphs or runs of words again and again",
    judges=frozenset({"web"}),
    limits={
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
    },
)
