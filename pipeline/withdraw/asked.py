"""Finds the documents to withdraw, by id, URL or domain."""

import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.blocklist import Blocklist
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.storage import files, layout, parquet


@dataclass(frozen=True)
class Asked:
    """Paths of files with an entry on each line. Blank lines and lines that begin with `#` do not count."""

    urls: str | None
    domains: str | None
    ids: str | None


def find(out: str, sources: Sequence[str], asked: Asked) -> dict[str, list[str]]:
    """Returns the ids of the documents on the lists, among all that were read, by source. Raises ConfigError if none
    is."""
    chosen = _chooser(asked)
    columns = ["id"] if asked.domains is None and asked.urls is None else ["id", "url"]
    found: dict[str, list[str]] = {}
    for source in sources:
        for path, _ in files.match(posixpath.join(out, layout.documents_of(source))):
            table = parquet.read(path, columns).combine_chunks()
            if wanted := table.column("id").filter(chosen(table)).to_pylist():
                found.setdefault(source, []).extend(wanted)
    if not found:
        raise ConfigError(f"{out}: none of its documents is on the lists: nothing was withdrawn")
    return found


def _chooser(asked: Asked) -> Callable[[pa.Table], pa.ChunkedArray]:
    """Returns the function that says which documents are on the lists."""
    ids = _entries(asked.ids)
    if asked.domains is None and asked.urls is None:
        return lambda table: pc.is_in(table.column("id"), ids)
    listed = Blocklist.of(_entries(asked.domains), _entries(asked.urls))
    return lambda table: pc.or_(
        pc.is_valid(listed.match(table.column("url").combine_chunks())), pc.is_in(table.column("id"), ids)
    )


def _entries(path: str | None) -> pa.StringArray:
    lines = [] if path is None else files.read_bytes(path).decode("utf-8", "replace").splitlines()
    entries = (line.strip() for line in lines)
    return pa.array([entry for entry in entries if entry and not entry.startswith("#")], pa.string())
