"""Splits files of JSON objects that are not one on each line: in an array, over several lines, or several on a line."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from massivetext.pipeline.read.formats.charset import Origin, text_of
from massivetext.pipeline.read.formats.window import Window
from massivetext.pipeline.read.record import Failure
from massivetext.pipeline.read.settings import Limits

SIGN = re.compile(rb'["{}]')
STRING_REST = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)  # up to the quote that ends a string
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
BETWEEN = re.compile(rb"(?:[\s,\x1e\0]|\xef\xbb\xbf|\xe2\x80[\xa8\xa9])*")
"""What may stand beside an object: commas, the separator of JSON text sequences, zeros, byte-order marks, line ends."""
NOISE = re.compile(rb"[^\s,\[\]\xef\xbb\xbf\x1e]")
SHOWN = 40  # the bytes of a non-object that a Failure shows
SURROGATE = re.compile("[\ud800-\udfff]")


class Value(NamedTuple):
    """The bytes of an object, and its offset in the decompressed file."""

    offset: int
    data: bytes


class Loaded(NamedTuple):
    """A JSON value, and how its encoding was told where it is not UTF-8."""

    value: Any
    charset: str | None = None
    origin: Origin | None = None


def loads(data: bytes) -> Loaded:
    """A JSON value. NaN and Infinity, which Python writes, are read, and so are line ends and tabs in a string, and
    another encoding than UTF-8 where the bytes tell it; a lone surrogate becomes U+FFFD.

    Raises ValueError.
    """
    data = data.removeprefix(BYTE_ORDER_MARK)
    try:
        return Loaded(orjson.loads(data))
    except orjson.JSONDecodeError as error:
        decoded = text_of(data)
        if decoded is None:
            raise ValueError("bytes that are not UTF-8") from error
        charset, origin = (None, None) if decoded.charset == "utf-8" else decoded[1:]
        try:
            return Loaded(_whole(json.loads(decoded.text, strict=False)), charset, origin)
        except (ValueError, RecursionError):
            raise error from None


def _whole(value: Any) -> Any:
    """Returns the value without lone surrogates and without NaN and infinities, which Unicode and JSON do not have."""
    match value:
        case str():
            return SURROGATE.sub("\ufffd", value)
        case float():
            return value if math.isfinite(value) else None
        case list():
            return [_whole(each) for each in value]
        case dict():
            return {_whole(key): _whole(each) for key, each in value.items()}
        case _:
            return value


def split(window: Window, limits: Limits) -> Iterator[Value | Failure]:
    """Yields the outermost objects of a file. Anything else between them is a Failure, and so are an object without an
    end, an object over the limit, an array without an end, and each break of the file."""
    is_open = False
    while True:
        while window.fill(1):
            begin = window.data.find(b"{")
            between = bytes(window.data[: len(window.data) if begin < 0 else begin])
            is_open = (is_open or b"[" in between) and b"]" not in between
            if NOISE.search(between):
                found = between.strip()[:SHOWN]
                yield Failure(window.offset, f"JSON object expected, found {found!r}", len(between))
            window.drop(len(between))
            if begin >= 0:
                yield _object(window, limits)
        failure = window.pass_break()
        if failure is None:
            break
        yield failure
    if is_open:
        yield Failure(window.offset, "the JSON array has no end: the file is cut off")


def objects_of(data: bytes, offset: int) -> list[Value]:
    """Returns the objects in some bytes; none if the bytes hold anything but objects."""
    values, at = [], 0
    while (begin := data.find(b"{", at)) >= 0:
        end, _ = _Structure().scan(data, begin)
        if end is None or not BETWEEN.fullmatch(data, at, begin):
            return []
        values.append(Value(offset + begin, data[begin:end]))
        at = end
    return values if BETWEEN.fullmatch(data, at) else []


def _object(window: Window, limits: Limits) -> Value | Failure:
    """Takes the object at the window's start. Only a part of an object over the limit is held in memory."""
    offset, structure = window.offset, _Structure()
    end, searched = structure.scan(window.data, 0)
    while end is None:
        if searched > limits.record_bytes or window.offset > offset:
            window.drop(searched)
            searched = 0
        window.fill(searched + structure.held + 1)
        if len(window.data) <= searched + structure.held:
            size = window.offset + len(window.data) - offset
            window.drop(len(window.data))
            return Failure(offset, f"JSON object cut off after {size} bytes", size)
        end, searched = structure.scan(window.data, searched)
    size = window.offset + end - offset
    if size > limits.record_bytes:
        window.drop(end)
        error = f"JSON object of {size} bytes, over the limit record_bytes {limits.record_bytes}"
        return Failure(offset, error, size)
    value = Value(offset, bytes(memoryview(window.data)[:end]))
    window.drop(end)
    return value


class _Structure:
    """The state of a scan: its depth in an object, and whether it is in a string."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self.held = 0  # bytes at the end of the scanned ones that belong to an unfinished escape

    def scan(self, data: bytes | bytearray, start: int) -> tuple[int | None, int]:
        """Returns the end of the outermost object, or None, and the end of the scanned bytes."""
        at = start
        while True:
            if self._in_string:
                match = STRING_REST.match(data, at)
                assert match is not None, "it matches nothing, too"
                at = match.end()
                if at == len(data) or data[at] != 0x22:
                    self.held = len(data) - at
                    return None, at
                self._in_string = False
                at += 1
            sign = SIGN.search(data, at)
            if sign is None:
                self.held = 0
                return None, len(data)
            at = sign.end()
            match data[sign.start()]:
                case 0x22:
                    self._in_string = True
                case 0x7B:
                    self._depth += 1
                case _:
                    self._depth -= 1
                    if self._depth == 0:
                        return at, at
