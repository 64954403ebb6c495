"""Gopher's limits on repetition (arXiv 2112.11446, Table A1)."""

from massivetext.filters.families.family import Family, Limit

_SHARE = "share of the words' characters in"

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
    meanings={
        "duplicate_line_fraction": "share of the lines that repeat another one",
        "duplicate_paragraph_fraction": "share of the paragraphs that repeat another one",
        "duplicate_line_character_fraction": "share of the characters in lines that repeat another one",
        "duplicate_paragraph_character_fraction": "share of the characters in paragraphs that repeat another one",
        **{
            f"top_{n}_gram_character_fraction": f"{_SHARE} the most frequent run of {n} words"
            for n in range(2, 5)
        },
        **{
            f"duplicate_{n}_gram_character_fraction": f"{_SHARE} runs of {n} words that occur twice or more"
            for n in range(5, 11)
        },
    },
)
