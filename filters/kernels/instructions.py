"""Machine instructions that numpy does not offer, for `kernels.bits`: unaligned loads, byte searches in vector
registers, the 128-bit product. Each is a few LLVM instructions, so it runs on any CPU that numba knows.
"""

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from massivetext.filters.kernels.widths import BLOCK, LEAST

BYTE = ir.IntType(8)
WORD = ir.IntType(64)
WIDE = ir.IntType(128)
VECTOR = ir.VectorType(BYTE, BLOCK)


def instruction(function: Callable[..., Any]) -> Callable[..., Any]:
    return cast(Callable[..., Any], intrinsic(function))


def _load(context: Any, builder: Any, array_type: Any, array: Any, at: Any, loaded: ir.Type) -> Any:
    start = cgutils.create_struct_proxy(array_type)(context, builder, array).data
    pointer = builder.bitcast(builder.gep(start, [at]), loaded.as_pointer())
    return builder.load(pointer, align=1)


@instruction
def load_word(typing_context: Any, data: Any, at: Any) -> Any:  # noqa: ARG001
    """data[at : at + 8], uint8, as one little-endian uint64. All eight bytes must be there."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _load(context, builder, signature.args[0], arguments[0], arguments[1], WORD)

    return types.uint64(data, types.int64), generate


@instruction
def find_in_block(typing_context: Any, data: Any, at: Any, first: Any, last: Any) -> Any:  # noqa: ARG001
    """The mask of the bytes of data[at : at + BLOCK] that lie in first..last. All of them must be there."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, at, first, last = arguments
        block = _load(context, builder, signature.args[0], array, at, VECTOR)

        def spread(value: Any) -> Any:
            one = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), value, ir.IntType(32)(0))
            zeros = ir.Constant(ir.VectorType(ir.IntType(32), BLOCK), [0] * BLOCK)
            return builder.shuffle_vector(one, ir.Constant(VECTOR, ir.Undefined), zeros)

        distance = builder.sub(block, spread(first))
        found = builder.icmp_unsigned("<=", distance, spread(builder.sub(last, first)))
        return builder.bitcast(found, WORD)

    return types.uint64(data, types.int64, types.uint8, types.uint8), generate


@instruction
def trailing_zeros(typing_context: Any, value: Any) -> Any:  # noqa: ARG001
    """The position of the lowest bit that is set in a uint64; 64 if none is."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
        return builder.cttz(arguments[0], ir.IntType(1)(0))

    return types.int64(types.uint64), generate


@instruction
def leading_zeros(typing_context: Any, value: Any) -> Any:  # noqa: ARG001
    """The number of bits above the highest bit that is set in a uint64; 64 if none is."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
        return builder.ctlz(arguments[0], ir.IntType(1)(0))

    return types.int64(types.uint64), generate


@instruction
def ones(typing_context: Any, value: Any) -> Any:  # noqa: ARG001
    """The number of bits that are set in a uint64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


@instruction
def fold(typing_context: Any, left: Any, right: Any) -> Any:  # noqa: ARG001
    """The two halves of the 128-bit product of two uint64, xored."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
        left, right = (builder.zext(argument, WIDE) for argument in arguments)
        product = builder.mul(left, right)
        high = builder.trunc(builder.lshr(product, WIDE(64)), WORD)
        return builder.xor(builder.trunc(product, WORD), high)

    return types.uint64(types.uint64, types.uint64), generate


@instruction
def least(typing_context: Any, values: Any, at: Any) -> Any:  # noqa: ARG001
    """The least of values[at : at + LEAST], uint32."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number = ir.IntType(32)
        vector = ir.VectorType(number, LEAST)
        start = cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0]).data
        pointer = builder.bitcast(builder.gep(start, [arguments[1]]), vector.as_pointer())
        name = f"llvm.vector.reduce.umin.v{LEAST}i32"
        smallest = builder.module.declare_intrinsic(name, (), ir.FunctionType(number, [vector]))
        return builder.zext(builder.call(smallest, [builder.load(pointer, align=4)]), WORD)

    return types.int64(values, types.int64), generate


@instruction
def prefetch(typing_context: Any, values: Any, at: Any) -> Any:  # noqa: ARG001
    """Ask the processor to load the cache line of values[at], which is read soon. `at` may be beyond the array."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start = cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0]).data
        pointer = builder.bitcast(builder.gep(start, [arguments[1]]), BYTE.as_pointer())
        number = ir.IntType(32)
        function = ir.FunctionType(ir.VoidType(), [BYTE.as_pointer(), number, number, number])
        ask = builder.module.declare_intrinsic("llvm.prefetch.p0", (), function)
        builder.call(ask, [pointer, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(values, types.int64), generate
