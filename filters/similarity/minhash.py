"""MinHash signatures and their bands, from which candidates for near duplicates come.

Signatures are bit for bit those of `datasketch.MinHash(permutations, seed, scheme="affine32")` updated with
the 32-bit hashes `narrow(shingles)`: permutation k maps the hash h to a[k] * fmix32(h) + b[k] modulo 2³².
"""

import math

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.avalanche import avalanche
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.utf8 import views
from massivetext.filters.kernels.widths import PERMUTED
from massivetext.filters.similarity.permute import permute
from massivetext.filters.similarity.shingle import PAPER, Shingle
from massivetext.filters.similarity.shingles import FACTOR, Scratch, document_shingles, new_scratch

PERMUTATIONS = 128
SEED = 1
EMPTY = np.uint32(0xFFFFFFFF)


def signatures(
    batch: pa.RecordBatch, permutations: int = PERMUTATIONS, seed: int = SEED, shingle: Shingle = PAPER
) -> pa.FixedSizeListArray:
    """The MinHash signature of each document's `text`: fixed_size_list<uint32>[permutations].

    Null for a document without shingles: it has no band, and duplicates nothing.
    """
    offsets, data = views(batch["text"])
    padding = -permutations % PERMUTED
    multipliers, addends = (np.pad(numbers, (0, padding)) for numbers in _numbers(permutations, seed))
    values = np.full((len(batch), permutations + padding), EMPTY, np.uint32)
    empty = np.zeros(len(batch), np.bool_)
    scratch = new_scratch(offsets, shingle)
    _sign(offsets, data, *shingle.numbers, scratch, multipliers, addends, values, empty)
    return _fixed_size_lists(values[:, :permutations], pa.array(empty))


def _numbers(permutations: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The a and b of each permutation, as datasketch draws them: every a is odd, so that no two hashes meet."""
    random = np.random.RandomState(seed)
    halves = random.randint(0, 1 << 31, permutations, np.uint32)
    return halves * np.uint32(2) + np.uint32(1), random.randint(0, 1 << 32, permutations, np.uint32)


def bands(signatures: pa.FixedSizeListArray, band_count: int, rows: int) -> pa.FixedSizeListArray:
    """The hash of each band of `rows` values of each signature: fixed_size_list<uint64>[band_count].

    Band k holds values k * rows to (k + 1) * rows; its number is hashed too, so that equal hashes mean the
    same band (but for one in 2⁶⁴). Null where the signature is null: `flatten()` leaves those out.

    Raises ValueError if the signatures are too short for the bands.
    """
    permutations = signatures.type.list_size
    if band_count * rows > permutations:
        raise ValueError(
            f"{band_count} bands of {rows} rows need {band_count * rows} permutations, not {permutations}"
        )
    start = signatures.offset * permutations
    values = signatures.values.to_numpy()[start : start + len(signatures) * permutations]
    result = np.empty((len(signatures), band_count), np.uint64)
    _hash_bands(values.reshape(-1, permutations), rows, result)
    return _fixed_size_lists(result, signatures.is_null())


def candidate_probability(jaccard: float, band_count: int, rows: int) -> float:
    """The probability that two documents of this Jaccard share a band: 1 - (1 - jaccard^rows)^band_count
    (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, section 3.4.2)."""
    return 1 - (1 - jaccard**rows) ** band_count


def band_parameters(
    threshold: float, permutations: int = PERMUTATIONS, recall: float = 0.99
) -> tuple[int, int]:
    """(band_count, rows) by which a pair at the threshold is a candidate with probability `recall` or more.

    The most rows for which there are permutations enough, hence the fewest candidates below the threshold;
    then the fewest bands, hence the least to shuffle. datasketch's optimiser minimises the areas of false
    candidates and misses instead, which says nothing about a pair at the threshold itself.

    Raises ValueError if not even one row a band reaches the recall.
    """
    if not (0 < threshold <= 1 and 0 < recall < 1):
        raise ValueError(f"a threshold in (0, 1] and a recall in (0, 1), not {threshold} and {recall}")
    best = None
    for rows in range(1, permutations + 1):
        band_count = _fewest_bands(threshold**rows, recall)
        if band_count * rows > permutations:
            break
        best = band_count, rows
    if best is None:
        raise ValueError(
            f"{permutations} permutations cannot find pairs of Jaccard {threshold} with probability {recall}"
        )
    return best


def _fewest_bands(shared: float, recall: float) -> int:
    """How many bands, each shared with this probability, are needed to share one with that of `recall`."""
    return math.ceil(math.log1p(-recall) / math.log1p(-shared)) if shared < 1 else 1


@borrowing_kernel
def _sign(
    offsets: np.ndarray,
    data: np.ndarray,
    n: int,
    of_characters: bool,
    scratch: Scratch,
    multipliers: np.ndarray,
    addends: np.ndarray,
    values: np.ndarray,
    empty: np.ndarray,
) -> None:
    for row in range(len(values)):
        _, count = document_shingles(data, offsets[row], offsets[row + 1], n, of_characters, scratch)
        empty[row] = count == 0
        permute(scratch.hashes[:count], multipliers, addends, values[row])


@borrowing_kernel
def _hash_bands(values: np.ndarray, rows: int, result: np.ndarray) -> None:
    for document in range(len(result)):
        for band in range(result.shape[1]):
            state = np.uint64(band)
            for at in range(band * rows, (band + 1) * rows):
                state = avalanche(state * FACTOR + np.uint64(values[document, at]))
            result[document, band] = state


def _fixed_size_lists(values: np.ndarray, null: pa.BooleanArray) -> pa.FixedSizeListArray:
    return pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), values.shape[1], mask=null)
