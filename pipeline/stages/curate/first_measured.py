"""Measures the first records of every source before any work, so that a broken plugin is an error at once."""

from collections.abc import Iterator, Mapping

import pyarrow as pa

from massivetext.filters import families
from massivetext.pipeline.config.load import ConfigError, Loaded
from massivetext.pipeline.plugins.use import in_use
from massivetext.pipeline.read.batches import batch_of
from massivetext.pipeline.read.first_records import First
from massivetext.pipeline.read.settings import Columns
from massivetext.pipeline.stages.curate.content import Content


def check(
    loaded: Loaded,
    first: Mapping[str, First],
    columns: Mapping[str, Columns],
    contents: Mapping[str, Content],
) -> None:
    """Raises ConfigError if a plugin fails on all first records of a source. The message has each fault once."""
    if not in_use().all:
        return
    faults = dict.fromkeys(
        fault
        for name, one in first.items()
        for fault in _faults(batch_of(name, one.name, one.records, columns[name]), contents[name])
    )
    if faults:
        where = loaded.where("plugins")
        raise ConfigError("\n".join(f"{where}: {fault}" for fault in faults))


def _faults(documents: pa.RecordBatch, content: Content) -> Iterator[str]:
    documents, taken = families.rewrite(documents, content.rewriters)
    language = pa.nulls(documents.num_rows, pa.string())
    for spared in (taken, families.measure(documents.append_column("language", language))):
        if documents.num_rows and len(spared.failed) == documents.num_rows:
            yield spared.failed[0]
