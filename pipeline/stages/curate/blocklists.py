"""Reads blocklists: files with a domain or URL on each line. Skips blank lines and lines that begin with `#`."""

from dataclasses import dataclass, field
from functools import lru_cache

import pyarrow as pa

from massivetext.filters.blocklist import Blocklist
from massivetext.pipeline.storage import files


@dataclass(frozen=True)
class BlocklistFiles:
    """The paths of the lists and their hashes. Each worker reads the lists once."""

    domains: str | None = field(repr=False)
    urls: str | None = field(repr=False)
    sha256: tuple[str | None, ...]

    def load(self) -> Blocklist:
        return _load(self)


@lru_cache(maxsize=1)
def _load(lists: BlocklistFiles) -> Blocklist:
    return Blocklist.of(_entries(lists.domains), _entries(lists.urls))


def _entries(path: str | None) -> pa.StringArray:
    lines = [] if path is None else files.read_bytes(path).decode("utf-8", "replace").splitlines()
    entries = (line.strip() for line in lines)
    return pa.array([entry for entry in entries if entry and not entry.startswith("#")], pa.string())
