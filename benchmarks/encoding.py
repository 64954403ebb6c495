"""Encoding on one core: pipeline.stages.tokenize.encode against SentencePiece, and against kitoken, gigatoken and
Hugging Face's tokenizers where these are installed.

    python benchmarks/encoding.py DOCUMENTS.jsonl.zst... [--model PATH] [--megabytes 16] [--rounds 3]

Without --model, a model of 32,000 pieces is trained on documents that are not encoded. In every round, all encode the
same batches in turn. Times are CPU seconds of the first round, when the text is new, and of the fastest round. Every
encoder's ids are compared with SentencePiece's.
"""

import argparse
import itertools
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import zstandard

from massivetext.pipeline.stages.tokenize.encode import Encoder
from massivetext.pipeline.stages.tokenizer.train import train
from massivetext.pipeline.tokenizers.sentencepiece import SentencePiece
from massivetext.pipeline.tokenizers.sentencepiece_model import Kind, read

BATCH_BYTES = 4_000_000
Encode = Callable[[pa.StringArray], np.ndarray]


def documents(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        with zstandard.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            yield from (json.loads(line)["text"] for line in lines)


def take(texts: Iterator[str], size: int) -> list[str]:
    taken = []
    while size > 0 and (text := next(texts, None)) is not None:
        taken.append(text)
        size -= len(text.encode())
    return taken


def batches(texts: list[str]) -> list[pa.StringArray]:
    ends = np.cumsum([len(text.encode()) for text in texts]) // BATCH_BYTES
    groups = itertools.groupby(zip(ends.tolist(), texts, strict=True), key=lambda pair: pair[0])
    return [pa.array([text for _, text in group]) for _, group in groups]


def encoders(model: bytes) -> dict[str, Encode]:
    """The encoders. Each turns the Arrow texts of a batch into one array with their ids, end to end."""
    reference = SentencePiece(model)
    encoder = Encoder(reference, seed=0, eos=False)

    def ours(batch: pa.StringArray) -> np.ndarray:
        ids = pa.array([f"{row:032x}" for row in range(len(batch))])
        return encoder.encode(ids, batch).values.to_numpy()

    def sentencepiece(batch: pa.StringArray) -> np.ndarray:
        return np.concatenate([reference.encode(text) for text in batch.to_pylist()])

    ways: dict[str, Encode] = {"sentencepiece": sentencepiece, "massivetext": ours}
    if find_spec("kitoken"):
        from kitoken import Kitoken

        kitoken = Kitoken.from_sentencepiece(model)
        ways["kitoken"] = lambda batch: np.concatenate(
            [np.array(kitoken.encode(text), np.int32) for text in batch.to_pylist()]
        )
    if find_spec("gigatoken"):
        from gigatoken import Tokenizer

        with tempfile.NamedTemporaryFile(suffix=".model") as file:
            file.write(model)
            file.flush()
            gigatoken = Tokenizer(file.name)
        ways["gigatoken"] = lambda batch: np.concatenate(
            [np.asarray(gigatoken.encode(text)) for text in batch.to_pylist()]
        )
    if find_spec("tokenizers"):
        tokenizers = converted(model)
        ways["tokenizers"] = lambda batch: np.concatenate(
            [np.array(encoding.ids, np.int64) for encoding in tokenizers.encode_batch(batch.to_pylist())]
        )
    return ways


def converted(model: bytes) -> Any:
    """The same model for Hugging Face's tokenizers, converted as transformers converts Llama's: every way to split a
    piece into two pieces is a merge, and the merges are in the order of the pieces' scores."""
    from tokenizers import Tokenizer, models, normalizers

    vocabulary = read(model)
    ids = {piece: identity for identity, piece in enumerate(vocabulary.pieces)}
    merges = [
        (-vocabulary.scores[identity], ids[piece[:cut]], ids[piece[cut:]], piece[:cut], piece[cut:])
        for piece, identity in ids.items()
        if vocabulary.kinds[identity] == Kind.NORMAL
        for cut in range(1, len(piece))
        if piece[:cut] in ids and piece[cut:] in ids
    ]
    pairs = [(left, right) for *_, left, right in sorted(merges)]
    tokenizer = Tokenizer(models.BPE(ids, pairs, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "\u2581")
    return tokenizer


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("documents", type=Path, nargs="+")
    arguments.add_argument("--model", type=Path)
    arguments.add_argument("--megabytes", type=float, default=16)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()

    texts = documents(options.documents)
    model = options.model.read_bytes() if options.model else train(iter(take(texts, 16_000_000)), 32_000)
    work = batches(take(texts, int(options.megabytes * 1e6)))
    size = sum(batch.nbytes for batch in work)
    ways = encoders(model)
    for encode in ways.values():
        encode(pa.array(["compiled and loaded"]))

    seconds: dict[str, list[float]] = {name: [] for name in ways}
    expected: list[np.ndarray] = []
    same = dict.fromkeys(ways, True)
    for _ in range(options.rounds):
        for name, encode in ways.items():
            start = time.process_time()
            got = [encode(batch) for batch in work]
            seconds[name].append(time.process_time() - start)
            expected = expected or got
            same[name] &= all(np.array_equal(a, b) for a, b in zip(got, expected, strict=True))

    tokens = sum(map(len, expected))
    print(f"{size / 1e6:.1f} MB, {sum(map(len, work)):,} documents, {tokens:,} tokens compared\n")
    print("| | first round: MB/s | faster than SentencePiece by | fastest round: MB/s | by | ids |")
    print("|---|---|---|---|---|---|")
    for name, spent in seconds.items():
        speeds = [
            f"{size / 1e6 / own:.1f} | {reference / own:.1f}"
            for own, reference in zip(
                (spent[0], min(spent)),
                (seconds["sentencepiece"][0], min(seconds["sentencepiece"])),
                strict=True,
            )
        ]
        print(f"| {name} | {' | '.join(speeds)} | {'identical' if same[name] else '**different**'} |")


if __name__ == "__main__":
    main()
