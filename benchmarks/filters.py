"""Speed of the quality and repetition measurements, against peers on the same documents.

    python -m benchmarks.filters DOCUMENTS.jsonl.zst [--megabytes 100] [--peer-megabytes 2] [--rounds 5]

Prints tables in Markdown: MB/s of one core for us, for a bare kernel that only finds and hashes the words, and
for peers (CPU seconds of one thread, medians of interleaved rounds); the worst cases; the peak memory of one
document of 200 MB.
"""

import argparse
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
from massivetext.filters.kernels.utf8 import views
from massivetext.filters.measure.divide import is_divided
from massivetext.filters.measure.measure import measure
from massivetext.filters.measure.words import split_words

WORST = 10_000_000
LONGEST = 200_000_000
PROSE = "10 MB of prose, twenty times"


@numba.njit(nogil=True, _nrt=False)  # as filters.kernels.kernel compiles, but not cached
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
        divided = is_divided(data, start, end)
        words += split_words(data, start, end, divided, starts, ends, characters, hashes)
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
    """A row each for us, the bare kernel and each peer. Peers read fewer documents; so do we, beside them."""
    documents, few = batches(texts), batches(peer_texts)
    size, few_size = (sum(len(text.encode()) for text in part) / 1e6 for part in (texts, peer_texts))
    repeats = max(1, round(10 / few_size))
    peers = {name: Peer(name, peer_texts) for name in PACKAGES}
    ours(few)  # compiled, or loaded
    bare(few)
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
        read = f"{count:,} ({megabytes:.1f} MB)"
        lines.append(
            f"| {title} | {read} | {megabytes / time:.3g} | {count / time:,.0f} | {time / ours:.3g} |"
        )

    row("massivetext", len(texts), size, median["ours"], median["ours"])
    row("only finding and hashing the words", len(texts), size, median["bare"], median["ours"])
    row("massivetext", len(peer_texts), few_size, median["ours, few"], median["ours, few"])
    for name in peers:
        row(
            PACKAGES[name][0].replace("==", " "), len(peer_texts), few_size, median[name], median["ours, few"]
        )
    return "\n".join(lines)


def hexadecimal(distinct: int, size: int) -> str:
    """A text of words of seven letters, chosen from `distinct` words."""
    numbers = np.random.default_rng(0).integers(distinct, size=size // 8)
    digits = numbers[:, None] >> np.arange(24, -4, -4) & 15
    letters = np.frombuffer(b"0123456789abcdef", np.uint8)[digits]
    return np.pad(letters, ((0, 0), (0, 1)), constant_values=32).tobytes().decode()


# Each makes a text of a given number of bytes.
WORST_CASES: dict[str, Callable[[int], str]] = {
    "one word, repeated": lambda size: "word " * (size // 5),
    "one letter, repeated": lambda size: "a " * (size // 2),
    "two words by turns": lambda size: "one two " * (size // 8),
    "one word of that length": lambda size: "a" * size,
    "one word of Chinese of that length": lambda size: "漢" * (size // 3),
    "letters apart by U+3000": lambda size: "a\u3000" * (size // 4),
    "capitals beyond ASCII": lambda size: "ÀÉÎ " * (size // 7),
    "newlines": lambda size: "\n" * size,
    "one-letter lines": lambda size: "a\n" * (size // 2),
    "one-letter paragraphs": lambda size: "a\n\n" * (size // 3),
    "lines of one random word": lambda size: hexadecimal(1 << 28, size).replace(" ", "\n"),
    "dots": lambda size: "." * size,
    "punctuation": lambda size: "#... - …" * (size // 10),
    "random words of 1,000": lambda size: hexadecimal(1000, size),
    "random words of 1,000,000": lambda size: hexadecimal(1_000_000, size),
    "random words of 268,435,456": lambda size: hexadecimal(1 << 28, size),
    "the same, the second half like the first": lambda size: hexadecimal(1 << 28, size // 2) * 2,
}


def worst_table() -> str:
    lines = [
        "| one document of 10 MB | seconds | MB/s | time a byte, to that of 1 MB of the same |",
        "|---|---|---|---|",
    ]
    for name, make in WORST_CASES.items():
        large, small = (
            min(seconds(ours, [pa.record_batch({"text": [text]})]) for _ in range(3))
            for text in (make(WORST), make(WORST // 10))
        )
        lines.append(f"| {name} | {large:.3f} | {WORST / 1e6 / large:.0f} | {large / 10 / small:.2f} |")
    return "\n".join(lines)


def memory_table(documents: Path) -> str:
    lines = [
        "| one document of 200 MB | seconds | peak memory beyond the text: times its size |",
        "|---|---|---|",
    ]
    for name in (PROSE, "two words by turns", "one letter, repeated", "random words of 268,435,456"):
        command = [sys.executable, "-m", "benchmarks.filters", str(documents), "--memory", name]
        taken, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        lines.append(f"| {name} | {float(taken):.1f} | {float(peak) * 1e6 / LONGEST:.1f} |")
    return "\n".join(lines)


def print_memory(documents: Path, name: str) -> None:
    measure(pa.record_batch({"text": ["a word"]}))
    if name == PROSE:
        part = "\n".join(read_texts(documents, WORST)).encode()
        text = (part * (LONGEST // len(part) + 1))[:LONGEST].decode(errors="ignore")
    else:
        text = WORST_CASES[name](LONGEST)
    batch = pa.record_batch({"text": [text]})
    del text
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak, which making the text had raised
    before = memory("VmRSS")
    taken = seconds(ours, [batch])
    print(taken, memory("VmHWM") - before)


def memory(name: str) -> float:
    """A figure of this process in MB: VmRSS is the memory that it holds, VmHWM the most that it has held."""
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
