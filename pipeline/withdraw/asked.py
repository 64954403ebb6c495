"""Which documents are to be withdrawn: by id, URL or domain."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.blocklist import Blocklist
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.storage import files, layout, parquet


@dataclass(frozen=True)
class Asked:
    """Files with an entry on each line; blank lines and those that begin with `#` say nothing."""

    urls: str | None
    domains: str | None
    ids: str | None


def find(out: str, sources: Sequence[str], asked: Asked) -> dict[str, list[str]]:
    """The ids of all documents that were read and are asked for, by source; raises ConfigError where none is."""
    ids = _entries(asked.ids)
    listed = Blocklist.of(_entries(asked.domains), _entries(asked.urls))
    found: dict[str, list[str]] = {}
    for source in sources:
        for path, _ in files.match(posixpath.join(out, layout.documents_of(source))):
            for batch in parquet.batches(path, ["id", "url"]):
                is_listed = pc.is_valid(listed.match(batch.column("url")))
                chosen = pc.or_(is_listed, pc.is_in(batch.column("id"), ids))
                if wanted := batch.column("id").filter(chosen).to_pylist():
                    found.setdefault(source, []).extend(wanted)
    if not found:
        raise ConfigError(f"{out}: no document that was read is on the lists given: nothing is withdrawn")
    return found


def _entries(path: str | None) -> pa.StringArray:
    lines = [] if path is None else files.read_bytes(path).decode("utf-8", "replace").splitlines()
    entries = (line.strip() for line in lines)
    return pa.array([entry for entry in entries if entry and not entry.startswith("#")], pa.string())
