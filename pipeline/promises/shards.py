"""The shards hold what shards/index.parquet says: tokens of kept documents, the same in every format."""

import posixpath
from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, layout, parquet
from pipeline.config import Config
from pipeline.parts import rows
from pipeline.promises.ids import packed, shown
from pipeline.promises.kept import Seen, among
from pipeline.promises.read_shard import READERS, ShardError
from pipeline.tally import Tally


def indexed(out: str, config: Config, seen: Seen) -> Iterator[str]:
    """Index against documents and figures: only kept ids, sequences that fit, as many tokens as counted."""
    path = posixpath.join(out, layout.INDEX)
    length = config.mix.sequence_length
    tokens: Counter[str] = Counter()
    sequences: Counter[str] = Counter()
    for batch in parquet.batches(path) if files.exists(path) else ():
        ids = packed(batch.column("document_ids").flatten())
        wrong = ~among(ids, seen.kept)
        if wrong.any():
            yield f"{layout.INDEX}: {shown(ids[wrong][0])} is in a sequence, but was not kept"
        used = batch.column("tokens").to_numpy()
        if not np.array_equal(used, _sums(batch.column("lengths"))) or used.max() > length or used.min() < 1:
            yield f"{layout.INDEX}: a sequence's tokens are not the sum of its runs, or do not fit {length}"
        names = batch.column("source").to_numpy(zero_copy_only=False)
        for name in np.unique(names):
            tokens[name] += int(used[names == name].sum())
            sequences[name] += int((names == name).sum())
    tally = Tally.of(rows(out, "mix"))
    for source in config.sources:
        padding = sequences[source] * length - tokens[source]
        for what, found, counted in (
            ("tokens", tokens[source], tally.count(source, "mixed")[2]),
            ("sequences", sequences[source], tally.count(source, "sequences")[0]),
            ("tokens of padding", padding, tally.count(source, "padding")[2]),
        ):
            if found != counted:
                yield f"source {source}: {layout.INDEX} holds {found:,} {what}, counted were {counted:,}"


def _sums(lists: pa.ListArray) -> npt.NDArray[np.int64]:
    values = np.concatenate([[0], np.cumsum(lists.flatten().to_numpy().astype(np.int64))])
    offsets = np.concatenate([[0], np.cumsum(pc.list_value_length(lists).to_numpy())])
    sums: npt.NDArray[np.int64] = values[offsets[1:]] - values[offsets[:-1]]
    return sums


def written(out: str, config: Config) -> Iterator[str]:
    """Every shard read back in every format: as many sequences as indexed, and the same tokens."""
    path = posixpath.join(out, layout.INDEX)
    shards = parquet.read(path, ["shard"]).column("shard").to_pylist() if files.exists(path) else []
    counts = Counter(shards)
    for number in sorted(counts | Counter(_numbers(out, config))):
        shape = counts[number], config.mix.sequence_length
        first = None
        for name in config.mix.formats:
            where = f"shards/{name}, shard {number}"
            try:
                tokens = READERS[name](posixpath.join(out, "shards", name, f"shard-{number:05d}"))
            except ShardError as error:
                yield f"{where}: {error}"
                continue
            if tokens.size != shape[0] * shape[1]:
                yield f"{where}: holds {tokens.size:,} tokens, but {shape[0]:,} sequences are indexed"
            elif first is not None and not np.array_equal(tokens, first):
                yield f"{where}: its tokens are not those in {config.mix.formats[0]}"
            first = tokens if first is None else first


def _numbers(out: str, config: Config) -> Iterator[int]:
    for name in config.mix.formats:
        for path, _ in files.match(posixpath.join(out, "shards", name, "shard-*")):
            yield int(posixpath.basename(path).removeprefix("shard-").split(".")[0])
