"""Sites: finds the files in which sites state their reservations, in WARC files, and applies them to each page.

A robots.txt may be in another WARC file than the pages of its site. So one pass over all WARC files collects these
files before any page is judged. Of several captures of one file, the last counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple

import orjson
import pyarrow as pa

from massivetext.filters.reservations.paths import site_and_path
from massivetext.filters.reservations.robots_txt import PathRule, Rules
from massivetext.filters.reservations.site import PATHS, said_of, statements
from massivetext.pipeline.read.formats import headers, http, recognise, warc
from massivetext.pipeline.read.formats.decompress import Decompressed
from massivetext.pipeline.read.record import Failure
from massivetext.pipeline.read.settings import Limits
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.curate.parts import Files
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.storage.files import Written
from massivetext.pipeline.storage.origin import Origin
from massivetext.pipeline.storage.output import Output

STEP = "curate/sites"
_MERGED = layout.work(names.CURATE, "sites.jsonl")

STATED = pa.schema(
    [
        pa.field("site", pa.string(), nullable=False),
        pa.field("statement", pa.string(), nullable=False),  # `robots.txt:gptbot`, `tdmrep.json`, `ai.txt`
        pa.field("captured", pa.string(), nullable=False),  # WARC-Date
        pa.field("patterns", pa.list_(pa.string()), nullable=False),
        pa.field("allows", pa.list_(pa.bool_()), nullable=False),  # for each pattern, whether it allows
    ]
)
"""What a site's file states. Without patterns it states nothing, but replaces an earlier capture that did."""


@dataclass(frozen=True)
class Sites:
    """Works on one part: finds sites' files among the records of its WARC files."""

    agents: tuple[str, ...]
    limits: Limits

    def __call__(self, item: Files, output: Output) -> Tally:
        with parquet.writers(output, {path(item.part): STATED}) as (writer,):
            for origin, stream in zip(
                item.origins, files.open_all([origin.path for origin in item.origins]), strict=True
            ):
                if isinstance(stream, OSError) or origin.records:
                    continue  # curate reports a file that cannot be opened; an index holds no records
                with stream:
                    if rows := list(self._stated(origin, stream)):
                        writer.write(pa.RecordBatch.from_pylist(rows, STATED))
        return Tally()

    def settings(self, _: Files) -> object:
        return self.agents, self.limits

    def reads(self, item: Files) -> object:
        return item.part, [(origin.name, origin.span, origin.content()) for origin in item.origins]

    def _stated(self, origin: Origin, stream: BinaryIO) -> Iterator[dict[str, object]]:
        if recognise.recognise(stream, origin.name, self.limits) is not recognise.WARC:
            return
        for frame in warc.frames(Decompressed(stream, self.limits), self.limits):
            found = None if isinstance(frame, Failure) else _site_file(frame, self.limits)
            if found is None:
                continue
            site, file, captured, content = found
            for statement, rules in statements(file, content, self.agents):
                yield {
                    "site": site,
                    "statement": statement,
                    "captured": captured,
                    "patterns": [rule.pattern for rule in rules],
                    "allows": [rule.allows for rule in rules],
                }


class _SiteFile(NamedTuple):
    site: str
    file: str
    captured: str
    content: bytes


def _site_file(frame: warc.Frame, limits: Limits) -> _SiteFile | None:
    """Returns the site's file in a record; None for any other record, and for a status other than 2xx."""
    url = headers.first(frame.fields, "warc-target-uri") or ""
    if not url.endswith((">", *PATHS)):
        return None  # the case of nearly all records
    found = site_and_path(url.strip("<>"))
    if found is None or found[1] not in PATHS:
        return None
    content = _content(frame, limits)
    captured = headers.first(frame.fields, "warc-date") or ""
    return None if content is None else _SiteFile(found[0], PATHS[found[1]], captured, content)


def _content(frame: warc.Frame, limits: Limits) -> bytes | None:
    if headers.first(frame.fields, "warc-type") == "resource":
        return frame.block
    response = http.parse(frame.block)
    if response is None or not response.status.startswith("2"):
        return None
    try:
        return http.body(response, limits.record_bytes)
    except http.BodyError:
        return None


def path(part: int) -> str:
    """Returns the file with the statements in a part's records."""
    return layout.work(names.CURATE, f"sites-{part:08x}.parquet")


def stated(out: str, parts: Iterable[int]) -> pa.Table:
    """Reads what the sites' files state that were found in some parts (STATED)."""
    paths = [f"{out}/{path(part)}" for part in parts]
    tables = [parquet.read(each) for each in paths if files.exists(each)]  # a part without any writes no file
    return pa.concat_tables([STATED.empty_table(), *tables]).combine_chunks()


def merge(out: str, table: pa.Table) -> Written:
    """Write the last capture of every site's file, of those that refuse anything, in the order of sites."""
    last = {
        (row["site"], row["statement"]): row
        for row in sorted(
            table.to_pylist(), key=lambda row: (row["captured"], row["patterns"], row["allows"])
        )
    }
    kept = [row for _, row in sorted(last.items()) if not all(row["allows"])]
    return files.write_bytes(out, _MERGED, b"".join(orjson.dumps(row) + b"\n" for row in kept))


def merged(out: str) -> "SitesFile | None":
    """Reads what `merge` wrote."""
    path = f"{out}/{_MERGED}"
    return SitesFile(path, files.sha256(path)) if files.exists(path) else None


@dataclass(frozen=True)
class SitesFile:
    """The path of the statements of all sites, and their hash. Each worker reads them once."""

    path: str = field(repr=False)
    sha256: str

    def load(self) -> "Statements":
        return _load(self)


class Statements:
    """The statements of sites in memory: a few hundred bytes for each site that refuses anything."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._stated: dict[str, list[tuple[str, Rules]]] = {}
        for row in rows:
            rules = [PathRule(*each) for each in zip(row["patterns"], row["allows"], strict=True)]
            self._stated.setdefault(row["site"], []).append((row["statement"], rules))

    def asked(self, urls: pa.Array, robots: pa.Array) -> pa.Array:
        """Returns the column `robots` with the values that their sites' files give to the pages at these addresses."""
        found = [self._asked(url, own) for url, own in zip(urls.to_pylist(), robots.to_pylist(), strict=True)]
        return pa.array(found, robots.type)

    def _asked(self, url: str | None, own: Sequence[str] | None) -> list[str] | None:
        place = url and site_and_path(url)
        said = said_of(place[1], self._stated.get(place[0], ()), own or ()) if place else []
        return sorted({*(own or ()), *said}) or None


@lru_cache(maxsize=1)
def _load(sites: SitesFile) -> Statements:
    return Statements(map(orjson.loads, files.read_bytes(sites.path).splitlines()))
