"""Encoding by a tokenizer.json on one core: our kernel, `tokenizers`, and fastokens, gigatoken, kitoken and tiktoken
where they are installed.

    python -m benchmarks.tokenizer_json DOCUMENTS.jsonl.zst... --tokenizers FILE.json... [--megabytes 16] [--rounds 3]

In every round, all encode the same batches in turn. Each starts afresh, so that all text is new to it. Times are CPU
seconds of the fastest round. All ids are compared with those of the library `tokenizers`, document by document. The
kernel reads Arrow text, the others Python strings that are made before; each returns its ids in its fastest form.

Last, a bare pass finds every pre-token and looks it up in a table that holds them all: no encoder of this kind can be
faster. The ratio of the kernel to the bare pass is printed.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

import numpy as np
import pyarrow as pa

from benchmarks.encoding import batches, documents, take
from massivetext.pipeline.tokenizers.huggingface import HuggingFace

Ids = list[np.ndarray]  # one array for each document
Encode = Callable[[pa.StringArray, list[str]], Ids]


def encoders(model: bytes) -> dict[str, Callable[[], Encode]]:
    """Functions that make each encoder afresh, so that it remembers nothing."""
    tokenizer = HuggingFace(model, {})
    kernel = tokenizer.fast()

    def ours() -> Encode:
        kernel.forget()

        def encode(batch: pa.StringArray, _: list[str]) -> Ids:
            starts, ids, _, _ = kernel.encode(batch, -1, -1, np.uint32)
            return np.split(ids, starts[1:-1])

        return encode

    def library() -> Encode:
        made = HuggingFace(model, {})._tokenizer

        def encode(_: pa.StringArray, texts: list[str]) -> Ids:
            found = made.encode_batch_fast(texts, add_special_tokens=False)
            return [np.array(one.ids, np.uint32) for one in found]

        return encode

    ways = {"massivetext": ours, "tokenizers": library}
    peers = {"tiktoken": tiktoken, "fastokens": fastokens, "gigatoken": gigatoken, "kitoken": kitoken}
    return ways | {name: lambda make=make: make(model) for name, make in peers.items() if find_spec(name)}


def tiktoken(model: bytes) -> Encode:
    """Merges by ranks that are ids, so it can take only files whose ids follow their merges."""
    import tokenizers
    from tiktoken import Encoding

    from massivetext.pipeline.tokenizers.ranked_model import _alphabet

    described = json.loads(model)
    steps = described["pre_tokenizer"].get("pretokenizers", [described["pre_tokenizer"]])
    expressions = [step["pattern"]["Regex"] for step in steps if step["type"] == "Split"]
    if len(expressions) != 1 or described["normalizer"]:
        raise ValueError("tiktoken knows one expression and no normaliser")
    bytes_of = _alphabet(tokenizers)
    ranks = {
        bytes(bytes_of[character] for character in token): identity
        for token, identity in described["model"]["vocab"].items()
    }
    made = Encoding("of the file", pat_str=expressions[0], mergeable_ranks=ranks, special_tokens={})
    return lambda _, texts: [np.array(made.encode_ordinary(text), np.uint32) for text in texts]


def fastokens(model: bytes) -> Encode:
    from fastokens import _native

    made = _native.Tokenizer.from_json_str(model.decode())

    def encode(_: pa.StringArray, texts: list[str]) -> Ids:
        ids, offsets = made.encode_batch_flat(texts, split_special_tokens=True)
        ends = np.frombuffer(offsets, np.uint64)[1:-1].astype(np.int64)
        return np.split(np.frombuffer(ids, np.uint32), ends)

    return encode


def gigatoken(model: bytes) -> Encode:
    from gigatoken import Tokenizer

    made = Tokenizer.from_json(model)
    return lambda _, texts: [np.asarray(made.encode(text)) for text in texts]


def kitoken(model: bytes) -> Encode:
    from kitoken import Kitoken

    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(model)
        file.flush()
        made = Kitoken.from_file(file.name)
    return lambda _, texts: [np.array(made.encode(text), np.uint32) for text in texts]


def bare_pass(model: bytes, work: list[pa.StringArray]) -> float:
    """CPU seconds of encoding when all words are known, since the kernel encodes them for the second time."""
    kernel: Any = HuggingFace(model, {}).fast()
    seconds = []
    for batch in work:
        for _ in range(2):
            start = time.process_time()
            kernel.encode(batch, -1, -1, np.uint32)
            spent = time.process_time() - start
        seconds.append(spent)
    return sum(seconds)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("documents", type=Path, nargs="+")
    arguments.add_argument("--tokenizers", type=Path, nargs="+", required=True)
    arguments.add_argument("--megabytes", type=float, default=16)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()

    work = batches(take(documents(options.documents), int(options.megabytes * 1e6)))
    texts = [batch.to_pylist() for batch in work]
    size = sum(batch.nbytes for batch in work) / 1e6
    print(f"{size:.1f} MB, {sum(map(len, work)):,} documents; MB a CPU second, and ids\n")
    for path in options.tokenizers:
        _compare(path, work, texts, size, options.rounds)


def _compare(
    path: Path, work: list[pa.StringArray], texts: list[list[str]], size: float, rounds: int
) -> None:
    model = path.read_bytes()
    ways = encoders(model)
    found: dict[str, Ids] = {}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, make in ways.items():
            if name == "tokenizers" and number:
                continue  # so slow that one round is enough
            try:
                encode = make()
                encode(pa.array(["loaded"]), ["loaded"])
                start = time.process_time()
                ids = [
                    one for batch, strings in zip(work, texts, strict=True) for one in encode(batch, strings)
                ]
                seconds[name].append(time.process_time() - start)
                found.setdefault(name, ids)
            except Exception as error:
                print(f"{path.stem}: {name}: {error!s:.100}")
    expected = found["tokenizers"]
    print(f"{path.stem}: {sum(map(len, expected)):,} tokens")
    for name, spent in seconds.items():
        if spent:
            same = [np.array_equal(a, b) for a, b in zip(found[name], expected, strict=True)]
            wrong = len(same) - sum(same)
            said = "identical" if not wrong else f"{wrong} documents differ, the first is {same.index(False)}"
            print(f"  {name:12} {size / min(spent):6.1f}  {said}", flush=True)
    bare = bare_pass(model, work)
    print(
        f"  bare pass    {size / bare:6.1f}  the kernel takes {min(seconds['massivetext']) / bare:.2f} times as long"
    )


if __name__ == "__main__":
    main()
