"""Language identification by fastText's own library. It is slower than the kernel, and checks the kernel's labels."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from massivetext.filters.language.fasttext_predict import PIECE_BYTES, PIECES
from massivetext.filters.language.language import PREFIX, Predictions

_SPACE = rb"[ \n\r\t\v\f\0]"
_SPACES = re.compile(_SPACE)
_WORD = re.compile(rb"[^ \n\r\t\v\f\0]")
_END = re.compile(rb"(?:^|%s)</s>(?:%s|$)" % (_SPACE, _SPACE))  # a sign at which fastText ends a document


class Library:
    """A model in fastText's library, which holds a copy of it in memory."""

    def __init__(self, path: Path) -> None:
        """Raises ValueError if the library cannot read the file, or if the file has no labels."""
        from fasttext import load_model  # takes a third of a second, which a run without prose can save

        try:
            model = load_model(str(path))
        except (ValueError, RuntimeError, MemoryError) as error:
            raise ValueError(f"{path}: fastText cannot read this model: {error}") from error
        if model.f.getArgs().model.name != "supervised":
            raise ValueError(
                f"{path} holds word vectors, not a classifier: give a model that was trained with labels"
            )
        names = model.get_labels()
        self._model = model.f
        self._numbers = {name: number for number, name in enumerate(names)}
        self.labels = [name.removeprefix(PREFIX) for name in names]

    def predict(self, texts: pa.StringArray) -> Predictions:
        """Returns the predictions for documents and their pieces. Texts are divided as the kernel divides them."""
        shape = len(texts), 1 + PIECES
        found = Predictions(
            np.full(shape, -1, np.int32), np.zeros(shape, np.float32), np.zeros(shape, np.int32)
        )
        for row, text in enumerate(texts):
            data = text.as_py().encode().replace(b"\n", b" ")
            if not _WORD.search(data):
                continue
            found.labels[row, 0], found.probabilities[row, 0] = self._first(data + b"\n")
            pieces = _pieces(data)
            if len(pieces) == 1:
                found.labels[row, 1], found.probabilities[row, 1] = (
                    found.labels[row, 0],
                    found.probabilities[row, 0],
                )
                found.sizes[row, 1] = len(data)
                continue
            for number, piece in enumerate(pieces, 1):
                label, probability = self._first(
                    piece
                )  # without a newline, which fastText counts as a word of the whole text
                if label >= 0:
                    found.labels[row, number], found.probabilities[row, number] = label, probability
                    found.sizes[row, number] = len(piece)
                if _END.search(piece):
                    break
        return found

    def _first(self, text: bytes) -> tuple[int, float]:
        """Returns the number of the first label, and its probability. -1: the model knows none of the words."""
        found = self._model.predict(text.decode(), 1, 0.0, "strict")
        return (self._numbers[found[0][1]], found[0][0]) if found else (-1, 0.0)


def _pieces(data: bytes) -> list[bytes]:
    """Returns the pieces of a text. A piece ends where a word ends."""
    count = min(max(len(data) // PIECE_BYTES, 1), PIECES)
    ends = [0]
    for number in range(1, count + 1):
        space = _SPACES.search(data, len(data) * number // count)
        ends.append(space.start() if space else len(data))
    return [data[start:end] for start, end in pairwise(ends)]


@cache
def read(path: Path) -> Library:
    """Read the model in a file, once for each process. Raises ValueError as Library does."""
    return Library(path)
