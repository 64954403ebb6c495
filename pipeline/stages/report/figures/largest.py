"""The largest groups of near duplicates in sources that lost nearly everything to them. A person must decide whether
such a group is one template or a mistake.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.stages.report.documents import excerpts
from massivetext.pipeline.stages.report.figures.duplicates import batches
from massivetext.pipeline.stages.report.stats import Warning
from massivetext.pipeline.stages.report.stats_matches import LargestGroup

GROUPS = 3  # groups shown of each source
COUNTERS = 100_000  # survivors that are counted at a time, so that memory does not grow with their number


def largest(out: str, sources: Sequence[str], warnings: Sequence[Warning]) -> list[LargestGroup]:
    """The survivors with the most duplicates in sources that were nearly emptied, each with one of the duplicates."""
    emptied = [warning.subject for warning in warnings if warning.code == "over_deletion"]
    chosen = [
        {**row, "source": source} for source in emptied for row in _counted(out, sources, source).to_pylist()
    ]
    ids = [row[name] for row in chosen for name in ("id_min", "survivor_id")]
    places = excerpts.find(out, sources, ids)
    documents = excerpts.fetch(out, places.values(), excerpts.SHOWN)
    found = []
    for row in chosen:
        removed = documents[places[row["id_min"]]]
        here = None if row["survivor_output"] else places.get(row["survivor_id"])
        shown = excerpts.beside(removed, documents[here]) if here else (excerpts.beginning(removed), None)
        found.append(
            LargestGroup(
                source=row["source"],
                survivor_id=row["survivor_id"],
                survivor_output=row["survivor_output"],
                documents=row["id_count"],
                document=shown[0],
                survivor=shown[1],
            )
        )
    return found


def _counted(out: str, sources: Sequence[str], source: str) -> pa.Table:
    """The survivors with the most duplicates, the number of these, and the first of their ids."""
    frequent = pa.array(_frequent(_near(out, sources, source)), pa.string())
    counted = [_grouped(table, frequent) for table in _near(out, sources, source)]
    names = ["survivor_id", "survivor_output"]
    joined = pa.concat_tables(counted).group_by(names).aggregate([("id_count", "sum"), ("id_min", "min")])
    joined = joined.rename_columns([*names, "id_count", "id_min"])
    by: list[tuple[str, str]] = [("id_count", "descending"), ("survivor_id", "ascending")]
    return joined.sort_by(by).slice(0, GROUPS)


def _grouped(table: pa.Table, survivors: pa.Array) -> pa.Table:
    chosen = table.filter(pc.is_in(table.column("survivor_id"), survivors))
    return chosen.group_by(["survivor_id", "survivor_output"]).aggregate([("id", "count"), ("id", "min")])


def _near(out: str, sources: Sequence[str], source: str) -> Iterator[pa.Table]:
    """The near duplicates of one source."""
    for of, batch in batches(out, "duplicates", sources):
        if of == source:
            yield pa.Table.from_batches([batch.filter(pc.equal(batch.column("kind"), "near"))])


def _frequent(tables: Iterator[pa.Table]) -> list[str]:
    """The survivors that are likely the most frequent, counted in bounded memory (Misra and Gries, 1982)."""
    counts: Counter[str] = Counter()
    for table in tables:
        for one in pc.value_counts(table.column("survivor_id")).to_pylist():
            counts[one["values"]] += one["counts"]
        if len(counts) > COUNTERS:
            least = sorted(counts.values(), reverse=True)[COUNTERS]
            counts = Counter({id_: count - least for id_, count in counts.items() if count > least})
    return [id_ for id_, _ in counts.most_common(10 * GROUPS)]
