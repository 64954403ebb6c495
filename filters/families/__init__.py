"""The families of rules, one file each, in the order in which `removed_by` names the first broken rule.

A file of this folder that holds a `FAMILY` is a family: to add one, add its file.
"""

from collections import Counter
from collections.abc import Mapping

import pyarrow as pa

from massivetext.filters.discover import declared
from massivetext.filters.families.family import Family, Limit
from massivetext.schemas.document import CANDIDATE

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


COLUMNS = pa.schema([column for family in FAMILIES.values() for column in family.schema])
"""The columns that families bring with them."""

DOCUMENTS = pa.schema([*CANDIDATE, *COLUMNS])
"""The columns of `documents/`."""

if _twice := [name for name, count in Counter(DOCUMENTS.names).items() if count > 1]:
    raise ValueError(f"filters/families: the column `{_twice[0]}` is declared twice")


def measure(documents: pa.RecordBatch) -> list[pa.Array]:
    """The columns of COLUMNS for each document's `text`. Raises TypeError, naming the column, where one is amiss."""
    return [
        _column(family, measured, column)
        for family in FAMILIES.values()
        if family.measure is not None
        for measured in [family.measure(documents)]
        for column in family.schema
    ]


def _column(family: Family, measured: pa.RecordBatch, column: pa.Field) -> pa.Array:
    if column.name not in measured.schema.names:
        raise TypeError(f"the family {family.name} does not measure its column `{column.name}`")
    values = measured.column(column.name)
    if values.type != column.type:
        raise TypeError(
            f"the family {family.name} measures `{column.name}` as {values.type}: expected {column.type}"
        )
    return values
