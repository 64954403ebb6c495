"""Samples a seeded share of a source's records, so that a first look at terabytes takes minutes.

Only some of many files are opened: the share of them, but at least FILES. In these files, a hash of the document's id
decides whether a record is taken. So that does not depend on the worker or the part that reads it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from massivetext.pipeline.read.identity import identity
from massivetext.pipeline.storage.origin import Origin, Sample

FILES = 64  # the fewest files of a source that are read, so that a sample does not come from a few files


def sampled(origins: Sequence[Origin], share: float, seed: int) -> list[Origin]:
    """Returns the files to read for a share of a source's records, each with the share of its records to read."""
    count = min(len(origins), max(FILES, math.ceil(share * len(origins))))
    sample = Sample(min(1.0, share * len(origins) / max(count, 1)), seed)
    first = sorted(origins, key=lambda origin: (_hash(f"file {seed} {origin.name}"), origin.name))[:count]
    return [replace(origin, sample=sample) for origin in sorted(first, key=lambda origin: origin.name)]


@dataclass(frozen=True)
class Taken:
    """Decides whether a record of a file is read, by its offset."""

    source: str
    origin: Origin

    def __call__(self, offset: int) -> bool:
        sample = self.origin.sample
        if sample is None or offset < 0:
            return True
        name = identity(self.source, self.origin.name, offset)
        return _hash(f"record {sample.seed} {name}") < sample.share * 2.0**64


def _hash(name: str) -> int:
    digest = blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
