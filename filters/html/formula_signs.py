"""Tells quickly that a page holds no formula, as most pages do not."""

import numpy as np

from massivetext.filters.kernels.bits import byte, find, trailing_zeros, whole
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.widths import BLOCK

_SIGNS = (b"<math", b":math", b"math/tex", b"mwe-math", b'class="math ', b'class="tex"')
LESS, COLON, DASH, SLASH, QUOTE, BLANK = b'<:-/" '
A, E, H, M, T, X = b"aehmtx"
ONE = np.uint64(1)


def has_formulas(html: bytes) -> bool:
    """Whether a page may hold a formula: it holds one of _SIGNS."""
    return bool(_may_hold_sign(np.frombuffer(html, np.uint8))) and any(sign in html for sign in _SIGNS)


@borrowing_kernel
def _may_hold_sign(html: np.ndarray) -> bool:
    """Whether a page holds `math` or `tex"` between characters that could make it one of _SIGNS."""
    at = 0
    while at < len(html):
        found = find(html, at, byte(M), byte(M)) & find(html, at + 1, byte(A), byte(A))
        found &= find(html, at + 2, byte(T), byte(T)) & find(html, at + 3, byte(H), byte(H))
        while found:
            place = at + whole(trailing_zeros(found))
            before = whole(html[place - 1]) if place > 0 else 0
            after = whole(html[place + 4]) if place + 4 < len(html) else 0
            if before in (LESS, COLON, DASH) or after == SLASH or (before == QUOTE and after == BLANK):
                return True
            found &= found - ONE
        found = find(html, at, byte(T), byte(T)) & find(html, at + 1, byte(E), byte(E))
        found &= find(html, at + 2, byte(X), byte(X)) & find(html, at + 3, byte(QUOTE), byte(QUOTE))
        while found:
            place = at + whole(trailing_zeros(found))
            if place > 0 and html[place - 1] == QUOTE:
                return True
            found &= found - ONE
        at += BLOCK
    return False
