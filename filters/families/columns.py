"""Limits on the sources' own columns, which the user states with each source in the configuration."""

from massivetext.filters.families.family import Family

FAMILY = Family(
    name="columns",
    place=90,
    meaning="beyond a limit on a column of the source's own, such as a score",
    is_of_columns=True,
    is_always_shown=False,
)
