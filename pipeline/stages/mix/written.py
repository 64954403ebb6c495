"""Writes a shard to an output."""

import posixpath

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.shards.format import Shard
from massivetext.pipeline.storage.output import Output


def write_shard(shard: Shard, name: str, goal: str, output: Output) -> None:
    """Write a shard in one format."""
    inside, base = posixpath.split(goal)
    with output.folder(inside) as folder:
        FORMATS[name].write(shard, folder / base)


def patch_shard(shard: Shard, rows: npt.NDArray[np.int64], name: str, goal: str, output: Output) -> None:
    """Write a shard in place of one of which only the sequences `rows` have other tokens."""
    patch = FORMATS[name].patch
    if patch is None:
        write_shard(shard, name, goal, output)
        return
    for suffix, pieces in patch(posixpath.join(output.out, goal), shard, rows):
        with output.file(goal + suffix) as stream:
            for piece in pieces:
                stream.write(piece)
