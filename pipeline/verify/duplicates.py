"""Checks that only one of equal documents stays, and that near duplicates have the similarity in duplicates/."""

import posixpath
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.seeded import order
from massivetext.filters.similarity.fingerprint import fingerprints
from massivetext.filters.similarity.jaccard import jaccards
from massivetext.filters.similarity.shingles import shingles
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.stages import names
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.verify.ids import Ids, packed, shown
from massivetext.schemas.duplicate import DuplicateKind

PAIRS = 200  # the most pairs of near duplicates that are compared again
_TOLERANCE = 1e-6  # the largest difference from the similarity in duplicates/


def exact(out: str, config: Config) -> Iterator[str]:
    """Check that no two documents that deduplication left have texts that differ at most in white space. Two documents
    of sources in `survivors_only` may be equal. 33 bytes of every document are held."""
    judged, exempt = config.judged(names.DEDUPLICATE), config.deduplicate.survivors_only
    prints, ids, is_exempt = [np.empty(0, "S16")], [np.empty(0, "S16")], [np.empty(0, np.bool_)]
    for item in candidates.candidates(out, [*judged, *exempt]):
        gone = candidates.duplicates(out, item.part)
        for batch in candidates.without(out, item, ["id", "text"], gone):
            prints.append(_bytes(fingerprints(batch)))
            ids.append(packed(batch.column("id")))
            is_exempt.append(np.full(batch.num_rows, item.source in exempt))
    found, of, free = np.concatenate(prints), np.concatenate(ids), np.concatenate(is_exempt)
    ordered = np.argsort(found, kind="stable")
    one, other = ordered[:-1], ordered[1:]
    equal = (found[one] == found[other]) & ~(free[one] & free[other])
    for first, second in zip(one[equal].tolist(), other[equal].tolist(), strict=True):
        yield f"{shown(of[first])} and {shown(of[second])} are exact duplicates, and both stay"


def _bytes(prints: pa.FixedSizeBinaryArray) -> npt.NDArray[np.bytes_]:
    return np.frombuffer(prints.buffers()[1], "S16", len(prints), 16 * prints.offset)


def near(out: str, config: Config) -> Iterator[str]:
    """Compute the similarity of some pairs, chosen by a seeded hash of ids, again from their texts."""
    pairs = _pairs(out, config.seed)
    texts = _texts(out, config, np.unique(packed(pa.concat_arrays([pairs["id"], pairs["survivor_id"]]))))
    for id_, survivor, told in zip(*(pairs[name].to_pylist() for name in pairs), strict=True):
        if id_ not in texts or survivor not in texts:
            continue  # `survivors` reports it if an id is no document
        batch = pa.record_batch({"text": pa.array([texts[id_], texts[survivor]], pa.string())})
        sets = shingles(batch, config.deduplicate.shingles)
        [again] = jaccards(sets.offsets, sets.values, np.zeros(1, np.int64), np.ones(1, np.int64))
        if abs(again - told) > _TOLERANCE:
            yield f"{id_} is {again:.6f} similar to {survivor}, but duplicates/ says {told:.6f}"


def _pairs(out: str, seed: int) -> dict[str, pa.Array]:
    """Returns the pairs of this run's near duplicates with the lowest hashes."""
    columns = ["id", "survivor_id", "jaccard"]
    schema = pa.schema([("id", pa.string()), ("survivor_id", pa.string()), ("jaccard", pa.float64())])
    found = pa.table({name: pa.array([], schema.field(name).type) for name in columns})
    hashes = np.empty(0, np.uint64)
    for path, _ in files.match(posixpath.join(out, "duplicates", "part-*.parquet")):
        table = parquet.read(path, [*columns, "kind", "survivor_output"])
        is_own = pc.and_(
            pc.equal(table["kind"], DuplicateKind.NEAR.label), pc.is_null(table["survivor_output"])
        )
        own = table.filter(is_own).select(columns).cast(schema).combine_chunks()
        if own.num_rows:
            hashes = np.concatenate([hashes, order(own["id"].combine_chunks(), seed, "compared again")])
            found = pa.concat_tables([found, own])
            first = np.argsort(hashes, kind="stable")[:PAIRS]
            hashes, found = hashes[first], found.take(pa.array(first))
    return {name: pa.concat_arrays(found[name].chunks) for name in columns}


def _texts(out: str, config: Config, wanted: Ids) -> dict[str, str]:
    """Returns the texts of some documents, by id. Reads only row groups that hold one of them."""
    found: dict[str, str] = {}
    for source in config.sources if len(wanted) else ():
        for path, _ in files.match(posixpath.join(out, layout.documents_of(source))):
            rows = np.flatnonzero(np.isin(packed(parquet.read(path, ["id"])["id"]), wanted))
            for batch in parquet.rows(path, ["id", "text"], rows):
                found |= dict(zip(batch["id"].to_pylist(), batch["text"].to_pylist(), strict=True))
    return found
