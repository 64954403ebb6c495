"""Limits on control characters and on U+FFFD; our own, off by default."""

from massivetext.filters.families.family import Family, Limit

FAMILY = Family(
    name="characters",
    place=70,
    meaning="too many control characters or characters lost in decoding",
    limits={
        "control_character_count": Limit(maximum=0),
        "replacement_character_count": Limit(maximum=0),
    },
    is_always_shown=False,
)
