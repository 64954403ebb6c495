"""Limits on control characters and on U+FFFD. They are massivetext's own, and off by default."""

from massivetext.filters.edges import COUNTS
from massivetext.filters.families.family import Family, Limit
from massivetext.schemas.measurement import CHARACTERS

FAMILY = Family(
    name="characters",
    place=70,
    meaning="too many control characters or characters lost in decoding",
    limits={
        "control_character_count": Limit(maximum=0),
        "replacement_character_count": Limit(maximum=0),
    },
    meanings={
        "control_character_count": "control characters other than tabs and line ends",
        "replacement_character_count": "U+FFFD: characters lost in decoding",
        "mojibake_count": "signs of text decoded with the wrong charset",
    },
    edges=dict.fromkeys(CHARACTERS.names, COUNTS),
    is_always_shown=False,
)
