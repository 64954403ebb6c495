"""Whole runs of corpora of growing size: CPU seconds, bytes written, and peak memory, of each stage.

    python -m benchmarks.growth corpus BENCH FOLDER 6      # makes 6 GB of JSONL from bench/part-*.jsonl.zst
    python -m benchmarks.growth run FOLDER TESTSETS 0.2 2 6     # appends a line to FOLDER/growth.jsonl for each
    python -m benchmarks.growth table FOLDER

In each copy of the corpus, every ninth word is replaced by one from elsewhere in the corpus. Every 13-gram holds such a
word, so that no copy is a near duplicate of another. Each document keeps its length, its language and its lines.
"""

import io
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from benchmarks.whole_run import tree_memory

STEP = 9  # words
POOL = 1_000_003
FILE_BYTES = 250_000_000
MASSIVETEXT = 10_500  # GB
CONFIG = """\
sources:
  text: {{kind: text, paths: ["input/*.jsonl"], weight: 1}}
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
    """Write `size` bytes of JSONL to folder/corpus, in files of FILE_BYTES."""
    (folder / "corpus").mkdir(parents=True)
    lines = documents(bench)
    number = 0
    while size > 0:
        written = 0
        with (folder / "corpus" / f"{number:03}.jsonl").open("wb") as file:
            while written < min(FILE_BYTES, size):
                written += file.write(next(lines) + b"\n")
        size, number = size - written, number + 1


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


def run(folder: Path, testsets: Path, gigabytes: float) -> None:
    """One run of the first `gigabytes` of the corpus; its figures become a line of growth.jsonl."""
    work = folder / "run"
    shutil.rmtree(work, ignore_errors=True)
    size = _take(folder / "corpus", work / "input", round(gigabytes * 1e9))
    config = work / "massivetext.yaml"
    config.write_text(CONFIG.format(testsets=testsets.resolve(), tokens=round(size * 0.1)))
    command = [
        sys.executable,
        "-m",
        "massivetext.pipeline.cli",
        "run",
        str(config),
        "--output",
        str(work / "out"),
    ]
    began = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    peaks: dict[str, int] = {}
    stages = list(OUTPUTS)
    threading.Thread(target=_watch, args=(process, stages), daemon=True).start()
    while process.poll() is None:
        if stages:
            peaks[stages[0]] = max(peaks.get(stages[0], 0), tree_memory(process.pid))
        time.sleep(0.5)
    if process.returncode:
        sys.exit(f"exit status {process.returncode}")
    figures = {
        "bytes": size,
        "seconds": round(time.monotonic() - began, 1),
        "stages": {name: _figures(work / "out", name, peaks.get(name, 0)) for name in OUTPUTS},
    }
    with (folder / "growth.jsonl").open("ab") as file:
        file.write(orjson.dumps(figures) + b"\n")
    shutil.rmtree(work)


def _take(corpus: Path, folder: Path, size: int) -> int:
    """The first `size` bytes of the corpus, up to a line's end, as links where whole files are taken."""
    folder.mkdir(parents=True)
    taken = 0
    for path in sorted(corpus.iterdir()):
        rest, length = size - taken, path.stat().st_size
        if rest <= 0:
            break
        if length <= rest:
            (folder / path.name).hardlink_to(path)
            taken += length
        else:
            with path.open("rb") as file:
                data = file.read(rest)
            taken += (folder / path.name).write_bytes(data[: data.rfind(b"\n") + 1])
            break
    return taken


def _watch(process: subprocess.Popen[str], stages: list[str]) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        print(line, end="", file=sys.stderr, flush=True)
        if stages and line.startswith(f"{stages[0]} finished"):
            stages.pop(0)


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
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


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
        case ["table", folder]:
            table(Path(folder))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
