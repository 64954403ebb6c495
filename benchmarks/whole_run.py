"""A whole run on real data: wall time, CPU seconds, and the peak memory of the process tree.

    python -m benchmarks.whole_run ../shared/data OUT [BEAM OPTIONS]

The corpus: one part of bench as C4-like text judged by the web rules, the WARC, the books and the dumps.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

CONFIG = """\
sources:
  bench:     {{kind: text,      paths: ["{data}/bench/part-00.jsonl.zst"], weight: 0.85}}
  web:       {{kind: web,       paths: ["{data}/web/debian-html-01.warc.gz"], weight: 0.05}}
  books:     {{kind: books,     paths: ["{data}/books/*.txt"], weight: 0.05}}
  wikipedia: {{kind: wikipedia, paths: ["{data}/wiki/*.bz2"], weight: 0.05}}
quality: {{sources: [bench, web]}}
repetition: {{sources: [bench, web]}}
decontaminate:
  test_sets: {{lambada: {{path: "{data}/testsets/lambada_openai.jsonl", text: [context, continuation]}}}}
mix: {{tokens: 3e6, sequence_length: 2048}}
"""


def tree_memory(root: int) -> int:
    """The proportional set size of a process and its descendants, in bytes: shared pages counted once."""
    total, rest = 0, [root]
    while rest:
        pid = rest.pop()
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                rest += map(int, (task / "children").read_text().split())
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        except OSError:
            continue  # it ended meanwhile
    return total


def main() -> None:
    data, out, *options = sys.argv[1:]
    folder = Path(out)
    folder.mkdir(parents=True)
    config = folder / "massivetext.yaml"
    config.write_text(CONFIG.format(data=Path(data).resolve()))
    command = [
        sys.executable,
        "-m",
        "massivetext.pipeline.cli",
        "run",
        str(config),
        "--output",
        str(folder / "out"),
        *options,
    ]
    began, peak = time.monotonic(), 0
    process = subprocess.Popen(command)
    while process.poll() is None:
        peak = max(peak, tree_memory(process.pid))
        time.sleep(0.2)
    usage = os.times()
    print(f"exit status {process.returncode}")
    print(f"wall {time.monotonic() - began:.1f} s, CPU {usage.children_user + usage.children_system:.1f} s")
    print(f"peak memory of the process tree {peak / 2**20:.0f} MiB")
    for stage, facts in json.loads((folder / "out/manifest.json").read_text())["stages"].items():
        print(
            f"{stage:14} {facts['seconds']:7.1f} s wall {facts['cpu_seconds']:7.1f} s CPU {facts['parts']:4} parts"
        )


if __name__ == "__main__":
    main()
