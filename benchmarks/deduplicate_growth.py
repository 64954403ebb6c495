"""Deduplication of one machine as documents grow: CPU microseconds and bytes a document, and peak memory.

    python -m benchmarks.deduplicate_growth FOLDER --millions 1 3 10 --near 0 0.3

Documents and signatures are synthetic. With `--near 0.3`, three tenths of the documents are near duplicates, in groups
of 2 to 100,000, with sizes spread evenly over their logarithms. The documents of a group differ in the last of 100
words. Documents without a group have texts of one word, which no step reads. CPU seconds are those of the command
and its workers; peak memory is the proportional set size of all of them, measured five times a second.
"""

import argparse
import contextlib
import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.took import bytes_of, took
from massivetext.pipeline.runtime.parts import Record, Step, write_record
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.deduplicate import signatures
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.files import Written
from massivetext.schemas.verdict import VERDICT

PART_DOCUMENTS = 25_000
LARGEST = 100_000
PERMUTATIONS = 128
WORDS = 100
SOURCE = "web"
SHINGLE = 13
CONFIG = {
    "seed": 5,
    "sources": {SOURCE: {"kind": "web", "paths": ["f"], "weight": 1}},
    "mix": {"tokens": 1000},
}


def groups_of(documents: int, near: float, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """The group of each document; -1 for those that are alone."""
    sizes, rest = [], int(documents * near)
    while rest >= 2:
        sizes.append(min(rest, int(2 * (LARGEST / 2) ** random.random())))
        rest -= sizes[-1]
    found = np.full(documents, -1)
    found[: sum(sizes)] = np.repeat(np.arange(len(sizes)), sizes)
    random.shuffle(found)
    return found


def make(out: Path, documents: int, near: float) -> None:
    """Write documents/, verdicts/ and signatures, with the records that say that they are finished."""
    groups = groups_of(documents, near, np.random.default_rng(1))
    for part, start in enumerate(range(0, documents, PART_DOCUMENTS)):
        _make_part(out, part, start, groups[start : start + PART_DOCUMENTS])


def _make_part(out: Path, part: int, start: int, groups: npt.NDArray[np.int64]) -> None:
    random = np.random.default_rng([2, part])
    count = len(groups)
    ids = [f"{start + number:032x}" for number in range(count)]
    texts, signed = ["alone"] * count, random.integers(0, 1 << 32, (count, PERMUTATIONS), np.uint32)
    for group in np.unique(groups[groups >= 0]):
        of_group = np.random.default_rng([3, group])
        words = " ".join(f"{number:x}" for number in of_group.integers(1 << 16, 1 << 20, WORDS - 1))
        rows = np.flatnonzero(groups == group)
        same = random.random((len(rows), PERMUTATIONS)) < (WORDS - SHINGLE) / (WORDS - SHINGLE + 2)
        signed[rows] = np.where(same, of_group.integers(0, 1 << 32, PERMUTATIONS, np.uint32), signed[rows])
        for row in rows:
            texts[row] = f"{words} {start + row}"
    fingerprints = random.bytes(16 * count)
    rows = {
        "id": ids,
        "fingerprint": pa.array([fingerprints[16 * at : 16 * at + 16] for at in range(count)], pa.binary(16)),
        "order": random.integers(0, 1 << 64, count, np.uint64),
        "bytes": [len(text) for text in texts],
        "signature": pa.ListArray.from_arrays(
            pa.array(np.arange(count + 1, dtype=np.int32) * PERMUTATIONS), pa.array(signed.ravel())
        ),
    }
    tables = {
        layout.documents(SOURCE, part): pa.table({"id": ids, "text": texts}),
        layout.verdicts(SOURCE, part): pa.table([ids, [None] * count, [[]] * count], schema=VERDICT),
        signatures.path(part): pa.table(rows, schema=signatures.SCHEMA),
    }
    written = {}
    for name, table in tables.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, out / name, row_group_size=5000, compression="zstd", compression_level=1)
        written[name] = Written(name, (out / name).stat().st_size, files.sha256(str(out / name)))
    tally = Tally()
    tally.add(SOURCE, Figure.CANDIDATES, "", count, sum(map(len, texts)))
    judged = [written[name] for name in list(tables)[:2]]
    write_record(str(out), "curate/judge", Record(part, "", None, judged, tally.rows(), 0))


def sign(out: Path) -> None:
    """Write the records of the signatures that exist already."""
    from massivetext.pipeline.config.model import Config
    from massivetext.pipeline.runtime.candidates import candidates

    shingles = Config.model_validate(CONFIG).deduplicate.shingles
    work = signatures.Sign(str(out), CONFIG["seed"], PERMUTATIONS, shingles)
    step = Step.of(signatures.STEP, work)
    for item in candidates(str(out), [SOURCE]):
        path = signatures.path(item.part)
        written = Written(path, (out / path).stat().st_size, "")
        write_record(str(out), signatures.STEP, Record(item.part, step.key(item), None, [written], [], 0))


def deduplicate(out: Path) -> None:
    """The stage itself, as the command runs it with all cores."""
    from rich.console import Console

    from massivetext.pipeline.config.load import Loaded
    from massivetext.pipeline.config.model import Config
    from massivetext.pipeline.runtime.engine import Engine
    from massivetext.pipeline.runtime.local_workers import Workers
    from massivetext.pipeline.runtime.progress import Display
    from massivetext.pipeline.runtime.stage import Run
    from massivetext.pipeline.stages.deduplicate import stage

    loaded = Loaded(Config.model_validate(CONFIG), str(out.parent / "config.yaml"), None)
    with contextlib.closing(Workers()) as workers:
        stage.run(Run(loaded, str(out), Engine([], workers), Display(Console(stderr=True))))


def measure(out: Path) -> dict[str, float]:
    """Run the stage in a process of its own. Disk is the most bytes of work files beyond the signatures."""
    disk = [0]

    def look() -> None:
        disk[0] = max(disk[0], bytes_of(out / layout.work("deduplicate", ""), without="signatures"))

    figures = took([sys.executable, "-m", "benchmarks.deduplicate_growth", out, "--stage"], look=look)
    return {"cpu": figures.cpu, "seconds": figures.seconds, "peak": figures.memory, "disk": disk[0]}


def one(folder: Path, documents: int, near: float) -> dict[str, float]:
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    make(out, documents, near)
    sign(out)
    found = {"documents": documents, "near": near, **measure(out), "load": os.getloadavg()[0]}
    rows = sum(pq.read_metadata(path).num_rows for path in (out / "duplicates").glob("*.parquet"))
    found["removed"] = rows
    shutil.rmtree(out)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 3, 10])
    parser.add_argument("--near", type=float, nargs="+", default=[0, 0.3])
    parser.add_argument("--stage", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.stage:
        deduplicate(arguments.folder)
        return
    arguments.folder.mkdir(parents=True, exist_ok=True)
    print(
        "| near duplicates | documents | removed | CPU s | us/document | wall s | peak MB | work bytes/document |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for near in arguments.near:
        found = []
        for millions in arguments.millions:
            this = one(arguments.folder, round(millions * 1e6), near)
            found.append(this)
            print(
                f"| {near:.0%} | {this['documents']:,} | {this['removed']:,} | {this['cpu']:.1f} "
                f"| {this['cpu'] / this['documents'] * 1e6:.1f} | {this['seconds']:.0f} "
                f"| {this['peak'] / 1e6:,.0f} | {this['disk'] / this['documents']:.0f} |",
                flush=True,
            )
            print(json.dumps(this), file=sys.stderr, flush=True)
        if len(found) > 1:
            sizes, cpu = (np.log([this[name] for this in found]) for name in ("documents", "cpu"))
            print(f"\nExponent of CPU seconds: {np.polyfit(sizes, cpu, 1)[0]:.3f}\n", flush=True)


if __name__ == "__main__":
    main()
