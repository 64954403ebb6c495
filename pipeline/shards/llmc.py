"""llm.c's `.bin`, which modded-nanogpt reads, too: 256 numbers of 32 bits, then the tokens.

The numbers are, by dev/data/data_common.py of llm.c: a magic number and a version, which differ for tokens of 16 bits
(GPT-2's) and of 32 bits (Llama 3's), the number of tokens, and zeros.
"""

from pathlib import Path

import numpy as np

from massivetext.pipeline.shards.flat import as_tokens, little_endian, suffixed
from massivetext.pipeline.shards.format import Shard, ShardError, ShardFormat, Tokens, content

HEADER = 256  # numbers
SIGNS = {2: (20240520, 1), 4: (20240801, 7)}
"""Magic number and version, by the bytes of a token."""


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.bin.

    Raises ValueError if the shard has more tokens than the header can hold.
    """
    if shard.tokens.size >= 1 << 31:
        raise ValueError(
            f"a shard of {shard.tokens.size:,} tokens is too large for llm.c: lower mix.shard_tokens"
        )
    header = np.zeros(HEADER, "<i4")
    header[:3] = *SIGNS[shard.tokens.itemsize], shard.tokens.size
    file = suffixed(path, ".bin")
    with file.open("wb") as stream:
        stream.write(header.tobytes())
        stream.write(little_endian(shard.tokens).tobytes())
    return [file]


def read(base: str) -> Tokens:
    """Read the tokens of base.bin. Raises ShardError unless its header has their size and number."""
    data = content(base + ".bin")
    header = np.frombuffer(data[: 4 * HEADER], "<i4")
    widths = {signs: width for width, signs in SIGNS.items()}
    width = widths.get(tuple(header[:2].tolist()))
    if len(header) < HEADER or width is None:
        raise ShardError("its .bin does not start as llm.c's do")
    tokens = as_tokens(data[4 * HEADER :], width, "bin")
    if len(tokens) != header[2]:
        raise ShardError(f"its .bin holds {len(tokens):,} tokens, not the {header[2]:,} of its header")
    return tokens


FORMAT = ShardFormat("llmc", write, read)
