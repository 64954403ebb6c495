"""Signatures: computes all that deduplication needs of each document, once, from its text."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.filters.seeded import order
from massivetext.filters.similarity.fingerprint import fingerprints
from massivetext.filters.similarity.minhash import signatures
from massivetext.filters.similarity.shingle import Shingle
from massivetext.pipeline.runtime.candidates import Candidates, candidates, kept
from massivetext.pipeline.runtime.parts import Step
from massivetext.pipeline.runtime.steps import Worked
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.storage import layout, parquet
from massivetext.pipeline.storage.output import Output

STEP = "deduplicate/signatures"
PROBE = layout.work(names.DEDUPLICATE, "probe")
"""The file with the run's result of `probe`."""

_PROBE = pa.record_batch(
    {
        "text": [
            "The PROBE holds, in 20 words or so: capitals (\u00c5NGSTR\u00d6M, \u0130), signs -- of some kinds -- and"
            " \u6f22\u5b57\u3000after an ideographic space; na\u00efve\u2026",
            "three  words\tonly",
            "one " * 40,
            "--",
        ]
    }
)


# Lists of any size: Arrow writes lists of a fixed size that hold nulls to Parquet, but cannot read them back.
SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("fingerprint", pa.binary(16), nullable=False),  # of the text with normalised white space
        pa.field("order", pa.uint64(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),  # of the text
        pa.field("signature", pa.list_(pa.uint32())),  # null if the text has no shingles
    ]
)


def path(part: int) -> str:
    return layout.work(STEP, f"part-{part:08x}.parquet")


@dataclass(frozen=True)
class Sign:
    """Works on one part of documents/: writes a row for each document that the rules keep."""

    out: str = field(repr=False)
    seed: int
    permutations: int
    shingle: Shingle

    def __call__(self, item: Candidates, output: Output) -> Tally:
        with parquet.writers(output, {path(item.part): SCHEMA}) as (writer,):
            for batch in kept(self.out, item.source, item.part, ["id", "text"]):
                writer.write(self._signed(batch))
        return Tally()

    def _signed(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        ids = batch.column("id")
        signed = signatures(batch, permutations=self.permutations, shingle=self.shingle)
        columns = [
            ids,
            fingerprints(batch),
            pa.array(np.asarray(order(ids, self.seed, "survivor"))),
            pa.array(text_bytes(batch)),
            _of_any_size(signed),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


@dataclass(frozen=True)
class PlanSigning:
    """Plans the step: it signs the documents of these sources that the rules keep, and those of exempt sources."""

    sign: Sign
    sources: tuple[str, ...]
    exempt: tuple[str, ...]

    def __call__(self) -> Worked:
        items = [
            item for sources in (self.sources, self.exempt) for item in candidates(self.sign.out, sources)
        ]
        return Worked(Step.of(STEP, self.sign), items, size=lambda item: item.bytes)


def _of_any_size(signed: pa.FixedSizeListArray) -> pa.ListArray:
    is_valid = signed.is_valid()
    sizes = pc.multiply(is_valid.cast(pa.int32()), signed.type.list_size)
    offsets = np.concatenate([[0], np.cumsum(sizes.to_numpy())]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), signed.flatten(), mask=pc.invert(is_valid))


def probe(permutations: int, shingle: Shingle) -> str:
    """Returns a hash of the fingerprints and signatures of fixed texts. Runs with other hashes cannot be compared."""
    digest = hashlib.sha256()
    for column in (fingerprints(_PROBE), signatures(_PROBE, permutations=permutations, shingle=shingle)):
        digest.update(repr(column.to_pylist()).encode())
    return digest.hexdigest()
