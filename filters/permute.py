"""The inner loop of MinHash: permuted hashes of shingles, and the least of each permutation."""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from filters.borrow import borrowing_kernel

LANES = 16
"""Permutations come in multiples of so many."""

INTEGER = ir.IntType(32)
VECTOR = ir.VectorType(INTEGER, LANES)


@borrowing_kernel
def narrow(shingle: np.uint64) -> np.uint32:
    """The 32-bit hash of a shingle that MinHash permutes: its upper half."""
    return np.uint32(shingle >> np.uint64(32))


@borrowing_kernel
def permute(shingles: np.ndarray, multipliers: np.ndarray, addends: np.ndarray, least: np.ndarray) -> None:
    """Lower least[k] to the least multipliers[k] * fmix32(narrow(shingle)) + addends[k] modulo 2³².

    `shingles` is uint64; the others are uint32, of the same length, a multiple of LANES.
    """
    last = len(shingles) - 1
    for at in range(0, len(shingles), 4):
        # After the last, the last again: it lowers nothing.
        first = _fmix32(narrow(shingles[at]))
        second = _fmix32(narrow(shingles[min(at + 1, last)]))
        third = _fmix32(narrow(shingles[min(at + 2, last)]))
        fourth = _fmix32(narrow(shingles[min(at + 3, last)]))
        for k in range(0, len(least), LANES):
            _lower(multipliers, addends, least, k, first, second, third, fourth)


@borrowing_kernel
def _fmix32(value: np.uint32) -> np.uint32:
    """MurmurHash3's 32-bit finaliser. The casts are because numba widens unsigned products to 64 bits."""
    value = np.uint32((value ^ (value >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    value = np.uint32((value ^ (value >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))


def _generate(context: Any, builder: Any, signature: Any, arguments: Any) -> None:
    at, values = arguments[3], arguments[4:]
    pointers = []
    for array_type, array in zip(signature.args[:3], arguments, strict=False):
        start = cgutils.create_struct_proxy(array_type)(context, builder, array).data
        pointers.append(builder.bitcast(builder.gep(start, [at]), VECTOR.as_pointer()))
    multipliers, addends, least = (builder.load(pointer, align=4) for pointer in pointers)
    undefined, zeros = ir.Constant(VECTOR, ir.Undefined), ir.Constant(VECTOR, [0] * LANES)
    for value in values:
        lanes = builder.shuffle_vector(builder.insert_element(undefined, value, INTEGER(0)), undefined, zeros)
        permuted = builder.add(builder.mul(multipliers, lanes), addends)
        least = builder.select(builder.icmp_unsigned("<", permuted, least), permuted, least)
    builder.store(least, pointers[2], align=4)


# Left to itself, LLVM uses half of an AVX-512 register, and fetches and stores the least values anew for each
# hash, which takes twice as long. Where registers are narrower it splits these vectors.
def _type_lower(
    typing_context: Any,  # noqa: ARG001
    multipliers: Any,
    addends: Any,
    least: Any,
    at: Any,
    first: Any,
    second: Any,
    third: Any,
    fourth: Any,
) -> Any:
    """`permute` for four values, in the LANES permutations from `at` on."""
    return types.void(multipliers, addends, least, at, first, second, third, fourth), _generate


_lower: Callable[..., None] = intrinsic(_type_lower)
