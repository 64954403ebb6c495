"""Makes random choices and orders by seeded hashes of ids. The pipeline has no other source of chance."""

import hashlib

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.avalanche import avalanche
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.utf8 import views


def order(ids: pa.StringArray, seed: int, purpose: str) -> np.ndarray:
    """The 64-bit hashes that give the ids a random order: uint64[n], uniform.

    The same (id, seed, purpose) gives the same hash anywhere; another purpose or seed gives an independent
    order. Two of n ids share a hash with probability about n² / 2⁶⁵, so a total order compares (hash, id).
    """
    hashes = np.empty(len(ids), np.uint64)
    _hash(*views(ids), _key(seed, purpose), hashes)
    return hashes


def share_of(hashes: np.ndarray, share: float) -> np.ndarray:
    """Whether each of uint64[n] uniform hashes is in the lowest `share` of all possible hashes: bool[n]."""
    return np.ones(len(hashes), np.bool_) if share >= 1 else hashes < np.uint64(int(share * 2**64))


def _key(seed: int, purpose: str) -> np.uint64:
    digest = hashlib.blake2b(f"{seed} {purpose}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


@borrowing_kernel
def _hash(offsets: np.ndarray, data: np.ndarray, key: np.uint64, hashes: np.ndarray) -> None:
    for row in range(len(hashes)):
        start, end = offsets[row], offsets[row + 1]
        # The length goes in first, so that trailing zero bytes of the last block count.
        state = avalanche(key ^ np.uint64(end - start))
        for block in range(start, end, 8):
            bits = np.uint64(0)
            for at in range(block, min(block + 8, end)):
                bits |= np.uint64(data[at]) << np.uint64(8 * (at - block))
            state = avalanche(state ^ bits)
        hashes[row] = state


def derive(values: np.ndarray, seed: int, purpose: str) -> np.ndarray:
    """The 64-bit hash of each of uint64[n] values, by seed and purpose as in `order`: uint64[n], uniform."""
    hashes = np.empty(len(values), np.uint64)
    _derive(np.ascontiguousarray(values), _key(seed, purpose), hashes)
    return hashes


@borrowing_kernel
def _derive(values: np.ndarray, key: np.uint64, hashes: np.ndarray) -> None:
    for row in range(len(values)):
        hashes[row] = avalanche(values[row] ^ key)
