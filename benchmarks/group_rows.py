"""Grouping up to a billion rows of (bucket, order, pointer) on one machine: CPU seconds, memory and disk.

    python -m benchmarks.group_rows FOLDER --rows 1e8 3e8 1e9 --near 0.1

Workers make the rows of a batch of documents, 16 a document, in place of reading them from signatures. From there on
this is the step of deduplication that finds buckets, as a run takes it: rows go to a file for each batch, and each
partition is read from all files, sorted, and its buckets with two or more documents are kept. `--near` is the share of
documents that have all 16 buckets in common with another one, so that the number of rows to be found is known. Peak
memory is the proportional set size of all processes, measured five times a second; disk is the most that the step took.
"""

import argparse
import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import apache_beam as beam
import numpy as np
import numpy.typing as npt

from benchmarks.took import bytes_of, took
from massivetext.pipeline.runtime.blocks import Block, partition, partitions_of, scatter
from massivetext.pipeline.stages.deduplicate import buckets
from massivetext.pipeline.stages.deduplicate.rows import MEMBER, Rank, ranked
from massivetext.pipeline.storage import arrays

BANDS = 16
PART_DOCUMENTS = 25_000
DOCUMENTS_AT_ONCE = 1 << 16
BATCHES = 64  # or one for each partition, if there are more: see runtime.blocks.in_batches
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Documents:
    """The documents of a batch, by their numbers. The documents from `copies` on are copies of earlier ones."""

    first: int
    stop: int
    copies: int


@dataclass(eq=False)
class MadeBuckets(buckets.Buckets):
    """Makes rows where deduplication reads them."""

    def reader(self) -> beam.DoFn:
        return _Make(self.partitions)


@dataclass(eq=False)
class _Make(beam.DoFn):
    partitions: int

    def process(self, documents: Documents) -> Iterator[Block]:
        for first in range(documents.first, documents.stop, DOCUMENTS_AT_ONCE):
            numbers = np.arange(first, min(documents.stop, first + DOCUMENTS_AT_ONCE), dtype=np.uint64)
            copies = np.uint64(documents.copies)
            text = np.where(numbers < copies, numbers, numbers - copies)
            members = np.empty((len(numbers), BANDS), MEMBER)
            members["bucket"] = _mixed(text[:, None] * np.uint64(BANDS) + np.arange(BANDS, dtype=np.uint64))
            members["order"] = ranked(_mixed(~numbers), Rank.OWN)[:, None]
            part, row = np.divmod(numbers, np.uint64(PART_DOCUMENTS))
            members["pointer"] = (part << np.uint64(32) | row)[:, None]
            rows = members.reshape(-1)
            yield from scatter(rows, partition(rows["bucket"], self.partitions))


def _mixed(values: Hashes) -> Hashes:
    """The output function of SplitMix64 (Steele, Lea and Flood, 2014), a bijection."""
    values = (values ^ values >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ values >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return values ^ values >> np.uint64(31)


def group(out: Path, rows: int, near: float) -> None:
    """The step itself, as the command runs it with all cores."""
    from rich.console import Console

    from massivetext.pipeline.config.load import Loaded
    from massivetext.pipeline.config.model import Config
    from massivetext.pipeline.runtime.engine import Engine
    from massivetext.pipeline.runtime.local_workers import Workers
    from massivetext.pipeline.runtime.progress import Display
    from massivetext.pipeline.runtime.stage import Run

    config = Config.model_validate({"sources": {"web": {"kind": "web", "paths": ["f"]}}})
    documents, size = rows // BANDS, rows * MEMBER.itemsize
    grouping = MadeBuckets(str(out), BANDS, 1, partitions_of(size))
    copies = documents - round(documents * near / 2)
    bounds = np.linspace(0, documents, max(BATCHES, grouping.partitions) + 1).astype(int).tolist()
    batches = [Documents(first, stop, copies) for first, stop in pairwise(bounds)]
    with contextlib.closing(Workers()) as workers:
        run = Run(
            Loaded(config, str(out.parent / "config.yaml"), None),
            str(out),
            Engine([], workers),
            Display(Console(stderr=True)),
        )
        run.group(buckets.STEP, batches, grouping, [], size)


@dataclass
class Disk:
    """The most bytes that a folder held. Ends the benchmark when too little of the disk is free."""

    folder: Path
    floor: int
    most: int = 0
    free: int = sys.maxsize

    def look(self) -> None:
        self.most = max(self.most, bytes_of(self.folder))
        self.free = min(self.free, shutil.disk_usage(self.folder.parent).free)
        if self.free < self.floor:
            raise SystemExit(f"ended: less than {self.floor / 1e9:.0f} GB of disk are free")


def measure(folder: Path, rows: int, near: float, floor: int) -> str:
    """A line of the table."""
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    disk = Disk(out, floor)
    command = [sys.executable, "-m", "benchmarks.group_rows", out, "--rows", str(rows), "--near", str(near)]
    try:
        figures = took([*command, "--step"], look=disk.look)
        found = sum(
            len(arrays.load(path)) for path in arrays.saved(str(out), buckets.STEP, f"{buckets.MEMBERS}-*")
        )
    finally:
        shutil.rmtree(out, ignore_errors=True)
    wanted = 2 * BANDS * round(rows // BANDS * near / 2)
    return (
        f"| {rows:,} | {figures.cpu:.0f} | {figures.cpu / rows * 1e6:.3f} | {figures.seconds:.0f} "
        f"| {figures.memory / 1e6:,.0f} | {disk.most / 1e9:.1f} | {disk.most / rows:.1f} "
        f"| {disk.free / 1e9:.0f} | {found:,} of {wanted:,} | {os.getloadavg()[0]:.1f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=float, nargs="+", default=[1e8, 3e8, 1e9])
    parser.add_argument("--near", type=float, default=0.1)
    parser.add_argument("--floor", type=float, default=12e9, help="bytes of disk that must stay free")
    parser.add_argument("--step", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        group(arguments.folder, int(arguments.rows[0]), arguments.near)
        return
    arguments.folder.mkdir(parents=True, exist_ok=True)
    print(
        "| rows | CPU s | us a row | wall s | peak MB | disk GB | bytes a row | least free GB | rows found | load |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for rows in arguments.rows:
        print(measure(arguments.folder, int(rows), arguments.near, int(arguments.floor)), flush=True)


if __name__ == "__main__":
    from benchmarks import group_rows  # workers load its classes by that name

    group_rows.main()
