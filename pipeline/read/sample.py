"""A seeded share of a source's records, so that a first look at terabytes takes minutes.

Of many files some are read, so that the others need not be opened: the share of them, but at least FILES. Of those that
are read each record is taken or passed over by a hash of its document's id. Whether a record is taken does not depend
on who reads it, nor in which part.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from massivetext.pipeline.read.identity import identity
from massivetext.pipeline.storage.origin import Origin, Sample

FILES = 64  # of a source that are read at least, so that a sample is not of a few files alone


def sampled(origins: Sequence[Origin], share: float, seed: int) -> list[Origin]:
    """The files to be read for a share of a source's records, each with the share of its own records to be read."""
    count = min(len(origins), max(FILES, math.ceil(share * len(origins))))
    sample = Sample(min(1.0, share * len(origins) / max(count, 1)), seed)
    first = sorted(origins, key=lambda origin: (_hash(f"file {seed} {origin.name}"), origin.name))[:count]
    return [replace(origin, sample=sample) for origin in sorted(first, key=lambda origin: origin.name)]


@dataclass(frozen=True)
class Taken:
    """Tells of a record of one file, by its offset, whether it is read."""

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
