"""Reads and writes the wire format of protocol buffers: fields of messages, and varints."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt


def message(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise TypeError("a number where bytes were expected")
    return value


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yields the fields of a message: varints as int, everything else as bytes."""
    at = 0
    while at < len(data):
        tag, at = _read_varint(data, at)
        wire = tag & 7
        if wire == 0:
            value, at = _read_varint(data, at)
            yield tag >> 3, value
            continue
        if wire == 2:
            size, at = _read_varint(data, at)
        else:
            size = {1: 8, 5: 4}[wire]
        if at + size > len(data):
            raise IndexError("a field reaches past the end")
        yield tag >> 3, data[at : at + size]
        at += size


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7


def field(number: int, content: bytes) -> bytes:
    """Encodes a field of bytes."""
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def varint(number: int) -> bytes:
    """Encodes one number of at least 0 like `varints`, faster than a call of numpy."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def varints(values: npt.NDArray[np.integer]) -> bytes:
    """Encodes numbers of at least 0 as varints: seven bits in each byte, the lowest first."""
    bits = values.astype(np.uint64)[:, None] >> np.arange(0, 35, 7, dtype=np.uint64)
    is_written = bits > 0
    is_written[:, 0] = True
    more = np.zeros(bits.shape, np.uint64)
    more[:, :-1] = is_written[:, 1:] * np.uint64(0x80)
    return (bits & np.uint64(0x7F) | more).astype(np.uint8)[is_written].tobytes()
