"""Peers' MinHash signatures of word 13-grams, 128 permutations; signatures.py runs this in their environment.

Reads a JSON list of texts from the file named on the command line, then peers' names from standard input, one
a line; answers each with a line of JSON: CPU seconds for [shingles and signatures, signatures alone].
"""

import json
import sys
import time
from collections.abc import Callable

import numpy as np
import rensa
import xxhash
from datasketch import MinHash
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature

PERMUTATIONS = 128


def word_shingles(text: str) -> list[str]:
    words = text.lower().split()
    return [" ".join(words[at : at + 13]) for at in range(max(1, len(words) - 12))]


def sketch_datasketch(shingles: list[list[str]]) -> None:
    """datasketch, with the fast hash that its documentation recommends, and permutations that are made once."""
    empty = MinHash(PERMUTATIONS, scheme="affine32", hashfunc=xxhash.xxh32_intdigest)
    for document in shingles:
        empty.copy().update_batch(map(str.encode, document))


def sketch_rensa(shingles: list[list[str]]) -> None:
    rensa.RMinHash.digest_matrix_from_token_sets(shingles, PERMUTATIONS, 42)


def sketch_rensa_rho(shingles: list[list[str]]) -> None:
    """rensa's lossy mode, which samples the shingles."""
    rensa.RMinHash.digest_matrix_from_token_sets_rho(shingles, PERMUTATIONS, 42)


datatrove = MinhashDedupSignature(
    "build/datatrove", MinhashConfig(n_grams=13, num_buckets=16, hashes_per_bucket=PERMUTATIONS // 16)
)


def shingle_datatrove(texts: list[str]) -> list[np.ndarray]:
    return [datatrove.get_shingles(text) for text in texts]


def sketch_datatrove(shingles: list[np.ndarray]) -> None:
    for document in shingles:
        if document.size:
            datatrove.get_signature(document)


def shingle(texts: list[str]) -> list[list[str]]:
    return [word_shingles(text) for text in texts]


PEERS: dict[str, tuple[Callable, Callable]] = {
    "rensa": (shingle, sketch_rensa),
    "rensa rho": (shingle, sketch_rensa_rho),
    "datasketch": (shingle, sketch_datasketch),
    "datatrove": (shingle_datatrove, sketch_datatrove),
}


def main() -> None:
    with open(sys.argv[1]) as file:
        texts = json.load(file)
    for line in sys.stdin:
        make_shingles, sketch = PEERS[line.strip()]
        start = time.process_time()
        shingles = make_shingles(texts)
        between = time.process_time()
        sketch(shingles)
        end = time.process_time()
        print(json.dumps([end - start, end - between]), flush=True)


if __name__ == "__main__":
    main()
