"""Leaves out suspects: elements whose signs say that they are navigation, comments and the like."""

import numpy as np

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, ELEMENTS, HEADING, Page
from massivetext.filters.html.signs import ARTICLE, COMMENT, MAIN, NAMED, SUSPECT, TEASER
from massivetext.filters.html.tags import HEADER, SUSPECTS
from massivetext.filters.html.tree import is_in
from massivetext.filters.html.weigh import add_up
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

SECTION = 300  # characters of running text that make an element with a heading a section of the text
ENOUGH = 4000  # characters of running text without signs, above which a suspect with most of the text goes
# A suspect goes if more than this share of the page's running text is outside it: NAME for one that is suspect by its
# name, TAG for one that is suspect by its tag.
NAME, TAG = 0.2, 0.04


@borrowing_kernel
def leave_out_suspects(page: Page, choice: Choice, heading: int) -> None:
    """Leaves out the blocks in suspect elements.

    Signs may be wrong: an element that holds most of the page's running text is not navigation. If the suspects hold
    nearly all of the running text, their blocks stay.
    """
    values, sums, out = choice.weights, choice.weight_sums, choice.out
    add_up(page, values, choice.kept, sums)
    if sums[0] == 0:
        values = choice.sizes
        add_up(page, values, choice.kept, sums)
    add_up(page, choice.linked, choice.kept, choice.linked_sums)
    article = _article(page, choice)
    for number in range(1, page.open[ELEMENTS]):
        out[number] = out[page.parents[number]] or _has_sign(page, choice, number)
    _find_suspects(page, choice, heading, article, _text(page, choice, values))
    left = _text(page, choice, values)
    for block in range(page.open[BLOCKS]):
        choice.kept[block] &= left < _some(sums[0], TAG) or not out[page.elements[block]]
    out[:] = False


@borrowing_kernel
def _find_suspects(page: Page, choice: Choice, heading: int, article: int, clean: float) -> None:
    """Marks the suspect elements. `clean` is the amount of running text outside all elements with a sign.

    Comments go if enough running text is outside them. Any other element with a sign stays if it has the page's heading
    and a section's text, or if it is a section. Otherwise it goes if it holds less than half of the running text, if
    `clean` exceeds ENOUGH, or if an article beside it holds enough running text.
    """
    sums, out, in_main = choice.weight_sums, choice.out, choice.in_main
    named = heading >= 0 and page.levels[heading] <= 2 and page.linked[heading] == 0
    title = whole(page.elements[heading]) if named else 0
    for number in range(1, page.open[ELEMENTS]):
        above = page.parents[number]
        in_main[number] = in_main[above] or page.signs[number] & MAIN != 0
        out[number] = out[above]
        if out[above] or not _has_sign(page, choice, number):
            continue
        if page.signs[number] & COMMENT:
            out[number] = sums[0] - sums[number] > _some(sums[0], NAME)
        elif not (number <= title < page.ends[number] and sums[number] >= SECTION) and not _is_section(
            page, choice, number
        ):
            by = TAG if is_in(whole(page.tags[number]), SUSPECTS) else NAME
            out[number] = sums[number] < 0.5 * sums[0] or clean > ENOUGH
            out[number] |= _beside(page, choice, article, number) > _some(sums[0], by)


@borrowing_kernel
def _some(total: float, share: float) -> float:
    """The amount of running text that is enough to be a page's text: a share of the total, which counts up to 5000."""
    return share * min(total, 5000.0)


@borrowing_kernel
def _text(page: Page, choice: Choice, values: np.ndarray) -> float:
    """The sum of the values of the kept blocks outside marked elements."""
    text = 0.0
    for block in range(page.open[BLOCKS]):
        if choice.kept[block] and not choice.out[page.elements[block]]:
            text += values[block]
    return text


@borrowing_kernel
def _has_sign(page: Page, choice: Choice, number: int) -> bool:
    """Whether an element's signs make it suspect. A teaser must hold a link: without one it introduces this text."""
    signs = page.signs[number]
    return bool(signs & (SUSPECT | NAMED | COMMENT)) or bool(
        signs & TEASER and choice.linked_sums[number] > 0
    )


@borrowing_kernel
def _is_section(page: Page, choice: Choice, number: int) -> bool:
    """Whether a suspect is the main content's header, or a section that starts with a heading and is suspect by its id
    alone, which may repeat the heading's words.
    """
    if page.tags[number] == HEADER and choice.in_main[page.parents[number]]:
        return True
    first, signs = page.marks[number], page.signs[number]
    return bool(
        not signs & SUSPECT
        and choice.weight_sums[number] >= SECTION
        and first < page.open[BLOCKS]
        and page.kinds[first] == HEADING
        and number <= page.elements[first] < page.ends[number]
    )


@borrowing_kernel
def _article(page: Page, choice: Choice) -> int:
    """The article with the most running text outside suspect elements; 0, the body, if there is none. An element that
    holds half of the running text is not suspect here.
    """
    best, sums, suspect = 0, choice.weight_sums, choice.out
    for number in range(1, page.open[ELEMENTS]):
        signs = page.signs[number]
        suspect[number] = suspect[page.parents[number]]
        suspect[number] |= _has_sign(page, choice, number) and 2 * sums[number] < sums[0]
        if signs & ARTICLE and not suspect[number] and (best == 0 or sums[number] > sums[best]):
            best = number
    suspect[:] = False
    return best


@borrowing_kernel
def _beside(page: Page, choice: Choice, article: int, number: int) -> float:
    """The running text of the article outside an element; 0 if the element holds the article, or if there is none."""
    if article == 0 or number <= article < page.ends[number]:
        return 0.0
    inside = article < number < page.ends[article]
    text: float = choice.weight_sums[article] - inside * choice.weight_sums[number]
    return text
