"""Whole runs of corpora of growing size: CPU seconds, bytes written, and peak memory, of each stage.

    python -m benchmarks.growth corpus BENCH FOLDER 6      # makes 6 GB of JSONL from bench/part-*.jsonl.zst
    python -m benchmarks.growth run FOLDER TESTSETS 0.2 2 6     # appends a line to FOLDER/growth.jsonl for each
    python -m benchmarks.growth killed FOLDER TESTSETS 20       # the same, and kills each run three times
    python -m benchmarks.growth table FOLDER

The corpus is compressed as it is made, file by file, so that 20 GB take 8 on disk. GB are those of the JSONL. A run
leaves the hashes of its files in FOLDER/bytes-GB.txt: what two runs make of the same input must have equal lines.

In each copy of the corpus, every ninth word is replaced by one from elsewhere in the corpus. Every 13-gram holds such a
word, so that no copy is a near duplicate of another. Each document keeps its length, its language and its lines.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import zstandard

from benchmarks.whole_run import tree_memory

STEP = 9  # words
POOL = 1_000_003
FILE_BYTES = 200_000_000
MASSIVETEXT = 10_500  # GB
KILLED = (("curate", 20.0), ("deduplicate", 20.0), ("deduplicate", 90.0))
"""In which stages a run is killed, and after how many seconds of them. What deduplicate begins goes on with tokens, so
that the second kill in it comes after some of these are written."""
CONFIG = """\
sources:
  text: {{kind: text, paths: ["input/*.jsonl.zst"], weight: 1}}
quality: {{sources: [text]}}
repetition: {{sources: [text]}}
decontaminate:
  test_sets: {{lambada: {{path: "{testsets}/lambada_openai.jsonl", text: [context, continuation]}}}}
mix: {{tokens: {tokens}, sequence_length: 2048}}
audit: {{groups: {{african_american_english: "bundled:african_american_english"}}}}
"""
OUTPUTS = {
    "curate": ("documents", "verdicts", "failed"),
    "deduplicate": ("duplicates",),
    "decontaminate": ("contaminated",),
    "tokenizer": ("tokenizer",),
    "tokenize": ("tokens",),
    "mix": ("shards",),
    "report": ("report",),
}


def make(bench: Path, folder: Path, size: int) -> None:
    """Write `size` bytes of JSONL to folder/corpus, compressed, in files that hold FILE_BYTES."""
    (folder / "corpus").mkdir(parents=True)
    lines = documents(bench)
    for number in range(-(-size // FILE_BYTES)):
        wanted, written = min(FILE_BYTES, size - number * FILE_BYTES), 0
        path = folder / "corpus" / f"{number:03}.jsonl.zst"
        with zstandard.open(path, "wb", zstandard.ZstdCompressor(level=3)) as file:
            while written < wanted:
                written += file.write(next(lines) + b"\n")


def documents(bench: Path) -> Iterator[bytes]:
    """The documents of the corpus, again and again without an end, each time with other words."""
    texts = [orjson.loads(line)["text"].split(" ") for line in _lines(bench)]
    pool = [word for words in texts[::7] for word in words if word.isalpha()][:POOL]
    copy = 0
    while True:
        for number, words in enumerate(texts):
            if copy:
                count = len(words[copy % STEP :: STEP])
                at = (number * 7919 + copy * 104_729) % (len(pool) - count) if count < len(pool) else 0
                words = [*words]
                if count < len(pool):
                    words[copy % STEP :: STEP] = pool[at : at + count]
            yield orjson.dumps({"text": " ".join(words)})
        copy += 1


def _lines(bench: Path) -> Iterator[bytes]:
    from massivetext.pipeline.read.formats.decompress import Decompressed

    for path in sorted(bench.glob("part-*.jsonl.zst")):
        with path.open("rb") as stream:
            yield from io.BufferedReader(Decompressed(stream))


def run(folder: Path, testsets: Path, gigabytes: float, killed: tuple[tuple[str, float], ...] = ()) -> None:
    """One run of the first `gigabytes` of the corpus; its figures become a line of growth.jsonl.

    For each stage and seconds of `killed`, all processes are killed so long after the stage began, and the same command
    goes on.
    """
    work = folder / "run"
    shutil.rmtree(work, ignore_errors=True)
    (work / "input").mkdir(parents=True)
    files = sorted((folder / "corpus").iterdir())[: round(gigabytes * 1e9 / FILE_BYTES)]
    for path in files:
        (work / "input" / path.name).hardlink_to(path)
    size = FILE_BYTES * len(files)
    config = work / "massivetext.yaml"
    config.write_text(CONFIG.format(testsets=testsets.resolve(), tokens=round(size * 0.1)))
    began = time.monotonic()
    followed = Followed(work)
    for stage, after in (*killed, (None, 0.0)):
        followed.start(config, stage, after)
    figures = {
        "bytes": size,
        "seconds": round(time.monotonic() - began, 1),
        "disk_bytes": followed.disk,
        "kills": len(killed),
        "stages": {name: _figures(work / "out", name, followed.peaks.get(name, 0)) for name in OUTPUTS},
    }
    with (folder / "growth.jsonl").open("ab") as file:
        file.write(orjson.dumps(figures) + b"\n")
    (folder / f"bytes-{gigabytes:g}.txt").write_text("".join(_bytes_of_files(work / "out")))


class Followed:
    """A run whose stages are followed: the peak memory of each, and the most that its folder takes on disk."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.peaks: dict[str, int] = {}
        self.disk = 0
        self._stages: list[str] = []

    def start(self, config: Path, until: str | None, after: float) -> None:
        """Run to the end, or kill all processes so many seconds after the stage `until` began."""
        command = [sys.executable, "-m", "massivetext.pipeline.cli", "run", str(config)]
        process = subprocess.Popen(
            [*command, "--output", str(self.work / "out")],
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._stages = list(OUTPUTS)
        threading.Thread(target=self._read, args=(process,), daemon=True).start()
        tick, seen = 0, 0.0
        while process.poll() is None:
            stage = self._stages[0] if self._stages else "report"
            self.peaks[stage] = max(self.peaks.get(stage, 0), tree_memory(process.pid))
            if stage == until:
                seen = seen or time.monotonic()
                if time.monotonic() - seen > after:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                    print(f"killed in {stage}", file=sys.stderr, flush=True)
                    return
            if tick % 40 == 0:
                self.disk = max(self.disk, _size(self.work))
            tick += 1
            time.sleep(0.5)
        if process.returncode:
            sys.exit(f"exit status {process.returncode}")
        if until:
            sys.exit(f"the run ended before it could be killed in {until}")

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            print(line, end="", file=sys.stderr, flush=True)
            for stage in self._stages:
                if line.startswith((f"{stage} finished", f"{stage} is finished")):
                    self._stages = self._stages[self._stages.index(stage) + 1 :]


def _bytes_of_files(out: Path) -> Iterator[str]:
    """A hash of each file of documents/, verdicts/ and tokens/, by its name, which follows from its content."""
    for folder in ("documents", "verdicts", "tokens"):
        for path in sorted((out / folder).rglob("*.parquet")):
            with path.open("rb") as file:
                yield f"{hashlib.file_digest(file, 'sha256').hexdigest()} {path.relative_to(out)}\n"


def _figures(out: Path, stage: str, peak: int) -> dict[str, float]:
    facts = json.loads((out / "manifest.json").read_text())["stages"][stage]
    return {
        "seconds": facts["seconds"],
        "cpu_seconds": facts["cpu_seconds"],
        "parts": facts["parts"],
        "output_bytes": sum(_size(out / folder) for folder in OUTPUTS[stage]),
        "work_bytes": _size(out / ".work" / stage),
        "peak_bytes": peak,
    }


def _size(folder: Path) -> int:
    """The bytes of all files in a folder from which files may vanish meanwhile."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += os.stat(os.path.join(root, name)).st_size
    return total


def table(folder: Path) -> None:
    """A Markdown table: CPU seconds and bytes a GB, the exponent of the CPU's growth, and peak memory, by stage."""
    runs = sorted(map(orjson.loads, (folder / "growth.jsonl").read_text().splitlines()), key=_bytes)
    largest = runs[-1]
    gigabytes = largest["bytes"] / 1e9
    sizes = [run["bytes"] / 1e9 for run in runs]
    print("| | " + " | ".join(f"{size:.1f} GB" for size in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    print("| seconds | " + " | ".join(f"{run['seconds']:.0f}" for run in runs) + " |")
    for stage in OUTPUTS:
        peaks = " | ".join(f"{run['stages'][stage]['peak_bytes'] / 1e6:.0f}" for run in runs)
        print(f"| {stage}: peak MB | {peaks} |")
    shares = " | ".join(f"{_share(run):.1%}" for run in runs)
    print(f"| the report's share of CPU seconds | {shares} |")
    print(
        "\n| stage | CPU s/GB | "
        + " | ".join(f"CPU s of {size:.1f} GB" for size in sizes)
        + " | exponent | output MB/GB | work MB/GB | vCPU hours of 10.5 TB |"
    )
    print("|---|" + "---|" * (len(sizes) + 5))
    for stage in OUTPUTS:
        facts = largest["stages"][stage]
        cpu = [run["stages"][stage]["cpu_seconds"] for run in runs]
        slope = np.polyfit(np.log(sizes), np.log(cpu), 1)[0] if len(runs) > 1 else float("nan")
        each = " | ".join(f"{seconds:.1f}" for seconds in cpu)
        output, work = (facts[name] / 1e6 / gigabytes for name in ("output_bytes", "work_bytes"))
        hours = cpu[-1] / gigabytes * MASSIVETEXT / 3600
        print(
            f"| {stage} | {cpu[-1] / gigabytes:.1f} | {each} | {slope:.2f} | {output:.0f} | {work:.0f} | {hours:,.0f} |"
        )


def _share(run: dict[str, Any]) -> float:
    cpu = {name: facts["cpu_seconds"] for name, facts in run["stages"].items()}
    return float(cpu["report"] / sum(cpu.values()))


def _bytes(run: dict[str, int]) -> int:
    return run["bytes"]


def main() -> None:
    match sys.argv[1:]:
        case ["corpus", bench, folder, gigabytes]:
            make(Path(bench), Path(folder), round(float(gigabytes) * 1e9))
        case ["run", folder, testsets, *sizes]:
            for size in sizes:
                run(Path(folder), Path(testsets), float(size))
        case ["killed", folder, testsets, *sizes]:
            for size in sizes:
                run(Path(folder), Path(testsets), float(size), KILLED)
        case ["table", folder]:
            table(Path(folder))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
