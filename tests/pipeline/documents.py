"""Writes documents/ and verdicts/ like curate, for tests of later stages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from massivetext.filters.families.family import Rule
from massivetext.pipeline.runtime.parts import Step
from massivetext.pipeline.runtime.work_on import WorkOn
from massivetext.pipeline.stages.curate.judge import STEP, Judge, Measured
from massivetext.pipeline.storage import layout
from massivetext.schemas.document import CANDIDATE


def write_documents(
    out: Path, source: str, part: int, rows: Sequence[dict[str, Any]], rules: Sequence[Rule] = ()
) -> pa.Table:
    """Write a part of a source and judge it. Columns that a row lacks are null, except the size of its text."""
    path = out / layout.documents(source, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    sized = [{"text_bytes": len(row["text"].encode()), **row} for row in rows]
    table = pa.Table.from_pylist(sized, CANDIDATE)
    pq.write_table(table, path, row_group_size=50)
    step = Step.of(STEP, Judge(str(out), {source: tuple(rules)}))
    assert list(WorkOn(str(out), step).process(Measured(part, source, ""))) == [part]
    assert (out / layout.verdicts(source, part)).exists()
    return table


def judged(out: Path) -> pa.Table:
    """Returns every document of a run, with its source and its verdict."""
    tables = []
    for path in sorted((out / "documents").rglob("*.parquet")):
        documents = pq.read_table(path, partitioning=None)
        verdicts = pq.read_table(str(path).replace("documents", "verdicts"), partitioning=None)
        assert documents.column("id").equals(verdicts.column("id"))
        source = pa.array([layout.source_of(str(path))] * len(documents), pa.string())
        documents = documents.append_column("source", source)
        for name in ("removed_by", "failed_rules"):
            documents = documents.append_column(name, verdicts.column(name))
        tables.append(documents)
    return pa.concat_tables(tables, promote_options="default")  # sources may keep other columns


def kept(out: Path) -> pa.Table:
    """Returns the documents that a run's rules keep, with their source."""
    table = judged(out)
    return table.filter(pc.is_null(table.column("removed_by"))).drop_columns(["removed_by", "failed_rules"])


def removed(out: Path) -> pa.Table:
    """Returns the documents that a run's rules remove, with their source and their verdict."""
    table = judged(out)
    return table.filter(pc.is_valid(table.column("removed_by")))
