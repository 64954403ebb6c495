"""The machine instructions of `similarity.permute`."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from massivetext.filters.kernels.widths import PERMUTED

INTEGER = ir.IntType(32)
VECTOR = ir.VectorType(INTEGER, PERMUTED)


def _generate(context: Any, builder: Any, signature: Any, arguments: Any) -> None:
    _, _, _, at, _, start, end = arguments
    arrays = [
        cgutils.create_struct_proxy(kind)(context, builder, arguments[number]).data
        for number, kind in enumerate(signature.args)
        if isinstance(kind, types.Array)
    ]
    pointers = [builder.bitcast(builder.gep(array, [at]), VECTOR.as_pointer()) for array in arrays[:3]]
    multipliers, addends, least = (builder.load(pointer, align=4) for pointer in pointers)
    undefined, zeros = ir.Constant(VECTOR, ir.Undefined), ir.Constant(VECTOR, [0] * PERMUTED)
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
    """`permute` for hashes[start:end], mixed already, in the PERMUTED permutations from `at` on."""
    return types.void(multipliers, addends, least, at, hashes, start, end), _generate


lower: Callable[..., None] = intrinsic(_type_lower)
