"""OLMo-core's and Dolma's arrays: tokens in `.npy` without numpy's header, documents in `.csv.gz`.

olmo_core/data reads them. `NumpyFSLDataset` cuts the array after every `sequence_length` tokens, which gives our
sequences. `iter_document_indices` reads the places of documents from the `.csv.gz`, or looks for EOS, which follows
each document that no end of a sequence cuts.
"""

import gzip
from functools import partial
from pathlib import Path

import numpy as np

from massivetext.pipeline.shards.flat import DTYPES, map_flat, read_flat, runs, runs_of_sequences, write_flat
from massivetext.pipeline.shards.format import Shard, ShardError, ShardFormat, Tokens, content
from massivetext.pipeline.storage import files


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.uint16.npy (or uint32) and path.uint16.csv.gz: the start, end and source of each run of a document."""
    data = write_flat(shard.tokens, path, "npy")
    starts, ends = runs(shard)
    sources = np.repeat(shard.sources.to_numpy(zero_copy_only=False), runs_of_sequences(shard))
    rows = zip(starts.tolist(), ends.tolist(), sources, strict=True)
    lines = "".join(f"{start},{end},{source}\n" for start, end, source in rows)
    places = data.with_suffix(".csv.gz")
    places.write_bytes(
        gzip.compress(lines.encode(), mtime=0)
    )  # with the time, each run would write other bytes
    return [data, places]


def read(base: str) -> Tokens:
    """Read the tokens of the .npy. Raises ShardError unless the .csv.gz names places in it, in order."""
    tokens = read_flat(base, "npy")
    [places] = (f"{base}.{dtype}.csv.gz" for dtype in DTYPES if files.exists(f"{base}.{dtype}.npy"))
    lines = gzip.decompress(content(places)).decode().splitlines()
    bounds = np.array([line.split(",")[:2] for line in lines], np.int64).reshape(-1)
    if (np.diff(bounds) < 0).any() or bounds.max(initial=0) > len(tokens):
        raise ShardError("its .csv.gz does not say where the documents in its .npy are")
    return tokens


FORMAT = ShardFormat("olmo", write, read, map=partial(map_flat, suffix="npy"))
