"""Finds the page's heading, which its title repeats. Text before it and other articles are not main text."""

import numpy as np

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.names import NONE, lower
from massivetext.filters.html.page import BLOCKS, HEADING, TITLE_END, TITLE_START, Page
from massivetext.filters.html.signs import ARTICLE
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

SHORTEST, LONGEST = 8, 300  # bytes: the shortest heading that counts, and how much of a title is read
HEADINGS = 64  # most headings that are compared with the title
ALONE = 500  # characters of running text from which on an article may be the whole main text
BEFORE = 0.25  # share of the running text above which the text before the heading is not a preface


@borrowing_kernel
def find_heading(page: Page) -> int:
    """The block of the longest heading that the page's title contains; NONE if there is none."""
    start = whole(page.open[TITLE_START])
    end = min(whole(page.open[TITLE_END]), start + LONGEST)
    best, longest, looked = NONE, SHORTEST - 1, 0
    for block in range(page.open[BLOCKS]):
        if page.kinds[block] != HEADING:
            continue
        size = page.stops[block] - page.starts[block]
        if longest < size <= end - start:
            looked += 1
            if looked > HEADINGS:
                break
            if _holds(page.text, start, end, page.starts[block], size):
                best, longest = block, size
    return best


@borrowing_kernel
def _holds(text: np.ndarray, start: int, end: int, wanted: int, size: int) -> bool:
    """Whether text[start:end] contains text[wanted : wanted + size], regardless of ASCII case."""
    for place in range(start, end - size + 1):
        same = 0
        while same < size and lower(whole(text[place + same])) == lower(whole(text[wanted + same])):
            same += 1
        if same == size:
            return True
    return False


@borrowing_kernel
def only_article(page: Page, choice: Choice, heading: int, start: int) -> int:
    """The article in the element `start` that holds the page's heading, if other articles hold at least half of the
    rest of the running text; else `start`.
    """
    article = whole(page.elements[heading]) if heading >= 0 else 0
    while article > start and not page.signs[article] & ARTICLE:
        article = whole(page.parents[article])
    weights = choice.weight_sums
    if article <= start or weights[article] < min(ALONE, weights[start]):
        return start
    others, number = 0.0, start + 1
    while number < page.ends[start]:
        if page.signs[number] & ARTICLE and not number <= article < page.ends[number]:
            others += weights[number]
            number = whole(page.ends[number])
        else:
            number += 1
    rest = weights[start] - weights[article]
    return article if others > 0 and others >= rest / 2 else start


@borrowing_kernel
def leave_out_preface(page: Page, choice: Choice, heading: int) -> None:
    """Leaves out the page's heading and all blocks before it, unless they hold a good part of the running text."""
    total = before = 0.0
    for block in range(page.open[BLOCKS]):
        if choice.kept[block]:
            total += choice.weights[block]
            before += choice.weights[block] * (block < heading)
    if before <= BEFORE * total:
        choice.kept[: heading + 1] = False
