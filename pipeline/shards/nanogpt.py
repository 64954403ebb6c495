"""nanoGPT's `.bin`: only tokens. Its `train.py` maps them into memory as uint16."""

from functools import partial
from pathlib import Path

from massivetext.pipeline.shards.flat import map_flat, read_flat, write_flat
from massivetext.pipeline.shards.format import Shard, ShardFormat, Tokens


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.uint16.bin or path.uint32.bin. nanoGPT reads the first, and a fork for uint32 the second."""
    return [write_flat(shard.tokens, path, "bin")]


def read(base: str) -> Tokens:
    """Read the tokens of the .bin."""
    return read_flat(base, "bin")


FORMAT = ShardFormat("nanogpt", write, read, map=partial(map_flat, suffix="bin"))
