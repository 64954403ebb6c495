"""Thrift's compact protocol, in which Parquet writes its footer and the headers of its pages.

A struct is read as a list of fields in their order, without any knowledge of what they mean. So a struct that is read,
changed and written keeps all fields that the program does not know.
"""

import struct
from dataclasses import dataclass
from typing import Any

_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS = (4, 5, 6)  # of 16, 32 and 64 bits
_LONG = 15  # the number that says that a longer one follows


@dataclass
class Field:
    """A field of a struct: its number, its type, and its value.

    The value of a struct is a list of fields, that of a list a pair: the type of its values, and the values.
    """

    number: int
    type: int
    value: Any


Struct = list[Field]


def get(fields: Struct, number: int) -> Any:
    """Returns the value of a field, or None if the struct does not have it."""
    return next((field.value for field in fields if field.number == number), None)


def put(fields: Struct, number: int, value: Any) -> None:
    """Set the value of a field that the struct has."""
    next(field for field in fields if field.number == number).value = value


def read(data: memoryview, at: int) -> tuple[Struct, int]:
    """Reads the struct that begins at a byte. Returns it with the byte after its end."""
    fields, number = [], 0
    while data[at]:
        step, kind = data[at] >> 4, data[at] & 15
        if step:
            number, at = number + step, at + 1
        else:
            number, at = _integer(data, at + 1)
        value, at = _value(data, at, kind)
        fields.append(Field(number, kind, value))
    return fields, at + 1


def _value(data: memoryview, at: int, kind: int) -> tuple[Any, int]:
    if kind in (_TRUE, _FALSE):  # the type of a field is its value
        return kind == _TRUE, at
    if kind in _INTEGERS:
        return _integer(data, at)
    if kind == _BYTE:
        return data[at], at + 1
    if kind == _DOUBLE:
        return bytes(data[at : at + 8]), at + 8
    if kind == _BINARY:
        size, at = _varint(data, at)
        return bytes(data[at : at + size]), at + size
    if kind == _STRUCT:
        return read(data, at)
    if kind in (_LIST, _SET):
        return _list(data, at)
    raise ValueError(f"Thrift's type {kind} is not one that Parquet uses")


def _list(data: memoryview, at: int) -> tuple[tuple[int, list[Any]], int]:
    size, kind, at = data[at] >> 4, data[at] & 15, at + 1
    if size == _LONG:
        size, at = _varint(data, at)
    values = []
    for _ in range(size):
        value, at = _value(data, at, _BYTE if kind in (_TRUE, _FALSE) else kind)
        values.append(value)
    return (kind, values), at


def _integer(data: memoryview, at: int) -> tuple[int, int]:
    value, at = _varint(data, at)
    return (value >> 1) ^ -(value & 1), at


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return value, at


def write(fields: Struct) -> bytes:
    """Returns the bytes of a struct."""
    out, before = bytearray(), 0
    for field in fields:
        kind = field.type if field.type not in (_TRUE, _FALSE) else _TRUE if field.value else _FALSE
        step = field.number - before
        if 0 < step <= _LONG:
            out.append(step << 4 | kind)
        else:
            out.append(kind)
            out += _of_integer(field.number)
        out += _of_value(kind, field.value)
        before = field.number
    return bytes(out) + b"\0"


def _of_value(kind: int, value: Any) -> bytes:
    if kind in (_TRUE, _FALSE):
        return b""
    if kind in _INTEGERS:
        return _of_integer(value)
    if kind == _BYTE:
        return struct.pack("B", value)
    if kind == _DOUBLE:
        return bytes(value)
    if kind == _BINARY:
        return _of_varint(len(value)) + bytes(value)
    if kind == _STRUCT:
        return write(value)
    of, values = value
    head = bytes([len(values) << 4 | of]) if len(values) < _LONG else bytes([_LONG << 4 | of])
    count = b"" if len(values) < _LONG else _of_varint(len(values))
    return head + count + b"".join(_of_value(_BYTE if of in (_TRUE, _FALSE) else of, each) for each in values)


def _of_integer(value: int) -> bytes:
    return _of_varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _of_varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
