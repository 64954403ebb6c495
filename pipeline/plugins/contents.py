"""The contents of a plugin: families, kinds, formats and tokenizers for the lists of this package."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import pyarrow as pa

from massivetext.filters.edges import COUNTS, SHARES, Edges
from massivetext.filters.families import FAMILIES
from massivetext.filters.families.family import Family
from massivetext.filters.families.measurement import Measurement
from massivetext.pipeline.plugins.guard import PluginError, called, reader
from massivetext.pipeline.plugins.guarded_format import guarded_format
from massivetext.pipeline.plugins.plugin import Plugin
from massivetext.pipeline.plugins.tokenizers import TokenizerInUse, TokenizerKind
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.kinds.kind import SourceKind
from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.shards.format import ShardFormat

PLACE = 58  # the place of measurements among the families: after quality and repetition
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_Entry = TypeVar("_Entry")


@dataclass(frozen=True)
class Contents:
    """The families of rules, kinds of source, shard formats and kinds of tokenizer of one plugin."""

    families: list[Family] = field(default_factory=list)
    kinds: list[SourceKind] = field(default_factory=list)
    formats: list[ShardFormat] = field(default_factory=list)
    tokenizers: list[TokenizerInUse] = field(default_factory=list)


def contents(plugin: Plugin, seconds: float) -> Contents:
    """Returns the objects that a plugin declares. Its functions are called with a time limit, and errors name the
    plugin.

    Raises PluginError if the plugin declares nothing, or something invalid.
    """
    values = plugin.values()
    measurements = _of(values, Measurement, ())
    families = [*_of(values, Family, FAMILIES.values()), *_family(plugin, measurements)]
    for family in families:
        _check(plugin, family)
    found = Contents(
        [_guarded_family(plugin, family, seconds) for family in families],
        [
            replace(kind, read=reader(plugin.name, kind.name, seconds, kind.read))
            for kind in _of(values, SourceKind, KINDS.values())
        ],
        [guarded_format(plugin.name, form, seconds) for form in _of(values, ShardFormat, FORMATS.values())],
        [
            TokenizerInUse(plugin.name, kind.name, seconds, kind.open)
            for kind in _of(values, TokenizerKind, ())
        ],
    )
    if not any(vars(found).values()):
        raise PluginError(
            f"{plugin.name}: it declares nothing: expected a Measurement, Family, SourceKind, ShardFormat or "
            "TokenizerKind (docs/extending.md)"
        )
    return found


def _of(values: Mapping[str, object], kind: type[_Entry], known: Iterable[object]) -> list[_Entry]:
    """Returns the values of a type, alone or in lists, each once, without those that the plugin imports from here."""
    imported = {id(one) for one in known}
    every = [
        one for value in values.values() for one in (value if isinstance(value, list | tuple) else [value])
    ]
    found = {id(one): one for one in every if isinstance(one, kind) and id(one) not in imported}
    return list(found.values())


def _family(plugin: Plugin, measurements: list[Measurement]) -> list[Family]:
    """Returns the family of a plugin's measurements. It has the plugin's name and judges every kind of source."""
    if not measurements:
        return []
    edges = {
        one.name: COUNTS if one.edges is None and pa.types.is_integer(one.type) else one.edges
        for one in measurements
    }
    return [
        Family(
            name=plugin.stem,
            place=PLACE,
            meaning=f"beyond a limit of {plugin.stem}",
            judges=frozenset(KINDS),
            limits={one.name: one.limit for one in measurements},
            meanings={one.name: one.meaning for one in measurements},
            edges={name: _edges(plugin, name, given) for name, given in edges.items()},
            schema=pa.schema([pa.field(one.name, one.type) for one in measurements]),
            measure=lambda batch: pa.RecordBatch.from_arrays(
                [one.column(batch) for one in measurements], names=[one.name for one in measurements]
            ),
        )
    ]


def _edges(plugin: Plugin, name: str, given: object) -> Edges:
    edges = SHARES if given is None else np.asarray(given, np.float64)
    if edges.ndim != 1 or len(edges) < 2 or not np.all(np.diff(edges) > 0):
        raise PluginError(
            f"{plugin.name}: the edges of `{name}`: expected at least two numbers in increasing order"
        )
    return edges


def _check(plugin: Plugin, family: Family) -> None:
    if not _NAME.fullmatch(family.name):
        raise PluginError(
            f"{plugin.name}: `{family.name}` cannot be a section's name: expected a-z, 0-9 and _"
        )
    if not family.limits:
        raise PluginError(
            f"{plugin.name}: the family {family.name} has no limits: give one for each column (for a yes or no, "
            "measure 1 or 0 with the limit 0)"
        )
    for column in family.schema:
        if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
            raise PluginError(
                f"{plugin.name}: `{column.name}` has the type {column.type}: expected a number, such as "
                "pa.float64() or pa.int64()"
            )
    if unmeasured := [name for name in family.limits if name not in family.schema.names]:
        raise PluginError(f"{plugin.name}: the family {family.name} does not measure `{unmeasured[0]}`")


def _guarded_family(plugin: Plugin, family: Family, seconds: float) -> Family:
    measure, rewrite = family.measure, family.rewrite

    def measured(batch: pa.RecordBatch) -> pa.RecordBatch:
        assert measure is not None
        found = called(plugin.name, family.name, seconds, lambda: measure(batch))
        if not isinstance(found, pa.RecordBatch):
            raise PluginError(
                f"{plugin.name}: {family.name} returns a {type(found).__name__}: expected a RecordBatch"
            )
        return _fitting(plugin, family, found, batch.num_rows)

    def rewritten(batch: pa.RecordBatch) -> pa.Array:
        assert rewrite is not None
        found = called(plugin.name, family.name, seconds, lambda: rewrite(batch))
        if not isinstance(found, pa.Array) or found.type != pa.string() or found.null_count:
            raise PluginError(
                f"{plugin.name}: {family.name} rewrites texts as {getattr(found, 'type', type(found).__name__)}: "
                "expected an array of strings without nulls"
            )
        if len(found) != batch.num_rows:
            raise PluginError(
                f"{plugin.name}: {family.name} returns {len(found)} texts for {batch.num_rows}: expected one for each"
            )
        return found

    return replace(
        family,
        measure=measured if measure else None,
        rewrite=rewritten if rewrite else None,
    )


def _fitting(plugin: Plugin, family: Family, found: pa.RecordBatch, length: int) -> pa.RecordBatch:
    """Returns a family's columns with the types of its schema. Raises PluginError if one differs from its
    declaration."""
    columns = []
    for column in family.schema:
        if column.name not in found.schema.names:
            raise PluginError(f"{plugin.name}: {family.name} does not measure its column `{column.name}`")
        values = found.column(column.name)
        if len(values) != length:
            raise PluginError(
                f"{plugin.name}: `{column.name}` has {len(values)} values for {length} documents"
            )
        if values.type != column.type:
            try:
                values = values.cast(column.type)
            except pa.ArrowInvalid as error:
                raise PluginError(
                    f"{plugin.name}: `{column.name}` is measured as {values.type}: expected {column.type} ({error})"
                ) from error
            except pa.ArrowNotImplementedError as error:
                raise PluginError(
                    f"{plugin.name}: `{column.name}` is measured as {values.type}: expected {column.type}"
                ) from error
        columns.append(values)
    return pa.RecordBatch.from_arrays(columns, schema=family.schema)
