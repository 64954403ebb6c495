"""Characters: the units of shingles that are counted in characters.

The characters of a document are its code points, lower-cased by Unicode's simple mapping. Each run of white space
(Unicode's White_Space) is one space, and there is none at either end. Punctuation, marks and symbols count.
"""

import numpy as np

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.unicode import ASCII, WHITE_SPACE
from massivetext.filters.kernels.utf8 import decode, lower, properties

SPACE = np.uint64(0x20)


@borrowing_kernel
def split_characters(data: np.ndarray, start: int, end: int, points: np.ndarray) -> int:
    """Write the characters of the document data[start:end], UTF-8, to `points`, uint64; returns how many there are.

    `points` must have room for a number for each byte.
    """
    count, after_space = 0, True
    at = start
    while at < end:
        point, width = whole(data[at]), 1
        if point < 0x80:
            found = whole(ASCII[point])
            point += 32 * (0x41 <= point <= 0x5A)
        else:
            point, width = decode(data, at, end)
            found = properties(point)
            point = lower(point)
        is_space = found & WHITE_SPACE != 0
        # Written in any case, and kept unless it is a second space: no branch, for none could be predicted.
        points[count] = SPACE if is_space else np.uint64(point)
        count += not (is_space & after_space)
        after_space = is_space
        at += width
    return count - (after_space and count > 0)
