"""Where the words of one text stand, in code points: for the few texts that people look at."""

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.utf8 import views
from massivetext.filters.measure.divide import is_divided
from massivetext.filters.measure.words import split_words


def word_spans(text: str) -> list[tuple[int, int]]:
    """The start and the end of each word of a text."""
    offsets, data = views(pa.array([text], pa.string()))
    size = int(offsets[1])
    starts, ends, characters = (np.empty((size + 1) // 2, np.int32) for _ in range(3))
    hashes = np.empty((size + 1) // 2, np.uint64)
    divided = is_divided(data, 0, size)
    count = split_words(data, 0, size, divided, starts, ends, characters, hashes)
    # A byte starts a code point unless its two highest bits are 10.
    points = np.cumsum(np.append(0, data[:size] & 0xC0 != 0x80))
    spans = np.stack([points[starts[:count]], points[ends[:count]]], axis=1)
    return [(start, end) for start, end in spans.tolist()]
