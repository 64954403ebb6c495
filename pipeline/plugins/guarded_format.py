"""A plugin's shard format, whose files are checked: one that is named wrongly would replace another shard's."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from massivetext.pipeline.plugins.guard import PluginError, called
from massivetext.pipeline.shards.format import Shard, ShardError, ShardFormat, Tokens

LENGTH = 64  # tokens of a sequence of the shard that each format is tried on


def guarded_format(plugin: str, form: ShardFormat, seconds: float) -> ShardFormat:
    """The format with its functions checked. It is tried: what it writes of a small shard it must read again.

    Raises PluginError, which names the plugin.
    """
    who = f"format {form.name}"

    def write(shard: Shard, base: Path) -> list[Path]:
        made: object = called(plugin, who, seconds, lambda: form.write(shard, base))
        if not isinstance(made, list) or not made or not all(isinstance(path, Path) for path in made):
            raise PluginError(
                f"{plugin}: {who} returns {made!r} from `write`: expected the paths of its files"
            )
        for path in made:
            if path.parent != base.parent or not path.name.startswith(f"{base.name}."):
                raise PluginError(
                    f"{plugin}: {who} writes {path.name}: expected a name that begins with the shard's, {base.name}."
                )
            if not path.is_file():
                raise PluginError(f"{plugin}: {who} says that it wrote {path.name}, which is not there")
        return made

    def read(base: str) -> Tokens:
        made = _raising_shard_errors(
            lambda: called(plugin, who, seconds, lambda: np.asarray(form.read(base)))
        )
        if made.ndim != 1 or made.dtype.kind not in "iu":
            raise PluginError(
                f"{plugin}: {who} reads an array of {made.ndim} dimensions of type {made.dtype}: expected the tokens, "
                "sequence after sequence"
            )
        return made.astype(np.int64)

    guarded = replace(form, write=write, read=read)
    if form.index is not None:
        name, make = form.index

        def index(shards: Iterable[tuple[str, int, BinaryIO]]) -> bytes:
            made: object = called(plugin, f"{who}'s index", seconds, lambda: make(shards))
            if not isinstance(made, bytes):
                raise PluginError(f"{plugin}: {who}'s index is a {type(made).__name__}: expected bytes")
            return made

        guarded = replace(guarded, index=(name, index))
    _try(plugin, guarded)
    return guarded


def _raising_shard_errors(call: Callable[[], Tokens]) -> Tokens:
    try:
        return call()
    except PluginError as error:
        if isinstance(error.__cause__, ShardError):
            raise error.__cause__ from error
        raise


def _try(plugin: str, form: ShardFormat) -> None:
    tokens = np.arange(2 * LENGTH, dtype=np.uint16).reshape(2, LENGTH)
    lengths = pa.array([[LENGTH], [LENGTH // 2, 1]], pa.list_(pa.int32()))
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "shard-00000"
        form.write(Shard(tokens, lengths, pa.array(["a", "b"])), base)
        try:
            found = form.read(str(base))
        except ShardError as error:
            raise PluginError(f"{plugin}: format {form.name} cannot read what it wrote: {error}") from error
    if not np.array_equal(found, tokens.reshape(-1)):
        raise PluginError(
            f"{plugin}: format {form.name} reads other tokens than it wrote: {len(found)} for {tokens.size}, or others"
        )
