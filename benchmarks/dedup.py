"""Deduplication end to end against datatrove's four stages, and both against exact Jaccards of all pairs.

    python -m benchmarks.dedup DOCUMENTS.jsonl.zst... [--megabytes 16]

Each reads the same documents from a file, in a process of its own with one worker, one after the other. The CPU
seconds do not include imports and, for massivetext, compiling. The peer's environment, build/peers, is made on first
use. Prints a table in Markdown.
"""

import argparse
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.all_pairs import similar_pairs
from benchmarks.peak import peak
from benchmarks.signatures import ENVIRONMENT, batches, make_environment, read_texts
from massivetext.filters.similarity.minhash import PERMUTATIONS, band_parameters
from massivetext.filters.similarity.shingles import Shingles, shingles

THRESHOLD = 0.8
PART = 32 << 20
Integers = npt.NDArray[np.int64]


@dataclass
class Outcome:
    """What one of the two programs did."""

    name: str
    seconds: float
    cpu: float
    megabytes: float  # peak memory
    removed: Integers  # rows
    pairs: Integers  # rows (i, j), i < j, that it regards as duplicates of each other
    proposed: Integers | None = None  # before verification, if that differs


def write(folder: Path, texts: list[str]) -> None:
    """Write the documents as datatrove reads them, and as curate writes them."""
    from benchmarks.judged import keep_all
    from massivetext.pipeline.storage import layout
    from massivetext.schemas.document import CANDIDATE

    with open(folder / "documents.jsonl", "w") as lines:
        for row, text in enumerate(texts):
            lines.write(json.dumps({"id": str(row), "text": text}) + "\n")
    with contextlib.ExitStack() as stack:
        part, size, writer = -1, PART, None
        first = 0
        for batch in batches(texts):
            if size >= PART:
                part, size = part + 1, 0
                path = folder / "out" / layout.documents("web", part)
                path.parent.mkdir(parents=True, exist_ok=True)
                writer = stack.enter_context(pq.ParquetWriter(path, CANDIDATE, compression="zstd"))
            size += batch.nbytes
            rows = [
                {
                    "id": f"{first + row:032x}",
                    "text": text,
                    "text_bytes": len(text.encode()),
                    "origin_file": "f",
                    "origin_offset": 0,
                }
                for row, text in enumerate(batch.column("text").to_pylist())
            ]
            first += batch.num_rows
            assert writer
            writer.write_batch(pa.RecordBatch.from_pylist(rows, CANDIDATE))
    for number in range(part + 1):
        keep_all(str(folder / "out"), "web", number)


def deduplicate(out: str) -> None:
    """Run the stage, in this process, and print its seconds."""
    from rich.console import Console

    from massivetext.filters import compile as kernels
    from massivetext.pipeline.config.load import Loaded
    from massivetext.pipeline.config.model import Config
    from massivetext.pipeline.runtime.engine import Engine
    from massivetext.pipeline.runtime.progress import Display
    from massivetext.pipeline.runtime.stage import Run
    from massivetext.pipeline.stages.deduplicate import stage as deduplicate

    sources = {"web": {"kind": "web", "paths": ["f"], "weight": 1}}
    config = Config.model_validate({"sources": sources, "mix": {"tokens": 1}})
    engine = Engine(["--direct_running_mode=in_memory"])
    run = Run(Loaded(config, "", None), out, engine, Display(Console(quiet=True)))
    with contextlib.redirect_stdout(io.StringIO()):
        kernels.main()
    began, cpu = time.monotonic(), time.process_time()
    deduplicate.run(run)
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    print(json.dumps({"seconds": seconds, "cpu": cpu, "megabytes": peak()}))


def measured(command: list[str]) -> dict:
    """The JSON that a process prints in its last line."""
    root = Path(__file__).parent.parent
    environment = os.environ | {"OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "PYTHONPATH": str(root)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    assert process.stdout
    output = process.stdout.read().decode()
    if status := process.wait():
        raise SystemExit(f"{command} failed with status {status}")
    return json.loads(output.splitlines()[-1])


def ours(folder: Path, sets: list[pa.RecordBatch]) -> Outcome:
    out = folder / "out"
    figures = measured([sys.executable, "-m", "benchmarks.dedup", "--stage", str(out)])
    table = pq.read_table(out / "duplicates")
    rows = np.array(
        [[int(id_, 16) for id_ in table.column(name).to_pylist()] for name in ("id", "survivor_id")]
    ).T.reshape(-1, 2)
    return Outcome(
        "massivetext",
        figures["seconds"],
        figures["cpu"],
        figures["megabytes"],
        rows[:, 0],
        np.sort(rows, axis=1),
        _candidates(sets),
    )


def _candidates(documents: list[pa.RecordBatch]) -> Integers:
    """All pairs that share a band."""
    from massivetext.filters.similarity.minhash import bands, signatures

    band_count, rows = band_parameters(THRESHOLD)
    found = [bands(signatures(batch), band_count, rows) for batch in documents]
    values = np.concatenate([one.flatten().to_numpy() for one in found])
    signed = np.concatenate([one.is_valid().to_numpy(zero_copy_only=False) for one in found])
    return _within(np.repeat(np.flatnonzero(signed), band_count), values)


def _within(documents: Integers, groups: npt.NDArray) -> Integers:
    """All pairs of documents of the same group."""
    order = np.lexsort((documents, groups))
    documents, groups = documents[order], groups[order]
    starts = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    pairs = [np.empty((0, 2), np.int64)]
    for group in np.split(documents, starts[1:]):
        if len(group) > 1:
            left, right = np.triu_indices(len(group), 1)
            pairs.append(np.stack([group[left], group[right]], axis=1))
    return np.unique(np.concatenate(pairs), axis=0)


def datatrove(folder: Path, buckets: int, hashes: int) -> Outcome:
    script = Path(__file__).with_name("peer_dedup.py")
    command = [str(ENVIRONMENT / "bin/python"), str(script), str(folder), str(buckets), str(hashes)]
    figures = measured(command)
    clusters = np.array(figures["clusters"], np.int64).reshape(-1, 2)
    return Outcome(
        f"datatrove, {buckets} buckets of {hashes}",
        figures["seconds"],
        figures["cpu"],
        figures["megabytes"],
        np.array(figures["removed"], np.int64),
        _within(clusters[:, 0], clusters[:, 1]),
    )


def among(pairs: Integers, truth: Integers, count: int) -> npt.NDArray[np.bool_]:
    return np.isin(pairs @ [count, 1], truth @ [count, 1])


def row(outcome: Outcome, truth: Integers, count: int, best: Outcome) -> str:
    """One line of the table."""
    gone = np.zeros(count, np.bool_)
    gone[outcome.removed] = True
    left = int((~gone[truth]).all(axis=1).sum())
    # It is right to remove a document if another one stays that it is a duplicate of.
    justified = np.zeros(count, np.bool_)
    for one, other in ((0, 1), (1, 0)):
        justified[truth[:, one][~gone[truth[:, other]]]] = True
    wrongly = int((gone & ~justified).sum())
    proposed = outcome.pairs if outcome.proposed is None else outcome.proposed
    recall = among(truth, proposed, count).mean()
    precision = among(outcome.pairs, truth, count).mean()
    cells = (
        outcome.name,
        f"{outcome.seconds:.1f}",
        f"{outcome.cpu:.1f}",
        f"{outcome.cpu / best.cpu:.1f}",
        f"{outcome.megabytes:,.0f}",
        f"{len(proposed):,}",
        f"{recall:.4f}",
        f"{precision:.4f}",
        f"{int(gone.sum()):,}",
        f"{wrongly:,}",
        f"{left:,}",
    )
    return f"| {' | '.join(cells)} |"


HEAD = """\
| | seconds | CPU seconds | ratio | peak MB | pairs found | recall | precision | removed | wrongly | pairs left |
|---|---|---|---|---|---|---|---|---|---|---|"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("documents", type=Path, nargs="*")
    parser.add_argument("--megabytes", type=float, default=16, help="of each file")
    parser.add_argument("--stage", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.stage:
        deduplicate(arguments.stage)
        return
    texts = [
        text for path in arguments.documents for text in read_texts(path, int(arguments.megabytes * 1e6))
    ]
    documents = batches(texts)
    size = sum(len(text.encode()) for text in texts) / 1e6
    found = [shingles(batch) for batch in documents]
    sizes = np.concatenate([np.diff(one.offsets) for one in found])
    sets = Shingles(np.concatenate([[0], np.cumsum(sizes)]), np.concatenate([one.values for one in found]))
    truth = similar_pairs(sets, THRESHOLD)
    print(f"{len(texts):,} documents, {size:.1f} MB, {len(truth):,} pairs above {THRESHOLD}.\n\n{HEAD}")
    make_environment()
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), texts)
        best = ours(Path(folder), documents)
        print(row(best, truth, len(texts), best), flush=True)
        for buckets, hashes in ((14, 8), band_parameters(THRESHOLD, PERMUTATIONS)):
            print(row(datatrove(Path(folder), buckets, hashes), truth, len(texts), best), flush=True)


if __name__ == "__main__":
    main()
