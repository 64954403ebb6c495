"""The curate stage on one core and on two, by turns: its throughput, why that does not double, and its start-up time.

    python -m benchmarks.cores CORPUS.jsonl... [--rounds 3]

On one core, the command is bound to the core and does the work itself; on two, there are two worker processes.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CONFIG = """\
sources: {text: {kind: text, paths: ["input/*"], weight: 1}}
quality: {sources: [text]}
repetition: {sources: [text]}
mix: {tokens: 1000}
"""


@dataclass
class Figures:
    started: float  # seconds from the command to the first part
    stage: float  # seconds
    parts: list[float]  # CPU seconds


def curate(folder: Path, cores: set[int]) -> Figures:
    """One run of the stage by a command that may use these cores."""
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = [
        sys.executable,
        "-m",
        "massivetext.pipeline.cli",
        "curate",
        str(folder / "c.yaml"),
        "--output",
        str(out),
    ]
    began = time.monotonic()
    process = subprocess.Popen(
        command, stderr=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, cores)
    )
    started = 0.0
    while process.poll() is None:
        if (
            not started
            and any((out / ".temporary").glob("*"))
            and (out / ".work/curate/causes.json").exists()
        ):
            started = time.monotonic() - began
        time.sleep(0.02)
    if process.returncode:
        sys.exit(f"exit status {process.returncode}")
    stage = json.loads((out / "manifest.json").read_text())["stages"]["curate"]
    records = [json.loads(path.read_bytes()) for path in sorted(out.glob(".work/curate/part-*.json"))]
    return Figures(started, stage["seconds"], [record["cpu_seconds"] for record in records])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))[:2]
    found: dict[int, list[Figures]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "input").mkdir()
        (folder / "c.yaml").write_text(CONFIG)
        for path in asked.corpus:
            (folder / "input" / path.name).symlink_to(path.resolve())
        size = sum(path.stat().st_size for path in asked.corpus) / 1e6
        for _ in range(asked.rounds):
            for count in found:
                found[count].append(curate(folder, set(cores[:count])))
    stage = {count: statistics.median(each.stage for each in runs) for count, runs in found.items()}
    cpu = {count: statistics.median(sum(each.parts) for each in runs) for count, runs in found.items()}
    print(f"{size:.0f} MB in {len(found[2][0].parts)} parts; medians of {asked.rounds} rounds")
    for count in found:
        started = statistics.median(each.started for each in found[count])
        print(
            f"{count} cores: {stage[count]:.1f} s, {size / stage[count]:.1f} MB/s; "
            f"CPU of the parts {cpu[count]:.1f} s; "
            f"the first part began after {started:.1f} s"
        )
    ratios = [one.stage / two.stage for one, two in zip(found[1], found[2], strict=True)]
    print(
        f"ratio {stage[1] / stage[2]:.2f} (rounds: {', '.join(f'{ratio:.2f}' for ratio in ratios)}); "
        f"each part's CPU with both cores busy: {cpu[2] / cpu[1]:.2f} times that with one"
    )
    idle = [2 * each.stage - sum(each.parts) for each in found[2]]
    print(
        f"of two cores' seconds, {statistics.median(idle):.1f} were not spent in parts (of {2 * stage[2]:.1f})"
    )


if __name__ == "__main__":
    main()
