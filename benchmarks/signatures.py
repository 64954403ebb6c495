"""Speed of MinHash signatures of word 13-grams, 128 permutations, against peers on the same documents.

    python benchmarks/signatures.py DOCUMENTS.jsonl.zst [--megabytes 4] [--rounds 5]

Peers run in an environment of their own, build/peers, made on first use. Rounds are interleaved, so that other load on
the machine affects all alike. Times are CPU seconds of one thread, medians. Prints a table in Markdown.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import zstandard

from massivetext.filters.similarity.minhash import signatures

ROOT = Path(__file__).parent.parent
ENVIRONMENT = ROOT / "build/peers"
PACKAGES = [
    "datasketch==2.0.0",
    "datatrove==0.10.1",
    "regex",
    "orjson",
    "rensa==0.5.0",
    "spacy==3.8.18",
    "tokenizers",
    "xxhash<4",  # datatrove hands it strings
]
PEERS = ["rensa", "rensa rho", "datasketch", "datatrove"]
PERMUTATIONS = 128
BATCH = 4 << 20


def read_texts(path: Path, size: int) -> list[str]:
    """The first documents of a JSONL file with a field `text`, up to a size in UTF-8 bytes."""
    texts: list[str] = []
    with zstandard.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            texts.append(json.loads(line)["text"])
            size -= len(texts[-1].encode())
            if size <= 0:
                break
    return texts


def batches(texts: list[str]) -> list[pa.RecordBatch]:
    """The texts in batches of about 4 MB, as readers make them."""
    result, start, size = [], 0, 0
    for end, text in enumerate(texts, 1):
        size += len(text.encode())
        if size >= BATCH or end == len(texts):
            result.append(pa.record_batch({"text": texts[start:end]}))
            start, size = end, 0
    return result


def our_seconds(documents: list[pa.RecordBatch], permutations: int) -> float:
    start = time.process_time()
    for batch in documents:
        signatures(batch, permutations)
    return time.process_time() - start


def make_environment() -> Path:
    """The interpreter of the peers' environment, which is made if it does not exist yet."""
    python = ENVIRONMENT / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def start_peers(texts: list[str]) -> subprocess.Popen[str]:
    python = make_environment()
    documents = ROOT / "build/signature_documents.json"
    documents.write_text(json.dumps(texts))
    return subprocess.Popen(
        [python, Path(__file__).with_name("peer_signatures.py"), documents],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        cwd=ROOT,
    )


def peer_seconds(peers: subprocess.Popen[str], peer: str) -> tuple[float, float]:
    assert peers.stdin
    assert peers.stdout
    print(peer, file=peers.stdin, flush=True)
    both, sketching = json.loads(peers.stdout.readline())
    return both, sketching


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--megabytes", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    texts = read_texts(arguments.documents, int(arguments.megabytes * 1e6))
    size = sum(len(text.encode()) for text in texts) / 1e6
    documents = batches(texts)
    ours = {f"massivetext, {count} permutations": count for count in (PERMUTATIONS, 2 * PERMUTATIONS)}
    for count in ours.values():
        our_seconds([documents[0].slice(0, 1)], count)  # compiles, or loads what was compiled
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in (*ours, *PEERS)}
    with start_peers(texts) as peers:
        for _ in range(arguments.rounds):
            for name, count in ours.items():
                taken = our_seconds(documents, count)
                seconds[name].append((taken, taken))
            for name in PEERS:
                seconds[name].append(peer_seconds(peers, name))
        assert peers.stdin
        peers.stdin.close()
    print(table(seconds, size, len(texts)))


def table(seconds: dict[str, list[tuple[float, float]]], size: float, documents: int) -> str:
    medians = {
        name: [statistics.median(column) for column in zip(*rounds, strict=True)]
        for name, rounds in seconds.items()
    }
    best = medians[next(iter(medians))][0]
    lines = [
        f"{documents:,} documents, {size:.1f} MB.",
        "",
        "| | MB/s a core | massivetext is faster by | its sketching alone: MB/s |",
        "|---|---|---|---|",
    ]
    for name, (both, sketching) in medians.items():
        alone = f"{size / sketching:.1f}" if name in PEERS else "-"
        lines.append(f"| {name} | {size / both:.2f} | {both / best:.1f} | {alone} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
