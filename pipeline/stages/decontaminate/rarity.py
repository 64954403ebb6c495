"""Counts how often the words and grams of the test items occur in the run's documents: the first step of the stage.

It counts in a sample: in some parts, and of each part in some texts, chosen by seeded hashes of part numbers and
document ids. So the counts do not depend on where documents stand in their file.
"""

import hashlib
import io
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from massivetext.filters.seeded import order, share_of
from massivetext.filters.similarity.rarity import Counts, count
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.candidates import Candidates
from massivetext.pipeline.runtime.for_a_step import kept_for_a_step
from massivetext.pipeline.runtime.parts import records
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import ItemFile
from massivetext.pipeline.stages.decontaminate.test_sets.read import parts
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.output import Output

STEP = "decontaminate/rarity"
SUM = "decontaminate/rarity-sum"
PATH = layout.work(names.DECONTAMINATE, "rarity.npz")
SAMPLE = 64 << 20  # bytes of text
PARTS = 64  # the most parts that are sampled


@dataclass(frozen=True)
class Count:
    """Works on one part of documents/: counts words and grams in a share of its texts."""

    out: str = field(repr=False)
    test_files: tuple[ItemFile, ...]
    most: int  # bytes of text to sample, about
    seed: int

    def __call__(self, item: Candidates, output: Output) -> Tally:
        known, found = parts(self.test_files), []
        gone = candidates.duplicates(self.out, item.part)
        share = min(1.0, self.most / max(1, item.bytes))
        for batch in candidates.without(self.out, item, ["id", "text"], gone):
            is_chosen = share_of(order(batch.column("id"), self.seed, "rarity"), share)
            found.append(count(batch.filter(pa.array(is_chosen)), known))
        with output.file(_of_part(item.part)) as stream:
            stream.write(_bytes(Counts.total(known, found)))
        return Tally()


def sample(items: Sequence[Candidates], seed: int) -> list[Candidates]:
    """Returns up to PARTS parts, chosen by a seeded hash of their numbers."""
    chosen = sorted(items, key=lambda item: hashlib.sha256(f"{seed} rarity {item.part}".encode()).digest())
    return chosen[:PARTS]


def bytes_of_each(sampled: Sequence[Candidates]) -> int:
    """Returns how many bytes of text are sampled of each part."""
    return max(1 << 20, SAMPLE // max(1, len(sampled)))


@dataclass(frozen=True)
class Counted:
    """The only item of the step that adds up: the parts in which words were counted, and the hashes of the counts."""

    part: int
    parts: tuple[int, ...]
    hashes: tuple[str, ...]

    @classmethod
    def of(cls, out: str, sampled: Sequence[Candidates]) -> "Counted":
        hashes = {record.part: record.files[0].sha256 for record in records(out, STEP)}
        numbers = tuple(item.part for item in sampled)
        return cls(0, numbers, tuple(hashes[number] for number in numbers))


@dataclass(frozen=True)
class Sum:
    """Works on the only item: writes the sum of all counts to PATH."""

    out: str = field(repr=False)
    test_files: tuple[ItemFile, ...]

    def __call__(self, item: Counted, output: Output) -> Tally:
        counts = (_read(posixpath.join(self.out, _of_part(part))) for part in item.parts)
        with output.file(PATH) as stream:
            stream.write(_bytes(Counts.total(parts(self.test_files), counts)))
        return Tally()


def counts(out: str) -> str:
    """Returns the SHA-256 of the file at PATH, once it is written."""
    return next(records(out, SUM)).files[0].sha256


@kept_for_a_step
def read(path: str, sha256: str) -> Counts:  # noqa: ARG001
    """Returns the counts of a run. The hash distinguishes files in the cache."""
    return _read(path)


def _read(path: str) -> Counts:
    with np.load(io.BytesIO(files.read_bytes(path))) as found:
        documents, terms = found["totals"].tolist()
        return Counts(documents, terms, found["words"], found["grams"])


def _bytes(counts: Counts) -> bytes:
    buffer = io.BytesIO()
    totals = np.array([counts.documents, counts.terms], np.int64)
    np.savez_compressed(buffer, totals=totals, words=counts.words, grams=counts.grams)
    return buffer.getvalue()


def _of_part(part: int) -> str:
    return layout.work(STEP, f"counts-{part:05d}.npz")
