"""Checks that the shards agree with shards/index.parquet: tokens of kept documents, the same in every format."""

import posixpath
from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.shards.format import ShardError
from massivetext.pipeline.stages import names
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.verify.ids import Ids, packed, shown
from massivetext.pipeline.verify.survivors import Seen, among


def indexed(out: str, config: Config, seen: Seen) -> Iterator[str]:
    """Check the index: only kept ids, sequences that fit, and the numbers of tokens that were counted."""
    for folder, key in layout.FOLDERS:
        yield from _indexed(out, config, seen, folder, key)


def _indexed(out: str, config: Config, seen: Seen, folder: str, key: str) -> Iterator[str]:
    name_of_index = layout.index(folder)
    path = posixpath.join(out, name_of_index)
    length = config.mix.sequence_length
    tokens: Counter[str] = Counter()
    sequences: Counter[str] = Counter()
    for batch in parquet.batches(path) if files.exists(path) else ():
        ids = packed(batch.column("document_ids").flatten())
        wrong = ~among(ids, seen.kept)
        if wrong.any():
            yield f"{name_of_index}: {shown(ids[wrong][0])} is in a sequence, but was not kept"
        used = batch.column("tokens").to_numpy()
        if not np.array_equal(used, _sums(batch.column("lengths"))) or used.max() > length or used.min() < 1:
            yield f"{name_of_index}: a sequence's number of tokens is not the sum of its runs, or is above {length}"
        of_source = batch.column("source").to_numpy(zero_copy_only=False)
        for name in np.unique(of_source):
            tokens[name] += int(used[of_source == name].sum())
            sequences[name] += int((of_source == name).sum())
    tally = Tally.of(rows(out, names.MIX))
    for source in config.sources:
        padding = sequences[source] * length - tokens[source]
        for what, found, counted in (
            ("tokens", tokens[source], tally.count(source, Figure.MIXED, key).tokens),
            ("sequences", sequences[source], tally.count(source, Figure.SEQUENCES, key).documents),
            ("tokens of padding", padding, tally.count(source, Figure.PADDING, key).tokens),
        ):
            if found != counted:
                yield f"source {source}: {name_of_index} holds {found:,} {what}, counted were {counted:,}"


def held_out(out: str) -> Iterator[str]:
    """Check that no document is both in the validation shards and in the training shards."""
    training, validation = (_documents(out, folder) for folder, _ in layout.FOLDERS)
    both = validation[among(validation, training)]
    if len(both):
        yield f"{layout.VALIDATION}: {shown(both[0])} is in the training shards, too ({len(both):,} such)"


def _documents(out: str, folder: str) -> Ids:
    path = posixpath.join(out, layout.index(folder))
    batches = parquet.batches(path, ["document_ids"]) if files.exists(path) else ()
    blocks = [np.unique(packed(batch.column("document_ids").flatten())) for batch in batches]
    return np.unique(np.concatenate([np.empty(0, "S16"), *blocks]))


def _sums(lists: pa.ListArray) -> npt.NDArray[np.int64]:
    values = np.concatenate([[0], np.cumsum(lists.flatten().to_numpy().astype(np.int64))])
    offsets = np.concatenate([[0], np.cumsum(pc.list_value_length(lists).to_numpy())])
    sums: npt.NDArray[np.int64] = values[offsets[1:]] - values[offsets[:-1]]
    return sums


def written(out: str, config: Config) -> Iterator[str]:
    """Read every shard in every format. Check that it has as many sequences as the index says, and the same tokens."""
    for folder, _ in layout.FOLDERS:
        yield from _written(out, config, folder)


def _written(out: str, config: Config, folder: str) -> Iterator[str]:
    path = posixpath.join(out, layout.index(folder))
    shards = parquet.read(path, ["shard"]).column("shard").to_pylist() if files.exists(path) else []
    counts = Counter(shards)
    for number in sorted(counts | Counter(_numbers(out, config, folder))):
        shape = counts[number], config.mix.sequence_length
        first = None
        for name in config.mix.formats:
            where = f"{folder}/{name}, shard {number}"
            try:
                tokens = FORMATS[name].read(posixpath.join(out, layout.shard(folder, name, number)))
            except ShardError as error:
                yield f"{where}: {error}"
                continue
            if tokens.size != shape[0] * shape[1]:
                yield f"{where}: holds {tokens.size:,} tokens, but {shape[0]:,} sequences are indexed"
            elif first is not None and not np.array_equal(tokens, first):
                yield f"{where}: its tokens are not those in {config.mix.formats[0]}"
            first = tokens if first is None else first


def _numbers(out: str, config: Config, folder: str) -> Iterator[int]:
    for name in config.mix.formats:
        for path, _ in files.match(posixpath.join(out, folder, name, "shard-*")):
            yield int(posixpath.basename(path).removeprefix("shard-").split(".")[0])
