"""Gathers facts about the documents in the data that the report does not have: domains, dates and licences."""

import datetime
from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime import candidates

_HOST = r"^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/?#@]*@)?(?:www\.)?(?P<host>[^/:?#]+)"
CRAWLED = ("web", "news")
"""Kinds of source that are read from crawls: domains, dates and marks are those of their pages."""

_COLUMNS = ("id", "url", "captured", "licence", "licence_mark", "text_bytes")


@dataclass
class Gathered:
    """Counts of the documents in the data, which neither a rule nor a later stage removed."""

    documents: Counter[str] = field(default_factory=Counter)  # by source
    domains: Counter[str] = field(default_factory=Counter)  # bytes of text by host, without `www.`
    licences: Counter[str] = field(default_factory=Counter)  # documents; "" where none was found
    marks: Counter[tuple[str, str]] = field(default_factory=Counter)  # documents by licence and kind of mark
    first: datetime.datetime | None = None  # of the captures
    last: datetime.datetime | None = None

    def largest(self, share: float) -> list[tuple[str, int]]:
        """Returns this share of the domains, those with most text. Of equal ones, the first by name come first."""
        ordered = sorted(self.domains.items(), key=lambda entry: (-entry[1], entry[0]))
        return ordered[: -(-len(ordered) * int(1000 * share) // 1000)]


def gather(out: str, config: Config) -> Gathered:
    """Read documents/ once, without its texts."""
    found = Gathered()
    for item in candidates.candidates(out, list(config.sources)):
        for batch in candidates.batches(out, item, _COLUMNS):
            _add(found, item.source, batch, config.sources[item.source].kind in CRAWLED)
    return found


def _add(found: Gathered, source: str, batch: pa.RecordBatch, is_crawled: bool) -> None:
    found.documents[source] += batch.num_rows
    for row in pc.value_counts(batch.column("licence").fill_null("")).to_pylist():
        found.licences[row["values"]] += row["counts"]
    if not is_crawled:
        return
    hosts = pc.utf8_lower(pc.struct_field(pc.extract_regex(batch.column("url"), _HOST), "host"))
    sizes = pa.table({"host": hosts, "bytes": batch.column("text_bytes")}).filter(pc.is_valid(hosts))
    for row in sizes.group_by("host").aggregate([("bytes", "sum")]).to_pylist():
        found.domains[row["host"]] += row["bytes_sum"]
    marked = batch.filter(pc.is_valid(batch.column("licence_mark")))
    found.marks.update(
        zip(marked.column("licence").to_pylist(), marked.column("licence_mark").to_pylist(), strict=True)
    )
    dates = pc.min_max(batch.column("captured")).as_py()
    if dates["min"] is not None:
        found.first = min(filter(None, (found.first, dates["min"])))
        found.last = max(filter(None, (found.last, dates["max"])))
