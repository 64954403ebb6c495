"""Compiles every kernel into its cache, so that no run and no worker starts cold.

python -m massivetext.filters.compile          # all, by two processes at once
python -m massivetext.filters.compile 0        # one half, in this process
"""

import sys

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.html.main_text import main_text
from massivetext.filters.kernels import compiled
from massivetext.filters.kernels.runs import copy
from massivetext.filters.kernels.unicode import POINTS
from massivetext.filters.kernels.utf8 import views
from massivetext.filters.language.excerpts import excerpts
from massivetext.filters.language.language import identify
from massivetext.filters.measure.characters import measure_characters
from massivetext.filters.measure.code import measure_code
from massivetext.filters.measure.measure import measure
from massivetext.filters.measure.readings import measure_readings
from massivetext.filters.measure.spans import word_spans
from massivetext.filters.seeded import derive
from massivetext.filters.similarity.contamination import TestSetIndex, match
from massivetext.filters.similarity.embedded import Matcher
from massivetext.filters.similarity.embedded import match as match_embedded
from massivetext.filters.similarity.fingerprint import fingerprints
from massivetext.filters.similarity.jaccard import jaccards
from massivetext.filters.similarity.minhash import bands, signatures
from massivetext.filters.similarity.rarity import Counts, count
from massivetext.filters.similarity.shingles import shingles
from massivetext.filters.similarity.test_items import Part, TestItems
from massivetext.filters.tokens.pack import best_fit
from massivetext.filters.tokens.ranked.added import added, next_added
from massivetext.filters.tokens.ranked.encode import encode
from massivetext.filters.tokens.ranked.layers import layers
from massivetext.filters.tokens.ranked.merges import merges, pairs_of_bytes
from massivetext.filters.tokens.ranked.model import Model, Symbols, settle
from massivetext.filters.tokens.ranked.normal_form import kinds_of, stretches
from massivetext.filters.tokens.ranked.scanner import compile_expression
from massivetext.filters.tokens.ranked.seams import seams
from massivetext.filters.tokens.ranked.vocabulary import vocabulary
from massivetext.filters.tokens.ranked.words import remember_tokens
from massivetext.filters.tokens.ranked.words import words as new_words
from massivetext.filters.tokens.separate import separate
from massivetext.filters.tokens.unigram.encode import Pieces
from massivetext.filters.tokens.unigram.encode import encode as encode_unigram
from massivetext.filters.tokens.unigram.normalise import normaliser
from massivetext.filters.tokens.unigram.trie import trie


def main() -> None:
    """Call each filter once, on a document of a few words, and on its tokens."""
    for half in HALF:
        half(_batch())
    compiled.note_compiled()


def _batch() -> pa.RecordBatch:
    return pa.record_batch({"id": ["0" * 32], "text": ["The words of a document.\n\n- and a line…\n"]})


def _pages_and_similarity(batch: pa.RecordBatch) -> None:
    main_text(b"<h1>A page</h1><p>Its main text.")
    fingerprints(batch)
    bands(signatures(batch, 128), 21, 6)
    match(batch, TestSetIndex.build([("set", "item", "The words of an item.")]))
    items = TestItems.build([Part("set", "item", "question", "The words of an item, “é”.")])
    match_embedded(batch, Matcher.build(items, Counts.total(items, [count(batch, items)])))
    found, row = shingles(batch), np.zeros(1, np.int64)
    jaccards(found.offsets, found.values, row, row)


def _measures_and_tokens(batch: pa.RecordBatch) -> None:
    measure(batch)
    word_spans(batch["text"][0].as_py())
    measure_readings(batch)
    measure_code(batch)
    measure_characters(batch)
    identify(batch)
    excerpts(batch.column("text"), np.ones(1, np.bool_))
    for dtype in (np.uint16, np.uint32):
        _tokens(batch, dtype)


HALF = (_pages_and_similarity, _measures_and_tokens)
"""About as much work each, so that two processes compile at once: see `kernels.compiled`."""


def _tokens(batch: pa.RecordBatch, dtype: type[np.unsignedinteger]) -> None:
    offsets, data = views(batch.column("text"))
    tokens = _ranked_tokens(batch, dtype)
    unigram = Pieces(
        trie({b"a": 1}),
        np.zeros(2, np.float32),
        np.zeros(2, np.bool_),
        np.float32(0),
        0,
        np.float32(-1),
        4,
        np.empty(0, np.int32),
    )
    encode_unigram(normaliser(b"", [], True, True), unigram, data, offsets, -1, -1, dtype)

    zero, one, hashes = (
        np.zeros(1, np.int64),
        np.ones(1, np.int64),
        derive(np.zeros(1, np.uint64), 0, "compile"),
    )
    best_fit(one, hashes, 8)
    separate(np.array([0, 1]), hashes)
    # numba compiles a kernel once more for arrays that cannot be written to, such as Arrow's.
    for source in (pa.array(tokens).to_numpy(), tokens):
        copy(source, zero, np.empty_like(tokens), zero, one)


def _ranked_tokens(batch: pa.RecordBatch, dtype: type[np.unsignedinteger]) -> npt.NDArray[np.unsignedinteger]:
    letters = np.arange(256, dtype=np.int64)
    scanner = compile_expression(r"[a-z]+|\s", lambda spelling: np.arange(POINTS) < len(spelling))
    words = vocabulary([bytes([letter]) for letter in letters])
    empty = np.empty(0, np.int64)
    pairs = merges(empty, empty, empty, empty)
    symbols = Symbols(letters.astype(np.int32), np.empty(0, np.int32))
    pairs_of_bytes(pairs, symbols.byte_ids)
    model = Model(added({b"<a>": 1}), layers([(scanner, False)]), seams(words), words, pairs, symbols)
    settle(model, False)
    offsets, data = views(batch.column("text"))
    next_added(model.added, data, 0, len(data))
    stretches(kinds_of("NFC"), data, offsets)
    tokens = np.empty(len(data) + 2 * len(batch) + 5, dtype)
    known = new_words()
    remember_tokens(known, words)
    encode(model, known, data, offsets, tokens, -1, -1)
    return tokens


if __name__ == "__main__":
    if len(sys.argv) > 1:
        HALF[int(sys.argv[1])](_batch())
    else:
        compiled.compile_at_once()
