"""Time and memory of curate, deduplicate and decontaminate as the corpus grows.

    python -m benchmarks.scale ../shared/data OUT [--megabytes 50 500 5000]

Each size is a corpus of its own (see scale_corpus.py), which the command processes with its default workers. Memory is
the proportional set size of the whole process tree, measured five times a second. Prints a table in Markdown.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks import scale_corpus
from benchmarks.whole_run import tree_memory
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages.deduplicate.stage import ROUNDS
from massivetext.pipeline.storage import layout, sealed

STAGES = ("curate", "deduplicate", "decontaminate")
MASSIVETEXT = 2.35e9  # documents in MassiveText

CONFIG = """\
sources:
  text: {{kind: text, paths: ["{folder}/text/*.jsonl.zst"], weight: 1}}
language: {{sources: []}}
decontaminate:
  test_sets: {{lambada: {{path: "{data}/testsets/lambada_openai.jsonl", text: [context, continuation]}}}}
mix: {{tokens: 1e6}}
"""


def run(stage: str, folder: Path) -> int:
    """One stage by the command; returns the peak memory of its process tree in bytes."""
    command = [
        sys.executable,
        "-m",
        "massivetext.pipeline.cli",
        stage,
        str(folder / "massivetext.yaml"),
        "--output",
    ]
    process = subprocess.Popen([*command, str(folder / "out")], stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, tree_memory(process.pid))
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"{stage} failed with status {process.returncode}")
    return peak


def measure(data: Path, folder: Path, size: int) -> dict[str, float]:
    """The figures of one size, named as in the tables."""
    documents, written = scale_corpus.write(folder / "text", data / "bench", size)
    (folder / "massivetext.yaml").write_text(CONFIG.format(folder=folder, data=data))
    peaks = {stage: run(stage, folder) for stage in STAGES}
    out = folder / "out"
    manifest = json.loads((out / layout.MANIFEST).read_bytes())["stages"]
    rounds = json.loads((out / ROUNDS).read_bytes())
    tally = Tally.of(rows(str(out), "deduplicate"))
    figures: dict[str, float] = {"MB": written / 1e6, "documents": documents}
    for stage in STAGES:
        figures[f"{stage}: s"] = manifest[stage]["seconds"]
        figures[f"{stage}: CPU s"] = manifest[stage]["cpu_seconds"]
        figures[f"{stage}: peak MB"] = peaks[stage] / 1e6
    for kind in ("exact", "near"):
        figures[f"{kind} duplicates"] = tally.count("text", "duplicate", kind).documents
    figures["rounds"] = rounds["rounds"]
    figures["pairs verified"] = sum(rounds["verified_pairs"])
    steps = (out / layout.work("deduplicate", "")).glob("*.group")
    figures["bytes grouped a document"] = sum(sealed.read(str(step))["grouped"] for step in steps) / documents
    return figures


def exponents(found: list[dict[str, float]]) -> str:
    """The power of the bytes with which the CPU seconds grow: the slope of a least-squares line in the logarithms."""
    sizes = np.log([figures["MB"] for figures in found])
    fitted = (
        (name, np.polyfit(sizes, np.log([figures[f"{stage}: {name}"] for figures in found]), 1)[0], stage)
        for stage in STAGES
        for name in ("s", "CPU s")
    )
    return "; ".join(f"{stage}, {name}: {power:.2f}" for name, power, stage in fitted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[50, 500, 5000])
    arguments = parser.parse_args()
    found = []
    for megabytes in arguments.megabytes:
        folder = arguments.out.resolve() / str(megabytes)
        found.append(measure(arguments.data.resolve(), folder, megabytes * 1_000_000))
        print(json.dumps(found[-1]), file=sys.stderr, flush=True)
        shutil.rmtree(folder)
    print(f"| | {' | '.join(f'{megabytes:,} MB' for megabytes in arguments.megabytes)} |")
    print(f"|---|{'---|' * len(found)}")
    for name in list(found[0])[1:]:
        cells = [figures[name] for figures in found]
        print(f"| {name} | {' | '.join(f'{c:,.0f}' if c >= 100 else f'{c:,.1f}' for c in cells)} |")
    print(f"\nExponents: {exponents(found)}.")
    grouped = found[-1]["bytes grouped a document"] * MASSIVETEXT
    print(f"For {MASSIVETEXT / 1e9:.2f} billion documents: {grouped / 1e12:.2f} TB grouped.")


if __name__ == "__main__":
    main()
