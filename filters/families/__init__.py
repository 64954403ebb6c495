"""The families of rules, one file each, in the order in which `removed_by` names the first broken rule.

A file of this folder that holds a `FAMILY` is a family: to add one, add its file.
"""

from collections.abc import Mapping

from massivetext.filters.discover import declared
from massivetext.filters.families.family import Family, Limit

_DECLARED: list[Family] = declared(__name__, __path__, "FAMILY")

FAMILIES: Mapping[str, Family] = {
    family.name: family for family in sorted(_DECLARED, key=lambda family: family.place)
}
"""Every family, by its name in the configuration."""

LIMITS: Mapping[str, Limit] = {
    column: limit for family in FAMILIES.values() for column, limit in family.limits.items()
}
"""The default limit of every measurement that has one, by column."""

OF_COLUMNS = next(name for name, family in FAMILIES.items() if family.is_of_columns)
"""The family of limits on columns of the sources' own, whose rules bear the columns' names."""

RULES = tuple(
    rule
    for family in FAMILIES.values()
    if not family.is_of_columns
    for rule in family.limits or (family.name,)
)
"""The names of all rules but those of OF_COLUMNS, in the order of `removed_by`."""


def family_of(rule: str) -> str:
    """The name of the family that a rule belongs to."""
    if rule not in RULES:
        return rule if rule in FAMILIES else OF_COLUMNS
    return next((name for name, family in FAMILIES.items() if rule in family.limits), rule)


def place_of(rule: str) -> tuple[int, str]:
    """Where a rule stands in the order of `removed_by`: those on columns of the sources' own come last."""
    return (RULES.index(rule), "") if rule in RULES else (len(RULES), rule)
