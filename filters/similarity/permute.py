"""The inner loop of MinHash: permuted hashes of shingles, and the least of each permutation."""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from massivetext.filters.kernels.kernel import borrowing_kernel

LANES = 16
"""Permutations come in multiples of so many."""

AT_ONCE = 512
"""Hashes that stay in the nearest cache while all permutations are lowered by them."""

INTEGER = ir.IntType(32)
VECTOR = ir.VectorType(INTEGER, LANES)


@borrowing_kernel
def narrow(shingle: np.uint64) -> np.uint32:
    """The 32-bit hash of a shingle that MinHash permutes: its upper half."""
    return np.uint32(shingle >> np.uint64(32))


@borrowing_kernel
def permute(shingles: np.ndarray, multipliers: np.ndarray, addends: np.ndarray, least: np.ndarray) -> None:
    """Lower least[k] to the least multipliers[k] * fmix32(narrow(shingle)) + addends[k] modulo 2³².

    `shingles` is uint64, and overwritten; the others are uint32, of the same length, a multiple of LANES.
    """
    for start in range(0, len(shingles), AT_ONCE):
        end = min(start + AT_ONCE, len(shingles))
        for at in range(start, end):
            shingles[at] = _fmix32(narrow(shingles[at]))
        for k in range(0, len(least), LANES):
            _lower(multipliers, addends, least, k, shingles, start, end)


@borrowing_kernel
def _fmix32(value: np.uint32) -> np.uint32:
    """MurmurHash3's 32-bit finaliser. The casts are because numba widens unsigned products to 64 bits."""
    value = np.uint32((value ^ (value >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    value = np.uint32((value ^ (value >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))


def _generate(context: Any, builder: Any, signature: Any, arguments: Any) -> None:
    _, _, _, at, _, start, end = arguments
    arrays = [
        cgutils.create_struct_proxy(kind)(context, builder, arguments[number]).data
        for number, kind in enumerate(signature.args)
        if isinstance(kind, types.Array)
    ]
    pointers = [builder.bitcast(builder.gep(array, [at]), VECTOR.as_pointer()) for array in arrays[:3]]
    multipliers, addends, least = (builder.load(pointer, align=4) for pointer in pointers)
    undefined, zeros = ir.Constant(VECTOR, ir.Undefined), ir.Constant(VECTOR, [0] * LANES)
    lowest = cgutils.alloca_once_value(builder, least)
    with cgutils.for_range_slice(builder, start, end, start.type(1)) as (index, _):
        value = builder.trunc(builder.load(builder.gep(arrays[3], [index])), INTEGER)
        lanes = builder.shuffle_vector(builder.insert_element(undefined, value, INTEGER(0)), undefined, zeros)
        permuted = builder.add(builder.mul(multipliers, lanes), addends)
        least = builder.load(lowest)
        builder.store(builder.select(builder.icmp_unsigned("<", permuted, least), permuted, least), lowest)
    builder.store(builder.load(lowest), pointers[2], align=4)


# Left to itself, LLVM uses half of an AVX-512 register, and fetches and stores the least values anew for each
# hash, which takes three times as long. Where registers are narrower it splits these vectors.
def _type_lower(
    typing_context: Any,  # noqa: ARG001
    multipliers: Any,
    addends: Any,
    least: Any,
    at: Any,
    hashes: Any,
    start: Any,
    end: Any,
) -> Any:
    """`permute` for hashes[start:end], mixed already, in the LANES permutations from `at` on."""
    return types.void(multipliers, addends, least, at, hashes, start, end), _generate


_lower: Callable[..., None] = intrinsic(_type_lower)
