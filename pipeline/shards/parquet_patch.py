"""Makes the bytes of a Parquet shard with other tokens in a few of its sequences.

All pages without such a sequence are copied. Of a page with one, only the bytes of its tokens are replaced. So the
result is the file that `parquet.write` would make, for a small share of the work.

A page holds first the levels of its values, which say where lists begin, and then the values. Every sequence has the
same number of tokens and none is null, so the levels stay as they are.
"""

import struct
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.pipeline.shards.format import ShardError
from massivetext.pipeline.storage import thrift
from massivetext.pipeline.storage.thrift import Struct

_MAGIC = b"PAR1"
_END_BYTES = 8  # the bytes after the footer: its size, and _MAGIC
_WIDTH = 4  # bytes of a token in a page
_TOKENS, _LENGTHS = 0, 1  # the columns that change
_CODEC = "zstd"

# Numbers of fields in the structs of Parquet (parquet.thrift of its specification).
_GROUPS = 4  # of the footer
_COLUMNS, _GROUP_BYTES, _GROUP_AT, _GROUP_STORED = 1, 2, 5, 6  # of a row group
_CHUNK = 3  # of a column
_VALUES, _BYTES, _STORED, _PAGES_AT, _DICTIONARY_AT = 5, 6, 7, 9, 11  # of a chunk
_PAGE_BYTES, _PAGE_STORED, _DATA_PAGE = 2, 3, 5  # of the header of a page
_COUNT = 1  # of the header of a page of data


def patched(
    data: memoryview, lengths: bytes, rows: npt.NDArray[np.int64], tokens: npt.NDArray[np.unsignedinteger]
) -> Iterator[bytes | memoryview]:
    """Yields the content of the new file, piece by piece.

    `data` is the old file. `tokens` are those of the sequences `rows`, which ascend. `lengths` is a file with the new
    column document_lengths alone, in the same row groups.
    """
    anew = memoryview(lengths)
    footer = _footer(data)
    at, first = len(_MAGIC), 0
    yield _MAGIC
    groups = zip(thrift.get(footer, _GROUPS)[1], thrift.get(_footer(anew), _GROUPS)[1], strict=True)
    for group, of_lengths in groups:
        columns = thrift.get(group, _COLUMNS)[1]
        count = thrift.get(thrift.get(columns[_TOKENS], _CHUNK), _VALUES) // tokens.shape[1]
        start, end = np.searchsorted(rows, (first, first + count))
        thrift.put(group, _GROUP_AT, at)
        [columns[_LENGTHS]] = thrift.get(of_lengths, _COLUMNS)[1]
        chunks = [thrift.get(column, _CHUNK) for column in columns]
        for number, chunk in enumerate(chunks):
            content = _content(anew if number == _LENGTHS else data, chunk)
            if number == _TOKENS and end > start:
                content = _with_tokens(content, chunk, rows[start:end] - first, tokens[start:end])
            _move(chunk, at, len(content))
            yield content
            at += len(content)
        for total, of_chunk in ((_GROUP_BYTES, _BYTES), (_GROUP_STORED, _STORED)):
            thrift.put(group, total, sum(thrift.get(chunk, of_chunk) for chunk in chunks))
        first += count
    closing = thrift.write(footer)
    yield closing + struct.pack("<I", len(closing)) + _MAGIC


def _footer(data: memoryview) -> Struct:
    (size,) = struct.unpack("<I", data[-_END_BYTES : -len(_MAGIC)])
    return thrift.read(data, len(data) - _END_BYTES - size)[0]


def _begin(chunk: Struct) -> int:
    dictionary = thrift.get(chunk, _DICTIONARY_AT)
    return int(thrift.get(chunk, _PAGES_AT) if dictionary is None else dictionary)


def _content(data: memoryview, chunk: Struct) -> memoryview:
    begin = _begin(chunk)
    return data[begin : begin + thrift.get(chunk, _STORED)]


def _move(chunk: Struct, at: int, size: int) -> None:
    """Let a chunk begin at a byte of the new file, with that many bytes."""
    by = at - _begin(chunk)
    for number in (_PAGES_AT, _DICTIONARY_AT):
        if (before := thrift.get(chunk, number)) is not None:
            thrift.put(chunk, number, before + by)
    thrift.put(chunk, _STORED, size)


def _with_tokens(
    content: memoryview, chunk: Struct, rows: npt.NDArray[np.int64], tokens: npt.NDArray[np.unsignedinteger]
) -> memoryview:
    """Returns the pages of a chunk of tokens with those of some of its sequences replaced."""
    length = tokens.shape[1]
    pages: list[bytes | memoryview] = []
    at, first = 0, 0
    while at < len(content):
        header, body = thrift.read(content, at)
        after, last = body + thrift.get(header, _PAGE_STORED), first + _values(header)
        touched = (rows * length < last) & ((rows + 1) * length > first)
        if not touched.any():
            pages.append(content[at:after])
        else:
            size = thrift.get(header, _PAGE_BYTES)
            page = bytearray(pa.decompress(content[body:after], size, _CODEC, asbytes=True))
            values = np.frombuffer(page, "<i4", offset=len(page) - _WIDTH * (last - first))
            for row, new in zip(rows[touched].tolist(), tokens[touched], strict=True):
                begin, end = max(first, row * length), min(last, (row + 1) * length)
                values[begin - first : end - first] = new[begin - row * length : end - row * length]
            stored = pa.compress(page, _CODEC, asbytes=True)
            thrift.put(header, _PAGE_STORED, len(stored))
            head = thrift.write(header)
            thrift.put(chunk, _BYTES, thrift.get(chunk, _BYTES) + len(head) - (body - at))
            pages.append(head + stored)
        at, first = after, last
    return memoryview(b"".join(pages))


def _values(header: Struct) -> int:
    """Returns the number of values of a page. Raises ShardError for a page that our writer does not write."""
    data = thrift.get(header, _DATA_PAGE)
    if data is None:
        raise ShardError("its .parquet has a page of tokens that massivetext did not write")
    return int(thrift.get(data, _COUNT))
