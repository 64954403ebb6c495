"""The families of rules, one file each, in the order in which `removed_by` names the first broken rule.

A file of this folder that holds a `FAMILY` is a family: to add one, add its file. A plugin adds one for a run.
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
"""The family of limits on columns of the sources' own, whose rules bear the columns' names."""


def limits() -> Mapping[str, Limit]:
    """The default limit of every measurement that has one, by column."""
    return {column: limit for family in FAMILIES.values() for column, limit in family.limits.items()}


def rules() -> tuple[str, ...]:
    """The names of all rules but those of OF_COLUMNS, in the order of `removed_by`."""
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
    """Where a rule stands in the order of `removed_by`: those on columns of the sources' own come last."""
    every = rules()
    return (every.index(rule), "") if rule in every else (len(every), rule)


def columns() -> pa.Schema:
    """The columns that families bring with them."""
    return pa.schema([column for family in FAMILIES.values() for column in family.columns])


def documents() -> pa.Schema:
    """The columns of `documents/`; raises ValueError where two families bring the same one."""
    schema = pa.schema([*CANDIDATE, *columns()])
    if twice := [name for name, count in Counter(schema.names).items() if count > 1]:
        raise ValueError(f"filters/families: the column `{twice[0]}` is declared twice")
    return schema


def rewrite(documents: pa.RecordBatch, names: Sequence[str]) -> tuple[pa.RecordBatch, Spared]:
    """The documents with the texts that the families of these names make of them, one after the other.

    The second is how many characters each family took away, a column for each name.
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
    """A column that a family measured. Raises TypeError, naming family and column, where it is amiss."""
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
