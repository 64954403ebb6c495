"""Mixing small parts into many shards: CPU seconds, and what is read and written, as both grow.

    python -m benchmarks.mix_pairs RUN FOLDER [--pairs 400x60 4000x600] [--tokens 5000]

RUN is a finished run, whose tokenizer is used. Parts and tokens are synthetic: each part has `--tokens` tokens, in
documents of 500. All are mixed once, by the command's own process.
"""

import argparse
import hashlib
import shutil
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from rich.console import Console

from massivetext.pipeline.config.load import Loaded
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.parts import Record, write_record
from massivetext.pipeline.runtime.progress import Display
from massivetext.pipeline.runtime.stage import Run
from massivetext.pipeline.stages.mix import stage
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.files import Written
from massivetext.schemas.token import tokens

DOCUMENT = 500
SOURCE = "text"


def make(out: Path, parts: int, size: int) -> None:
    """Write tokens/ with the records that say that it is finished."""
    schema = tokens(32_000)
    for part in range(parts):
        random = np.random.default_rng(part)
        count = size // DOCUMENT
        offsets = pa.array(np.arange(count + 1, dtype=np.int32) * DOCUMENT)
        lists = pa.ListArray.from_arrays(
            offsets, pa.array(random.zipf(1.3, size).clip(0, 31_999).astype(np.uint16))
        )
        columns = {
            "id": [f"{part:016x}{row:016x}" for row in range(count)],
            "length": pc.list_value_length(lists),
            "tokens": lists,
        }
        name = layout.tokens(SOURCE, part)
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        table = pa.table([columns[field.name] for field in schema], schema=schema)
        pq.write_table(table, out / name, compression="zstd")
        written = Written(name, (out / name).stat().st_size, files.sha256(str(out / name)))
        write_record(str(out), "tokenize", Record(part, "", None, [written], [], 0))


def mix(out: Path, parts: int, shards: int, size: int) -> None:
    total = parts * size
    config = Config.model_validate(
        {
            "sources": {SOURCE: {"kind": "text", "paths": ["f"], "weight": 1}},
            "mix": {
                "tokens": total,
                "sequence_length": 512,
                "shard_tokens": -(-total // shards),
                "formats": ["megatron"],
            },
        }
    )
    loaded = Loaded(config, str(out.parent / "config.yaml"), None)
    stage.run(
        Run(loaded, str(out), Engine(["--direct_running_mode=in_memory"]), Display(Console(stderr=True)))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pairs", nargs="+", default=["400x60", "4000x600"])
    parser.add_argument("--tokens", type=int, default=5000, help="of each part")
    arguments = parser.parse_args()
    out = arguments.folder / "out"
    print(
        "| parts x shards | tokens | CPU s | us a token | MB read | MB written | kB read a shard | shards' SHA-256 |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    for pair in arguments.pairs:
        parts, shards = map(int, pair.split("x"))
        shutil.rmtree(out, ignore_errors=True)
        make(out, parts, arguments.tokens)
        shutil.copytree(arguments.run / "tokenizer", out / "tokenizer")
        began, before = time.process_time(), _moved_bytes()
        mix(out, parts, shards, arguments.tokens)
        cpu = time.process_time() - began
        read, written = (after - earlier for after, earlier in zip(_moved_bytes(), before, strict=True))
        digest = hashlib.sha256()
        for path in sorted((out / "shards/megatron").iterdir()):
            digest.update(path.name.encode() + path.read_bytes())
        total = parts * arguments.tokens
        print(
            f"| {pair} | {total:,} | {cpu:.1f} | {1e6 * cpu / total:.3f} | {read / 1e6:,.0f} "
            f"| {written / 1e6:,.0f} | {read / 1e3 / shards:,.0f} | {digest.hexdigest()[:16]} |",
            flush=True,
        )
    shutil.rmtree(out)


def _moved_bytes() -> tuple[int, int]:
    """The bytes that this process has read and written by system calls, on the disk or in its cache."""
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(lines["rchar"]), int(lines["wchar"])


if __name__ == "__main__":
    main()
