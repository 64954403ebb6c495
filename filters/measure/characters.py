"""Characters that no prose holds: control characters, and U+FFFD where bytes could not be read.

Control characters are C0's and C1's and U+007F, but for tab and line ends. Mojibake is what ftfy takes for
UTF-8 that was read by another charset: signs of it, by their number (ftfy.badness).
"""

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.bits import below, byte, find, ones, trailing_zeros, whole
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.utf8 import views
from massivetext.filters.kernels.widths import BLOCK
from massivetext.schemas.measurement import CHARACTERS


def measure_characters(batch: pa.RecordBatch, *, mojibake: bool = False) -> pa.RecordBatch:
    """The columns of schemas.measurement.CHARACTERS for each document's `text`; mojibake's null if not asked.

    `mojibake` needs the package ftfy and reads the text with regular expressions: some MB/s.
    """
    text = batch["text"]
    counts = np.zeros((2, len(batch)), np.int64)
    _count(*views(text), counts)
    signs = pa.array(_signs(text.to_pylist()), pa.int64()) if mojibake else pa.nulls(len(batch), pa.int64())
    return pa.RecordBatch.from_arrays([pa.array(counts[0]), pa.array(counts[1]), signs], schema=CHARACTERS)


@borrowing_kernel
def _count(offsets: np.ndarray, data: np.ndarray, counts: np.ndarray) -> None:
    for row in range(len(offsets) - 1):
        start, end = whole(offsets[row]), whole(offsets[row + 1])
        controls, replacements = 0, 0
        for block in range(start, end, BLOCK):
            found = find(data, block, byte(0x00), byte(0x08)) | find(data, block, byte(0x0B), byte(0x0C))
            found |= find(data, block, byte(0x0E), byte(0x1F)) | find(data, block, byte(0x7F), byte(0x7F))
            leads = find(data, block, byte(0xC2), byte(0xC2)) | find(data, block, byte(0xEF), byte(0xEF))
            controls += ones(found & below(end - block))
            leads &= below(end - block)
            while leads:
                at = block + trailing_zeros(leads)
                leads &= leads - np.uint64(1)
                if data[at] == 0xC2:
                    controls += data[at + 1] < 0xA0
                else:
                    replacements += (data[at + 1] == 0xBF) & (data[at + 2] == 0xBD)
        counts[0, row], counts[1, row] = controls, replacements


def _signs(texts: list[str | None]) -> list[int]:
    from ftfy.badness import badness  # an optional extra

    return [badness(text or "") for text in texts]
