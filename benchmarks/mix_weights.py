"""A mix by MassiveText's six weights over real sources, made by one worker and by two.

    python -m benchmarks.mix_weights ../shared/data OUT [--tokens 1.6e6]

Sources: pages of documentation (web), novels of Project Gutenberg (books), documentation and posts (as C4-like
text), speeches (in place of news), the source distribution of networkx (code, BSD-3-Clause), a dump of
Wikipedia. Prints shares asked and got, epochs, padding, and the chi-square statistic of the sources in windows
of 1,000 sequences; OUT is deleted at the end.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import zstandard

WINDOW = 1000  # sequences
CODE = "networkx==3.5"
CONFIG = """\
sources:
  web:       {{kind: web,       paths: ["{data}/web/debian-html-01.warc.gz"], weight: 0.48}}
  books:     {{kind: text,      paths: [books.jsonl], weight: 0.27}}
  c4:        {{kind: text,      paths: [c4.jsonl, "{data}/web/dolma-cc-000.json.gz"], weight: 0.10}}
  news:      {{kind: news,      paths: [news.jsonl], weight: 0.10}}
  code:      {{kind: code,      paths: ["*.tar.gz"], weight: 0.03}}
  wikipedia: {{kind: wikipedia, paths: ["{data}/wiki/enwiki-*.bz2"], weight: 0.02}}
tokenizer: {{train: {{vocabulary: 16000, sample_bytes: 4000000}}}}
mix: {{tokens: {tokens:.0f}, sequence_length: 512, shard_tokens: 2000000, validation: 0.01}}
"""
OF_BENCH = {
    "books": ("gutenberg-en",),
    "news": ("un-general-debate",),
    "c4": ("debian:", "18f", "opensource.guide"),
}


def split(bench: Path, folder: Path) -> None:
    """One part of bench, by the `source` of its documents, as JSON lines of three sources."""
    with zstandard.open(bench, "rt", encoding="utf-8", newline="\n") as lines:
        documents = [(json.loads(line)["source"], line) for line in lines]
    for name, begins in OF_BENCH.items():
        text = "".join(line for source, line in documents if source.startswith(begins))
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


def run(folder: Path, name: str, *options: str) -> Path:
    config, out = folder / "massivetext.yaml", folder / name
    command = [
        sys.executable,
        "-m",
        "massivetext.pipeline.cli",
        "run",
        str(config),
        "--output",
        str(out),
        *options,
    ]
    subprocess.run(command, check=True)
    return out


def digest(shards: Path) -> str:
    """The hash of every file: its name and content."""
    found = hashlib.sha256()
    for path in sorted(path for path in shards.rglob("*") if path.is_file()):
        found.update(str(path.relative_to(shards)).encode() + path.read_bytes())
    return found.hexdigest()[:16]


def windows(index: Path) -> tuple[float, int, int]:
    """The chi-square statistic of the sources in windows, compared with their shares of all sequences; its degrees of
    freedom; and the number of windows."""
    sources = pq.read_table(index, columns=["source"])["source"].to_numpy()
    names, counts = np.unique(sources, return_counts=True)
    rows = sources[: len(sources) // WINDOW * WINDOW].reshape(-1, WINDOW)
    expected = WINDOW * counts / len(sources)
    observed = np.stack([(rows == name).sum(axis=1) for name in names], axis=1)
    statistic = float(((observed - expected) ** 2 / expected).sum())
    return statistic, len(rows) * (len(names) - 1), len(rows)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--tokens", type=float, default=1.6e6)
    options = arguments.parse_args()

    folder = options.out
    folder.mkdir(parents=True)
    try:
        split(options.data / "bench/part-00.jsonl.zst", folder)
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*fetch, "--dest", str(folder), CODE], check=True)
        text = CONFIG.format(data=options.data.resolve(), tokens=options.tokens)
        (folder / "massivetext.yaml").write_text(text)
        one = run(folder, "one", "--direct_running_mode=in_memory")
        two = run(folder, "two", "--direct_num_workers=2")
        show(one)
        print(f"all shards: {digest(one / 'shards')} by one worker, {digest(two / 'shards')} by two")
    finally:
        shutil.rmtree(folder)


def show(out: Path) -> None:
    stats = json.loads((out / "report/stats.json").read_text())
    print("\n| source | asked | got | tokens | epochs | sequences | padding |")
    print("|---|---|---|---|---|---|---|")
    mixed = stats["mix"]["sources"]
    for row in mixed:
        padding = row["padding"] / (row["given"] + row["padding"]) if row["given"] else 0.0
        print(
            f"| {row['source']} | {row['weight']:.2%} | {row['share']:.4%} | {row['given']:,} | "
            f"{row['epochs']:.2f} | {row['sequences']:,} | {padding:.2%} |"
        )
    given, padding = (sum(row[name] for row in mixed) for name in ("given", "padding"))
    print(f"\n{given:,} tokens of {stats['mix']['target']:,}; padding {padding / (given + padding):.2%}")
    print(f"held out: {sum(row['documents'] for row in stats['planning']['held_out']):,} documents")
    statistic, freedom, count = windows(out / "shards/index.parquet")
    spread = 2 / (9 * freedom)  # Wilson and Hilferty's approximation
    deviations = ((statistic / freedom) ** (1 / 3) - 1 + spread) / spread**0.5
    print(
        f"{count} windows of {WINDOW:,} sequences: chi-square {statistic:.1f} with {freedom} degrees of freedom, "
        f"{deviations:+.2f} standard deviations"
    )


if __name__ == "__main__":
    main()
