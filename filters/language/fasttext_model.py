"""fastText's model files, dense or product-quantised, as arrays that kernels read.

The format is that of fastText 0.9 (`FastText::saveModel`, versions 11 and 12): a header of twelve integers
and a double, the dictionary, the input matrix and the output matrix, little-endian and without padding.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.kernel import borrowing_kernel, kernel

HIERARCHICAL_SOFTMAX, NEGATIVE_SAMPLING, SOFTMAX, ONE_VS_ALL = 1, 2, 3, 4
MAGIC = 793712314
SUPERVISED = 3
CENTROIDS = 256
LONGEST_NGRAM = 64
HASH_OF_NOTHING = np.uint32(2166136261)

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


class UnknownModelError(ValueError):
    """A model that fastText's own library may read, and the kernel does not."""


class Dictionary(NamedTuple):
    """W words, then L labels."""

    text: Bytes
    bounds: npt.NDArray[np.int64]  # [W + L, 2]: begin and end in `text`
    table: Integers  # open addressing by hash: an entry's number, or -1
    words: int  # W


class FastTextModel(NamedTuple):
    """A supervised model of W words, L labels and D dimensions."""

    dictionary: Dictionary
    shortest: int  # n-gram, in characters
    longest: int
    word_ngram: int  # longest n-gram of words; 1: none
    buckets: int
    kept: Bytes  # one bit a bucket: 0 where it was pruned; empty: bucket b has row W + b of `input`
    bucket_rows: Integers  # else its row is this
    input: Floats  # [rows, D]
    output: Floats  # [D, L], or for hierarchical softmax [inner nodes, D]
    loss: int
    children: Integers  # [inner nodes, 2]: the Huffman tree of hierarchical softmax, labels first; root last


class _Reader:
    """Takes values off the front of a mapped file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: Bytes = np.asarray(np.memmap(path, np.uint8, "r"))
        self.position = 0

    def array(self, dtype: npt.DTypeLike, *shape: int) -> npt.NDArray[Any]:
        end = self.position + int(np.prod(shape)) * np.dtype(dtype).itemsize
        if min(shape) < 0 or end > len(self.file):
            raise ValueError(f"{self.path} ends too early for a fastText model: is the file whole?")
        values = self.file[self.position : end].view(dtype).reshape(shape)
        self.position = end
        return values

    def integer(self, dtype: npt.DTypeLike = np.int32) -> int:
        return int(self.array(dtype, 1)[0])


def load(path: Path) -> tuple[FastTextModel, list[str]]:
    """The model in a `.bin` or `.ftz` file, and its labels as the file writes them.

    A dense input matrix stays in the mapped file, so processes on one machine share it; a quantised one is
    expanded once. Raises ValueError where the file is not a whole, supervised fastText model, and
    UnknownModelError where it may be one that the kernel does not know.
    """
    if path.stat().st_size == 0:
        raise ValueError(f"{path} is empty: expected a fastText model (.bin or .ftz)")
    reader = _Reader(path)
    if reader.integer() != MAGIC:
        raise ValueError(f"{path} is not a fastText model (.bin or .ftz)")
    version = reader.integer()
    if version not in (11, 12):
        raise UnknownModelError(f"{path} is a fastText model of version {version}: expected version 11 or 12")
    header = reader.array(np.int32, 12).tolist()  # dim ws epoch minCount neg wordNgrams loss model bucket ...
    word_ngram, loss, kind, buckets, shortest, longest = header[5:11]
    reader.array(np.float64, 1)
    if kind != SUPERVISED:
        raise ValueError(f"{path} holds word vectors, not a classifier: language identification needs labels")
    if not 1 <= word_ngram <= LONGEST_NGRAM or longest > LONGEST_NGRAM:
        raise UnknownModelError(
            f"{path} asks for n-grams of {word_ngram} words and {longest} characters: is it damaged?"
        )

    size, words, _ = reader.array(np.int32, 3).tolist()
    _, pruned = reader.array(np.int64, 2).tolist()
    entries = reader.file[reader.position :]
    bounds, counts, length = _entries(entries, size)
    if length > len(entries):
        raise ValueError(f"{path} ends too early for a fastText model: is the file whole?")
    reader.position += length
    names = [entries[begin:end].tobytes().decode() for begin, end in bounds[words:].tolist()]
    table = np.full(2 << size.bit_length(), -1, np.int32)
    dictionary = Dictionary(entries[:length], bounds, table, words)
    _fill(dictionary)
    kept, bucket_rows = np.empty(0, np.uint8), np.empty(0, np.int32)
    if pruned >= 0:
        pairs = reader.array(np.int32, pruned, 2)
        bucket_rows = np.full(buckets, -1, np.int32)
        bucket_rows[pairs[:, 0]] = words + pairs[:, 1]
        # Small enough for a processor's cache, and most n-grams were pruned.
        kept = np.packbits(bucket_rows >= 0, bitorder="little")

    quantised = bool(reader.integer(np.uint8))
    input_matrix = _matrix(reader, quantised)
    quantised_output = bool(reader.integer(np.uint8))
    output = _matrix(reader, quantised and quantised_output)
    children = np.empty((0, 2), np.int32)
    if loss == HIERARCHICAL_SOFTMAX:
        children = _huffman_tree(counts[words:])
    else:
        output = np.ascontiguousarray(output.T)
    model = FastTextModel(
        dictionary=dictionary,
        shortest=shortest,
        # Version 11 wrote a length of n-grams that its classifiers did not use.
        longest=0 if version == 11 else longest,
        word_ngram=word_ngram,
        buckets=buckets,
        kept=kept,
        bucket_rows=bucket_rows,
        input=input_matrix,
        output=output,
        loss=loss,
        children=children,
    )
    return model, names


def _matrix(reader: _Reader, quantised: bool) -> Floats:
    if not quantised:
        rows, columns = reader.array(np.int64, 2).tolist()
        return reader.array(np.float32, rows, columns)
    has_norms = bool(reader.integer(np.uint8))
    rows, columns = reader.array(np.int64, 2).tolist()
    codes = reader.array(np.uint8, reader.integer())
    matrix = _expand(reader, codes, rows)
    if has_norms:
        matrix *= _expand(reader, reader.array(np.uint8, rows), rows)
    matrix.flags.writeable = False
    return matrix


def _expand(reader: _Reader, codes: Bytes, rows: int) -> Floats:
    """The rows that product-quantised codes stand for: a centroid for each part of a row."""
    columns, parts, width, _ = reader.array(np.int32, 4).tolist()
    centroids = reader.array(np.float32, columns * CENTROIDS)
    codes = codes.reshape(rows, parts)
    matrix = np.empty((rows, columns), np.float32)
    for part, begin in enumerate(range(0, columns, width)):
        end = min(begin + width, columns)
        table = centroids[begin * CENTROIDS : end * CENTROIDS].reshape(CENTROIDS, end - begin)
        matrix[:, begin:end] = table[codes[:, part]]
    return matrix


def _huffman_tree(counts: npt.NDArray[np.int64]) -> Integers:
    """Children of the inner nodes; node n is label n, or inner node n - L. As `buildTree` of fastText."""
    labels = len(counts)
    count = np.full(2 * labels - 1, 10**15, np.int64)
    count[:labels] = counts
    children = np.empty((labels - 1, 2), np.int32)
    leaf, node = labels - 1, labels
    for parent in range(labels, 2 * labels - 1):
        for side in range(2):
            if leaf >= 0 and count[leaf] < count[node]:
                children[parent - labels, side] = leaf
                leaf -= 1
            else:
                children[parent - labels, side] = node
                node += 1
        count[parent] = count[children[parent - labels]].sum()
    return children


@borrowing_kernel
def hash_byte(value: np.uint32, byte: np.uint8) -> np.uint32:
    """One step of FNV-1a as fastText takes it: bytes are signed, so those above 127 flip high bits."""
    return np.uint32((value ^ np.uint32(np.int8(byte))) * np.uint32(16777619))


@borrowing_kernel
def hash_bytes(text: Bytes, begin: int, end: int) -> np.uint32:
    """The hash of text[begin:end]."""
    value = HASH_OF_NOTHING
    for i in range(begin, end):
        value = hash_byte(value, text[i])
    return value


@borrowing_kernel
def same_bytes(a: Bytes, a_begin: int, b: Bytes, b_begin: int, length: int) -> bool:
    """Whether a[a_begin:][:length] equals b[b_begin:][:length]."""
    for i in range(length):  # noqa: SIM110 (compiled)
        if a[a_begin + i] != b[b_begin + i]:
            return False
    return True


@kernel
def _entries(text: Bytes, size: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    """Bounds and counts of the dictionary's entries (word, 0, 8 bytes of count, 1 of type), its length."""
    bounds = np.zeros((size, 2), np.int64)
    counts = np.zeros(size, np.int64)
    position = 0
    for entry in range(size):
        bounds[entry, 0] = position
        while position < len(text) and text[position] != 0:
            position += 1
        bounds[entry, 1] = position
        if position + 10 > len(text):
            return bounds, counts, len(text) + 1
        for i in range(8):
            counts[entry] |= np.int64(text[position + 1 + i]) << (8 * i)
        position += 10
    return bounds, counts, position


@borrowing_kernel
def _fill(dictionary: Dictionary) -> None:
    """Enter every word and label into the table."""
    for entry in range(len(dictionary.bounds)):
        begin, end = dictionary.bounds[entry, 0], dictionary.bounds[entry, 1]
        value = hash_bytes(dictionary.text, begin, end)
        dictionary.table[_slot(dictionary, dictionary.text, begin, end, value)] = entry


@borrowing_kernel
def _slot(dictionary: Dictionary, text: Bytes, begin: int, end: int, value: np.uint32) -> np.int64:
    """The slot of text[begin:end], whose hash is `value`: it holds its entry's number, or -1."""
    entries, bounds, table, _ = dictionary
    slot = np.int64(value) & (len(table) - 1)
    while table[slot] >= 0:
        other, other_end = bounds[table[slot], 0], bounds[table[slot], 1]
        if end - begin == other_end - other and same_bytes(text, begin, entries, other, end - begin):
            break
        slot = (slot + 1) & (len(table) - 1)
    return slot


@borrowing_kernel
def find_entry(dictionary: Dictionary, text: Bytes, begin: int, end: int, value: np.uint32) -> np.int32:
    """The dictionary's number of the word text[begin:end], whose hash is `value`, or -1."""
    return np.int32(dictionary.table[_slot(dictionary, text, begin, end, value)])
