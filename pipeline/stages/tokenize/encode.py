"""Encodes texts as token ids: the same ids as the tokenizer's own library, but mostly by a faster encoder."""

import numpy as np
import pyarrow as pa

from massivetext.filters.seeded import order, share_of
from massivetext.pipeline.tokenizers.protocol import FastEncoder, NoFastEncoderError, Tokenizer
from massivetext.schemas.token import tokens


class EncodingError(RuntimeError):
    """The fast encoder gave other ids than the library. That is a defect of the encoder, never of the data."""


class Encoder:
    """Encodes documents with a tokenizer. For one thread at a time.

    The tokenizer's fast encoder does the work if there is one, else its library does. A share of the documents, chosen
    by a seeded hash of the id, is encoded both ways and compared.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        *,
        seed: int,
        bos: bool = False,
        eos: bool = True,
        checked_share: float = 0.002,
    ) -> None:
        """Raises ValueError if `bos` or `eos` is asked for and the tokenizer has no such token."""
        self.tokenizer = tokenizer
        self.bos = tokenizer.boundary("bos") if bos else -1
        self.eos = tokenizer.boundary("eos") if eos else -1
        self.seed = seed
        self.checked_share = checked_share
        self._type = tokens(tokenizer.size).field("tokens").type
        self._dtype = np.uint16 if self._type.value_type == pa.uint16() else np.uint32
        self.fast: FastEncoder | None = None
        self.why_slow = ""  # why there is no fast encoder for this tokenizer
        try:
            self.fast = tokenizer.fast()
        except NoFastEncoderError as error:
            self.why_slow = str(error)
        self.restart()

    def restart(self) -> None:
        """Forget words and counts, so that the counts depend only on the documents that are encoded from now on."""
        self.lookups = 0  # words of several bytes
        self.misses = 0  # those of them that were not in the table of words
        self.checked = 0  # documents encoded both ways
        if self.fast:
            self.fast.forget()

    def encode(self, ids: pa.StringArray, text: pa.StringArray) -> pa.ListArray:
        """Returns the token ids of each document, between BOS and EOS if asked for: list<uint16 or uint32>[n].

        Raises EncodingError, which names the document, if the two ways differ.
        """
        if self.fast is None:
            return self._exact(text)
        starts, values, lookups, misses = self.fast.encode(text, self.bos, self.eos, self._dtype)
        self.lookups += lookups
        self.misses += misses
        encoded = self._list(starts, values)
        hashes = order(ids, self.seed, "encode both ways")
        chosen = pa.array(np.flatnonzero(share_of(hashes, self.checked_share)))
        self.checked += len(chosen)
        if len(chosen):
            expected, got = self._exact(text.take(chosen)), encoded.take(chosen)
            if got != expected:
                wrong = next(i for i in range(len(chosen)) if got[i] != expected[i])
                raise EncodingError(
                    f"document {ids[chosen[wrong].as_py()]}: the ids of {self.fast.name} differ from those of the "
                    "tokenizer's own library; please report it with the document's text and the tokenizer's file"
                )
        return encoded

    def _exact(self, text: pa.StringArray) -> pa.ListArray:
        starts = np.zeros(len(text) + 1, np.int32)
        parts = []
        before = [self.bos] if self.bos >= 0 else []
        after = [self.eos] if self.eos >= 0 else []
        for row, document in enumerate(text):
            parts += [before, self.tokenizer.encode(document.as_py()), after]
            starts[row + 1] = starts[row] + sum(map(len, parts[-3:]))
        return self._list(starts, np.concatenate([[], *parts]).astype(self._dtype))

    def _list(self, starts: np.ndarray, values: np.ndarray) -> pa.ListArray:
        return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), pa.array(values), type=self._type)
