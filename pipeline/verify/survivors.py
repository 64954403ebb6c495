"""Checks that exactly the kept documents are tokenized, and that every duplicate names a survivor that stays."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.families.family import Mask
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime import candidates, manifest
from massivetext.pipeline.runtime.candidates import Candidates
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.deduplicate.earlier import folders
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.verify.ids import Ids, packed, shown
from massivetext.schemas.duplicate import DUPLICATE_KINDS, DuplicateKind


@dataclass
class Seen:
    """Ids of all parts, 16 bytes each, sorted."""

    documents: Ids = field(default_factory=lambda: np.empty(0, "S16"))
    duplicates: Ids = field(default_factory=lambda: np.empty(0, "S16"))
    kept: Ids = field(default_factory=lambda: np.empty(0, "S16"))


def look(out: str, config: Config) -> Seen:
    """Collect the ids with which the other checks compare."""
    documents, duplicates, remaining = [], [], []
    for item in candidates.candidates(out, list(config.sources)):
        own, twice, left = _of_part(out, item)
        documents.append(own)
        duplicates.append(twice)
        remaining.append(left)
    return Seen(
        *(np.sort(np.concatenate([np.empty(0, "S16"), *ids])) for ids in (documents, duplicates, remaining))
    )


def _of_part(out: str, item: Candidates) -> tuple[Ids, Ids, Ids]:
    """Returns the ids of a part's documents that the rules keep, of its duplicates, and of those that no stage
    removed."""
    batches = candidates.kept(out, item.source, item.part, ["id"])
    own = np.concatenate([np.empty(0, "S16"), *(packed(batch.column("id")) for batch in batches)])
    duplicates, contaminated = (
        packed(candidates.duplicates(out, item.part)),
        packed(candidates.contaminated(out, item.part)),
    )
    left = own[~np.isin(own, duplicates) & ~np.isin(own, contaminated)]
    return own, duplicates, left


def among(ids: Ids, of: Ids) -> Mask:
    """Whether each id is in a sorted array."""
    if len(of) == 0:
        return np.zeros(len(ids), np.bool_)
    found: Mask = of[np.minimum(np.searchsorted(of, ids), len(of) - 1)] == ids
    return found


def survivors(out: str, config: Config, seen: Seen) -> Iterator[str]:
    """Check that a duplicate and its survivor are documents, that the survivor is no duplicate, and that they are
    similar.

    It is no breach if a survivor was removed later, as contaminated. If the survivor is in an earlier run, against
    which this one was deduplicated, the output of that run is read.
    """
    threshold = config.deduplicate.threshold
    known: dict[str | None, Seen] = {None: seen}
    for path, _ in files.match(posixpath.join(out, "duplicates", "part-*.parquet")):
        name = layout.duplicates(layout.part_of(path))
        for batch in parquet.batches(path):
            ids = packed(batch.column("id"))
            yield from _each(name, ids, ~among(ids, seen.documents), "is no document")
            for output in pc.unique(batch.column("survivor_output")).to_pylist():
                if output not in known:
                    known[output] = _look_into(out, output)
                of_output = batch.filter(_equal(batch.column("survivor_output"), output))
                survivor_ids, there = packed(of_output.column("survivor_id")), known[output]
                where = f" in {output}" if output else ""
                unknown = ~among(survivor_ids, there.documents)
                yield from _each(name, survivor_ids, unknown, f"survives{where}, but is no document")
                removed = among(survivor_ids, there.duplicates)
                yield from _each(name, survivor_ids, removed, f"survives{where}, but is a duplicate")
            jaccard = batch.column("jaccard").to_numpy(zero_copy_only=False)  # null if it is not a number
            kinds = batch.column("kind").to_numpy(zero_copy_only=False)
            is_similar = np.where(
                kinds == DuplicateKind.EXACT.label, jaccard == 1.0, (jaccard > threshold) & (jaccard <= 1)
            )
            yield from _each(
                name,
                ids,
                ~is_similar & (kinds != DuplicateKind.URL.label),
                f"is not similar enough (near: above {threshold:g}, exact: 1)",
            )


def _look_into(out: str, output: str) -> Seen:
    """Returns the documents of an earlier output; none if the output no longer exists."""
    folder = folders(out).get(output)
    state = manifest.read(folder) if folder else None
    return look(folder, state.config) if folder and state else Seen()


def _equal(column: pa.Array, value: str | None) -> pa.Array:
    return pc.is_null(column) if value is None else pc.fill_null(pc.equal(column, value), False)


def _each(name: str, ids: Ids, wrong: Mask, what: str) -> Iterator[str]:
    if count := int(np.count_nonzero(wrong)):
        others = f", and {count - 1:,} others" if count > 1 else ""
        yield f"{name}: {shown(ids[wrong][0])} {what}{others}"


def counted(out: str, config: Config) -> Iterator[str]:
    """Check that duplicates/ and contaminated/ remove as many documents as the figures say."""
    before, after = Tally.of(rows(out, names.DEDUPLICATE)), Tally.of(rows(out, names.DECONTAMINATE))
    for source in config.sources:
        found = dict.fromkeys(DUPLICATE_KINDS, 0)
        left = 0
        for item in candidates.candidates(out, [source]):
            path = posixpath.join(out, layout.duplicates(item.part))
            if files.exists(path):
                kinds = parquet.read(path, ["kind"]).column("kind").to_pylist()
                for kind in found:
                    found[kind] += kinds.count(kind)
            left += len(_of_part(out, item)[2])
        for kind, count in found.items():
            if count != before.count(source, Figure.DUPLICATE, kind).documents:
                yield f"source {source}: duplicates/ holds {count:,} {kind} ones, but the figures say otherwise"
        if left != (expected := after.count(source, Figure.KEPT).documents):
            yield f"source {source}: {left:,} documents are kept, but the figures say {expected:,}"


def tokenized(out: str, config: Config) -> Iterator[str]:
    """Check that tokens/ holds exactly the kept ids of each part, in order, and as many tokens as were counted."""
    tally = Tally.of(rows(out, names.TOKENIZE))
    for source in config.sources:
        tokens = 0
        for item in candidates.candidates(out, [source]):
            name = layout.tokens(source, item.part)
            path = posixpath.join(out, name)
            expected = _of_part(out, item)[2]
            ids = [np.empty(0, "S16")]
            if files.exists(path):
                for batch in parquet.batches(path):
                    ids.append(packed(batch.column("id")))
                    tokens += len(batch.column("tokens").flatten())
                    if not pc.list_value_length(batch.column("tokens")).equals(batch.column("length")):
                        yield f"{name}: the length of a document differs from its number of tokens"
            found = np.concatenate(ids)
            if not np.array_equal(found, expected):
                yield from _each(name, found, ~np.isin(found, expected), "was removed, but is tokenized")
                yield from _each(name, expected, ~np.isin(expected, found), "is kept, but is not tokenized")
                if np.array_equal(np.sort(found), np.sort(expected)):
                    yield f"{name}: its ids are not in the order of documents/"
        if tokens != (counted := tally.count(source, Figure.TOKENIZED).tokens):
            yield f"source {source}: tokens/ holds {tokens:,} tokens, counted were {counted:,}"
