"""Shards as NumPy arrays: `mix: {formats: [npy]}` writes shard-00000.npy, sequences by tokens.

A trainer reads one with `numpy.load(path, mmap_mode="r")`.
"""

from pathlib import Path

import numpy as np

from massivetext.plugins import Shard, ShardError, ShardFormat


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.npy."""
    file = Path(f"{path}.npy")
    np.save(file, shard.tokens)
    return [file]


def read(path: str) -> np.ndarray:
    """The tokens of path.npy, sequence after sequence."""
    try:
        return np.load(f"{path}.npy").reshape(-1)
    except (OSError, ValueError) as error:
        raise ShardError(f"its .npy cannot be read: {error}") from error


NPY = ShardFormat("npy", write, read)
