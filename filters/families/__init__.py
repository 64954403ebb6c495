"""The families of rules, one file each. Their order decides which broken rule `removed_by` names.

Each file of this folder that holds a `FAMILY` declares a family: to add a family, add its file. A plugin adds a family
for a run.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.discover import Registry, declared
from massivetext.filters.families.family import Family, Limit
from massivetext.filters.families.spared import Spared, spare
from massivetext.schemas.document import CANDIDATE

_DECLARED: list[Family] = declared(__name__, __path__, "FAMILY")

FAMILIES: Registry[Family] = Registry(_DECLARED, order=lambda family: family.place)
"""Every family, by its name in the configuration."""

OF_COLUMNS = next(name for name, family in FAMILIES.items() if family.is_of_columns)
"""The family of limits on the sources' own columns. Its rules have the names of the columns."""


def limits() -> Mapping[str, Limit]:
    """The default limit of every measurement that has one, by column."""
    return {column: limit for family in FAMILIES.values() for column, limit in family.limits.items()}


def rules() -> tuple[str, ...]:
    """The names of all rules except those of OF_COLUMNS, in the order of `removed_by`."""
    return tuple(
        rule
        for family in FAMILIES.values()
        if not family.is_of_columns
        for rule in family.limits or (family.name,)
    )


def family_of(rule: str) -> str:
    """The name of the family that a rule belongs to."""
    if rule not in rules():
        return rule if rule in FAMILIES else OF_COLUMNS
    return next((name for name, family in FAMILIES.items() if rule in family.limits), rule)


def place_of(rule: str) -> tuple[int, str]:
    """The place of a rule in the order of `removed_by`; rules on the sources' own columns come last."""
    every = rules()
    return (every.index(rule), "") if rule in every else (len(every), rule)


def columns() -> pa.Schema:
    """The columns that families add to `documents/`."""
    return pa.schema([column for family in FAMILIES.values() for column in family.columns])


def documents() -> pa.Schema:
    """The columns of `documents/`; raises ValueError if two families add the same one."""
    schema = pa.schema([*CANDIDATE, *columns()])
    if twice := [name for name, count in Counter(schema.names).items() if count > 1]:
        raise ValueError(f"filters/families: the column `{twice[0]}` is declared twice")
    return schema


def rewrite(documents: pa.RecordBatch, names: Sequence[str]) -> tuple[pa.RecordBatch, Spared]:
    """The documents with their texts rewritten by the families of these names, one after the other.

    The second value is the number of characters that each family took away, a column for each name.
    """
    place = documents.schema.get_field_index("text")
    taken: list[pa.Array] = []
    failed: dict[int, str] = {}
    for name in names:
        found = spare(partial(_rewritten, FAMILIES[name]), documents, [pa.string()])
        before, after = documents.column("text"), found.columns[0]
        taken.append(pc.cast(pc.subtract(pc.utf8_length(before), pc.utf8_length(after)), pa.int64()))
        failed = {**found.failed, **failed}
        documents = documents.set_column(place, documents.schema.field(place), after.fill_null(""))
    return documents, Spared(taken, failed)


def _rewritten(family: Family, documents: pa.RecordBatch) -> list[pa.Array]:
    assert family.rewrite is not None, "only families that rewrite are asked to"
    return [family.rewrite(documents)]


def measure(documents: pa.RecordBatch) -> Spared:
    """The columns that families measure of each document, in the order of their schemas."""
    measuring = [family for family in FAMILIES.values() if family.measure is not None]
    found = [
        spare(
            partial(_measured, family),
            documents,
            [column.type for column in family.schema],
        )
        for family in measuring
    ]
    failed = {row: why for one in reversed(found) for row, why in one.failed.items()}
    return Spared([column for one in found for column in one.columns], failed)


def _measured(family: Family, documents: pa.RecordBatch) -> list[pa.Array]:
    assert family.measure is not None, "only families that measure are asked to"
    measured = family.measure(documents)
    return [_column(family, measured, column, documents.num_rows) for column in family.schema]


def _column(family: Family, measured: pa.RecordBatch, column: pa.Field, length: int) -> pa.Array:
    """A column that a family measured. Raises a TypeError that names both if it is not as declared."""
    if column.name not in measured.schema.names:
        raise TypeError(f"the family {family.name} does not measure its column `{column.name}`")
    values = measured.column(column.name)
    if values.type != column.type:
        raise TypeError(
            f"the family {family.name} measures `{column.name}` as {values.type}: expected {column.type}"
        )
    if len(values) != length:
        raise TypeError(
            f"the family {family.name} measures `{column.name}` of {len(values)} documents: expected {length}"
        )
    return values
