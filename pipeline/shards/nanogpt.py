"""nanoGPT's `.bin`: only tokens. Its `train.py` maps them into memory as uint16."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.shards.flat import little_endian, map_flat, read_flat, write_flat
from massivetext.pipeline.shards.format import Shard, ShardFormat, Tokens


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.uint16.bin or path.uint32.bin. nanoGPT reads the first, and a fork for uint32 the second."""
    return [write_flat(shard.tokens, path, "bin")]


def read(base: str) -> Tokens:
    """Read the tokens of the .bin."""
    return read_flat(base, "bin")


def patch(_: str, shard: Shard, __: npt.NDArray[np.int64]) -> Iterator[tuple[str, list[Any]]]:
    """Makes the content of the new .bin."""
    yield f".{shard.tokens.dtype.name}.bin", [little_endian(shard.tokens)]


FORMAT = ShardFormat("nanogpt", write, read, map=partial(map_flat, suffix="bin"), patch=patch)
