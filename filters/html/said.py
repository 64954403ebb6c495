"""Reads what a page declares about itself in the vocabulary of schema.org."""

import numpy as np

from massivetext.filters.html.names import hash_name, look_up, table
from massivetext.filters.html.text import find_byte
from massivetext.filters.kernels.kernel import borrowing_kernel

QUOTE, SLASH = b'"/'
THREAD_TYPE, TEXT_TYPE = 1, 2  # a TechArticle is none of the texts: it is documentation
_TYPES = {
    THREAD_TYPE: "discussionforumposting qapage",
    TEXT_TYPE: "article newsarticle blogposting reportagenewsarticle opinionnewsarticle report"
    " scholarlyarticle recipe",
}
TYPE_KEYS, TYPE_NUMBERS = table({name: number for number, names in _TYPES.items() for name in names.split()})
LONGEST = 24  # bytes: no type's name is longer


@borrowing_kernel
def says(html: np.ndarray, at: int, end: int, wanted: int) -> bool:
    """Whether the JSON html[at:end] holds the name of a type of the wanted kind."""
    while at < end:
        start = find_byte(html, at, end, QUOTE) + 1
        at = find_byte(html, start, end, QUOTE)
        if at - start <= LONGEST and type_of(html, start, at) == wanted:
            return True
    return False


@borrowing_kernel
def type_of(html: np.ndarray, at: int, end: int) -> int:
    """The kind of the type whose name or address is html[at:end]: THREAD_TYPE or TEXT_TYPE; below 0 for any other."""
    start = end
    while start > at and html[start - 1] != SLASH and end - start <= LONGEST:
        start -= 1
    return look_up(TYPE_KEYS, TYPE_NUMBERS, hash_name(html, start, end))
