"""Finds the ends of comments, of raw elements, whose content is not markup, and of elements that may never end."""

import numpy as np

from massivetext.filters.html.attributes import read_name
from massivetext.filters.html.names import NONE
from massivetext.filters.html.text import LESS, find_byte
from massivetext.filters.kernels.kernel import borrowing_kernel

GREATER, SLASH, BANG, DASH = b">/!-"
ENTRY = 12  # bytes that are read of a tag's name


@borrowing_kernel
def comment_end(html: np.ndarray, at: int, end: int) -> int:
    """The place after a comment whose text starts at html[at]. A comment without an end takes the rest of the page."""
    place = at
    while place < end:
        place = find_byte(html, place, end, GREATER)
        if html[place - 1] == DASH and html[place - 2] == DASH:  # its first dashes may close it: `<!-->`
            return place + 1
        if (
            html[place - 1] == BANG
            and html[place - 2] == DASH
            and html[place - 3] == DASH
            and place - 3 >= at
        ):
            return place + 1
        place += 1
    return end


@borrowing_kernel
def raw_end(html: np.ndarray, key: np.uint64, at: int, end: int, script: bool) -> int:
    """The place of a raw element's end tag. A quoted one in a script does not count: `<!--<script></script>-->`."""
    comment, quoted = NONE, False
    while True:
        at = find_byte(html, at, end, LESS)
        if at >= end:
            return end
        if html[at + 1] == SLASH and read_name(html, at + 2, min(end, at + ENTRY))[0] == key:
            if quoted:
                comment = _still_open(html, comment, at)
            if not quoted or comment == NONE:
                return at
            quoted = False
        elif script and comment == NONE and html[at + 1] == BANG and html[at + 2] == DASH == html[at + 3]:
            comment = at + 4
        elif comment != NONE and read_name(html, at + 1, min(end, at + ENTRY))[0] == key:
            comment = _still_open(html, comment, at)
            quoted = comment != NONE
        at += 1


@borrowing_kernel
def is_closed(html: np.ndarray, key: np.uint64, at: int, end: int) -> bool:
    """Whether an element's end tag comes before the next start tag of its name. `at` is the place after its start tag.

    The search for one element ends where the next of its name starts, so that all searches of a page are linear.
    """
    while True:
        at = find_byte(html, at, end, LESS)
        if at >= end:
            return False
        if html[at + 1] == SLASH and read_name(html, at + 2, min(end, at + ENTRY))[0] == key:
            return True
        if read_name(html, at + 1, min(end, at + ENTRY))[0] == key:
            return False
        at += 1


@borrowing_kernel
def _still_open(html: np.ndarray, comment: int, at: int) -> int:
    """Looks for the end of a comment from html[comment] on. If it is still open at html[at], returns `at`, from where
    the next search goes on; NONE if it is closed.
    """
    return at if comment_end(html, comment, at + 1) > at else NONE
