"""Mixing at scale: peak memory of the process tree, wall and CPU time, and disk.

    python -m benchmarks.mix_scale BENCH OUT [--tokens 2e9]

The documents of two parts of bench are tokenized once, with a tokenizer of 32,000 pieces. Then their token files are
repeated under new ids until there are enough tokens, so that the mix uses each document once. OUT takes 9 bytes a
token, and is deleted at the end.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.whole_run import tree_memory
from massivetext.pipeline.runtime.parts import Record
from massivetext.pipeline.storage import files as storage
from massivetext.pipeline.storage import layout, sealed
from massivetext.pipeline.storage.files import Written

CONFIG = """\
sources:
  first:  {{kind: text, paths: ["{data}/part-00.jsonl.zst"], weight: 0.5}}
  second: {{kind: text, paths: ["{data}/part-01.jsonl.zst"], weight: 0.5}}
language: {{sources: []}}
deduplicate: {{sources: []}}
tokenizer: {{train: {{vocabulary: 32000, sample_bytes: 4000000}}}}
mix: {{tokens: {tokens:.0f}, sequence_length: 2048}}
"""
BEFORE = ("curate", "deduplicate", "decontaminate", "tokenizer", "tokenize")


def command(stage: str, out: Path) -> list[str]:
    config = str(out / "massivetext.yaml")
    return [sys.executable, "-m", "massivetext.pipeline.cli", stage, config, "--output", str(out / "out")]


def repeat(tokens: Path, wanted: float) -> int:
    """Write token files again, as new parts with documents of other ids. Returns the number of documents."""
    files = sorted(tokens.rglob("part-*.parquet"))
    tables = [(path, pq.ParquetFile(path)) for path in files]
    held = sum(len(batch.column("tokens").flatten()) for _, file in tables for batch in file.iter_batches())
    copies = -(-int(wanted * 1.01) // held)
    for copy in range(1, copies):
        for path, file in tables:
            number = int(path.stem.removeprefix("part-"), 16) + copy
            goal = path.with_name(f"part-{number:08x}.parquet")
            with pq.ParquetWriter(goal, file.schema_arrow, compression="zstd") as writer:
                for group in range(file.num_row_groups):
                    table = file.read_row_group(group)
                    ids = pa.array([f"{copy:04x}{id_[4:]}" for id_ in table["id"].to_pylist()])
                    columns = [ids, table["length"], table["tokens"]]
                    writer.write_table(pa.table(columns, schema=file.schema_arrow))
            out = tokens.parent
            written = Written(
                goal.relative_to(out).as_posix(), goal.stat().st_size, storage.sha256(str(goal))
            )
            record = Record(number, "", None, [written], [], 0.0)
            sealed.write(str(out), layout.record("tokenize", number), vars(record))
    return copies * sum(file.metadata.num_rows for _, file in tables)


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("bench", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--tokens", type=float, default=2e9)
    options = arguments.parse_args()

    out = options.out
    out.mkdir(parents=True)
    text = CONFIG.format(data=options.bench.resolve(), tokens=options.tokens)
    (out / "massivetext.yaml").write_text(text)
    try:
        for stage in BEFORE:
            subprocess.run(command(stage, out), check=True)
        documents = repeat(out / "out/tokens", options.tokens)
        earlier = os.times()
        began, peak = time.monotonic(), 0
        process = subprocess.Popen(command("mix", out))
        while process.poll() is None:
            peak = max(peak, tree_memory(process.pid))
            time.sleep(0.2)
        wall, usage = time.monotonic() - began, os.times()
        cpu = usage.children_user + usage.children_system - earlier.children_user - earlier.children_system
        folders = {name: size(out / "out" / name) / 1e9 for name in ("tokens", ".work/mix", "shards")}
        print(f"exit status {process.returncode}; {options.tokens:.3g} tokens of {documents:,} documents")
        print(f"wall {wall:.0f} s, CPU {cpu:.0f} s, {options.tokens / cpu / 1e6:.2f} M tokens a CPU second")
        print(f"peak memory of the process tree {peak / 2**20:.0f} MiB")
        print("disk, GB: " + ", ".join(f"{name} {gigabytes:.1f}" for name, gigabytes in folders.items()))
    finally:
        shutil.rmtree(out)


if __name__ == "__main__":
    main()
