"""Speed of the quality and repetition measurements, against peers on the same documents.

    python -m benchmarks.filters DOCUMENTS.jsonl.zst [--megabytes 100] [--peer-megabytes 2] [--rounds 5]

Prints tables in Markdown: MB/s of one core for us, for a bare kernel that only finds and hashes the words, and for
peers (CPU seconds of one thread, medians of interleaved rounds); the worst cases; the peak memory of one document
of 200 MB.
"""

import argparse
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numba
import numpy as np
import pyarrow as pa

from benchmarks.peers import PACKAGES, Peer
from benchmarks.signatures import batches, read_texts
from filters.measure import measure
from filters.words import split_words, views

WORST = 10_000_000
LONGEST = 200_000_000


@numba.njit(nogil=True, _nrt=False)  # type: ignore[misc]
def _split_all(
    offsets: np.ndarray,
    data: np.ndarray,
    starts: np.ndarray,
    ends: np.ndarray,
    characters: np.ndarray,
    hashes: np.ndarray,
) -> int:
    words = 0
    for row in range(len(offsets) - 1):
        start, end = np.int64(offsets[row]), np.int64(offsets[row + 1])
        words += split_words(data, start, end, starts, ends, characters, hashes)
    return words


def bare(documents: list[pa.RecordBatch]) -> None:
    """Find and hash the words, and nothing else."""
    buffers = [views(batch["text"]) for batch in documents]
    most = max(int(np.diff(offsets).max()) for offsets, _ in buffers) // 2 + 1
    scratch = [np.empty(most, kind) for kind in (np.int32, np.int32, np.int32, np.uint64)]
    for offsets, data in buffers:
        _split_all(offsets, data, *scratch)


def ours(documents: list[pa.RecordBatch]) -> None:
    for batch in documents:
        measure(batch)


def seconds(run: Callable[[list[pa.RecordBatch]], None], documents: list[pa.RecordBatch]) -> float:
    start = time.process_time()
    run(documents)
    return time.process_time() - start


def speed_table(texts: list[str], peer_texts: list[str], rounds: int) -> str:
    """One row each for us, the bare kernel and each peer; peers read fewer documents, and so do we beside them."""
    documents, few = batches(texts), batches(peer_texts)
    size, few_size = (sum(len(text.encode()) for text in part) / 1e6 for part in (texts, peer_texts))
    repeats = max(1, round(10 / few_size))
    peers = {name: Peer(name, peer_texts) for name in PACKAGES}
    ours(few), bare(few)  # compiled, or loaded
    taken: dict[str, list[float]] = {name: [] for name in ("ours", "bare", "ours, few", *peers)}
    for _ in range(rounds):
        taken["ours"].append(seconds(ours, documents))
        taken["bare"].append(seconds(bare, documents))
        taken["ours, few"].append(seconds(ours, few * repeats) / repeats)
        for name, peer in peers.items():
            taken[name].append(peer.ask("seconds"))
    for peer in peers.values():
        peer.close()
    median = {name: statistics.median(times) for name, times in taken.items()}
    lines = [
        "| quality and repetition | documents | MB/s a core | documents/s | massivetext is faster by |",
        "|---|---|---|---|---|",
    ]

    def row(title: str, count: int, megabytes: float, time: float, ours: float) -> None:
        shown = f"{len(texts):,}" if count == len(texts) else f"{count:,}"
        lines.append(
            f"| {title} | {shown} ({megabytes:.1f} MB) | {megabytes / time:.3g} | {count / time:,.0f} | {time / ours:.3g} |"
        )

    row("massivetext", len(texts), size, median["ours"], median["ours"])
    row("only finding and hashing the words", len(texts), size, median["bare"], median["ours"])
    row("massivetext", len(peer_texts), few_size, median["ours, few"], median["ours, few"])
    for name in peers:
        row(
            PACKAGES[name][0].replace("==", " "), len(peer_texts), few_size, median[name], median["ours, few"]
        )
    return "\n".join(lines)


def worst_cases(size: int) -> dict[str, str]:
    chosen = random.Random(0)

    def words(distinct: int) -> str:
        return " ".join(f"{chosen.randrange(distinct):07x}" for _ in range(size // 8))

    return {
        "one word, repeated": "word " * (size // 5),
        "one letter, repeated": "a " * (size // 2),
        "two words by turns": "one two " * (size // 8),
        "one word of that length": "a" * size,
        "one word of Chinese of that length": "漢" * (size // 3),
        "words apart by U+3000": "a\u3000" * (size // 4),
        "capitals beyond ASCII": "ÀÉÎ " * (size // 7),
        "newlines": "\n" * size,
        "one-letter lines": "a\n" * (size // 2),
        "one-letter paragraphs": "a\n\n" * (size // 3),
        "different lines": words(1 << 28).replace(" ", "\n"),
        "dots": "." * size,
        "punctuation": "#... - …" * (size // 10),
        "random words of 1,000": words(1000),
        "random words of 1,000,000": words(1_000_000),
        "different words": words(1 << 28),
        "a text of 5 MB twice": words(1 << 28)[: size // 2] * 2,
    }


def worst_table() -> str:
    lines = [
        "| one document of 10 MB | seconds | MB/s | time a byte, to that of 1 MB of the same |",
        "|---|---|---|---|",
    ]
    small_cases = worst_cases(WORST // 10)
    for name, text in worst_cases(WORST).items():
        large, small = ([pa.record_batch({"text": [part]})] for part in (text, small_cases[name]))
        large_seconds = min(seconds(ours, large) for _ in range(3))
        small_seconds = min(seconds(ours, small) for _ in range(3))
        lines.append(
            f"| {name} | {large_seconds:.3f} | {WORST / 1e6 / large_seconds:.0f} "
            f"| {large_seconds / 10 / small_seconds:.2f} |"
        )
    return "\n".join(lines)


def memory_table(documents: Path) -> str:
    lines = [
        "| one document of 200 MB | seconds | peak memory beyond the text, MB | times its size |",
        "|---|---|---|---|",
    ]
    for name in ("prose", "two words by turns", "one letter, repeated", "different words"):
        command = [sys.executable, "-m", "benchmarks.filters", str(documents), "--memory", name]
        taken, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        lines.append(
            f"| {name} | {float(taken):.1f} | {float(peak):,.0f} | {float(peak) * 1e6 / LONGEST:.1f} |"
        )
    return "\n".join(lines)


def print_memory(documents: Path, name: str) -> None:
    measure(pa.record_batch({"text": ["a word"]}))
    if name == "prose":
        text = "\n".join(read_texts(documents, WORST))
        text = text * (LONGEST // len(text.encode()) + 1)
        text = text.encode()[:LONGEST].decode(errors="ignore")
    else:
        text = worst_cases(LONGEST)[name]
    batch = pa.record_batch({"text": [text]})
    del text
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak of what made the text
    before = memory("VmRSS")
    taken = seconds(ours, [batch])
    print(taken, memory("VmHWM") - before)


def memory(name: str) -> float:
    """A figure of this process in MB: VmRSS what it holds, VmHWM the most it has held."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--peer-megabytes", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory:
        print_memory(arguments.documents, arguments.memory)
        return
    texts = read_texts(arguments.documents, int(arguments.megabytes * 1e6))
    peer_texts = read_texts(arguments.documents, int(arguments.peer_megabytes * 1e6))
    print(speed_table(texts, peer_texts, arguments.rounds), end="\n\n")
    print(worst_table(), end="\n\n")
    print(memory_table(arguments.documents))


if __name__ == "__main__":
    main()
