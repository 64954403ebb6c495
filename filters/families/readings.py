"""Gopher's rules as other projects read them, with Gopher's limits (filters.measure.readings). Off by default."""

from massivetext.filters.edges import COUNTS
from massivetext.filters.families.family import Family, Limit
from massivetext.filters.families.repetition import FAMILY as REPETITION

FAMILY = Family(
    name="readings",
    place=55,
    meaning="not like running text, or repeated, as other projects read Gopher's rules",
    limits={
        "alphabetic_token_fraction": Limit(minimum=0.8),
        "stop_word_occurrences": Limit(minimum=2),
        **{
            f"copied_{n}_gram_character_fraction": REPETITION.limits[f"duplicate_{n}_gram_character_fraction"]
            for n in range(5, 11)
        },
    },
    meanings={
        "alphabetic_token_fraction": "words with a letter per word and run of punctuation (datatrove, RedPajama)",
        "stop_word_occurrences": "how often stop words occur (Dolma, NeMo Curator, DCLM)",
        **{
            f"copied_{n}_gram_character_fraction": f"share of the words' characters in copies of runs of {n} words, "
            "without the first (datatrove)"
            for n in range(5, 11)
        },
    },
    edges={"stop_word_occurrences": COUNTS},
    is_always_shown=False,
)
