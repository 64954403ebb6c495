"""Makes random choices and orders by seeded hashes of ids. The pipeline has no other source of chance."""

import hashlib

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.avalanche import avalanches
from massivetext.filters.kernels.utf8 import views

BLOCK = 8
"""The bytes of an id that go into its hash at a time."""

ALL_BITS = np.uint64(2**64 - 1)


def order(ids: pa.StringArray, seed: int, purpose: str) -> np.ndarray:
    """The 64-bit hashes that give the ids a random order: uint64[n], uniform.

    The same (id, seed, purpose) gives the same hash anywhere; another purpose or seed gives an independent
    order. Two of n ids share a hash with probability about n² / 2⁶⁵, so a total order compares (hash, id).
    """
    offsets, data = views(ids)
    starts, lengths = offsets[:-1].astype(np.int64), np.diff(offsets).astype(np.int64)
    # The length goes in first, so that trailing zero bytes of the last block count.
    hashes = avalanches(lengths.astype(np.uint64) ^ _key(seed, purpose))
    padded = np.concatenate([data, np.zeros(BLOCK, np.uint8)])
    words = np.ndarray(len(data) + 1, "<u8", padded, strides=(1,))  # one starts at each byte
    for at in range(0, int(lengths.max(initial=0)), BLOCK):
        rows = np.flatnonzero(lengths > at)
        beyond = np.maximum(at + BLOCK - lengths[rows], 0)
        bits = words[starts[rows] + at] & (ALL_BITS >> (8 * beyond).astype(np.uint64))
        hashes[rows] = avalanches(hashes[rows] ^ bits)
    return hashes


def share_of(hashes: np.ndarray, share: float) -> np.ndarray:
    """Whether each of uint64[n] uniform hashes is in the lowest `share` of all possible hashes: bool[n]."""
    return np.ones(len(hashes), np.bool_) if share >= 1 else hashes < np.uint64(int(share * 2**64))


def _key(seed: int, purpose: str) -> np.uint64:
    digest = hashlib.blake2b(f"{seed} {purpose}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def derive(values: np.ndarray, seed: int, purpose: str) -> np.ndarray:
    """The 64-bit hash of each of uint64[n] values, by seed and purpose as in `order`: uint64[n], uniform."""
    return avalanches(values ^ _key(seed, purpose))
