"""Leaves out what an element's signs say is no main content: navigation, comments and the like."""

import numpy as np

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, ELEMENTS, HEADING, Page
from massivetext.filters.html.signs import ARTICLE, COMMENT, MAIN, NAMED, SUSPECT, TEASER
from massivetext.filters.html.tags import HEADER, SUSPECTS
from massivetext.filters.html.tree import is_in
from massivetext.filters.html.weigh import add_up
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

SECTION = 300  # running text below a heading
ENOUGH = 4000  # running text: with so much elsewhere, a suspect is one even if it holds most
# With more of the running text beside it, a suspect is one: by a name, or by its tag.
NAME, TAG = 0.2, 0.04


@borrowing_kernel
def leave_out_suspects(page: Page, choice: Choice, heading: int) -> None:
    """Leaves out blocks in elements that are navigation, comments and the like by their signs.

    Signs may be wrong: an element that holds most of the page's running text is no navigation.
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
    """Marks elements that are suspect, given the running text that is in none with a sign.

    What has the page's heading and text is not, nor what holds most of the text; unless an article is beside it,
    of which little is enough where the suspect is so by its tag.
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
    """How much running text of a page is enough to be its text: a share, and no more than of a page of 5000."""
    return share * min(total, 5000.0)


@borrowing_kernel
def _text(page: Page, choice: Choice, values: np.ndarray) -> float:
    """The sum of the values of blocks that are not marked."""
    text = 0.0
    for block in range(page.open[BLOCKS]):
        if choice.kept[block] and not choice.out[page.elements[block]]:
            text += values[block]
    return text


@borrowing_kernel
def _has_sign(page: Page, choice: Choice, number: int) -> bool:
    """Whether an element is suspect by its signs; a teaser is by its links, too, since one without leads into the
    text.
    """
    signs = page.signs[number]
    return bool(signs & (SUSPECT | NAMED | COMMENT)) or bool(
        signs & TEASER and choice.linked_sums[number] > 0
    )


@borrowing_kernel
def _is_section(page: Page, choice: Choice, number: int) -> bool:
    """Whether a suspect is the main content's header, or a section that is named by its id as its heading is."""
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
    """The article with most running text of those that are in nothing suspect; the body where there is none."""
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
    """The running text of an article that is not in an element; 0 if the article is, or if there is none."""
    if article == 0 or number <= article < page.ends[number]:
        return 0.0
    inside = article < number < page.ends[article]
    text: float = choice.weight_sums[article] - inside * choice.weight_sums[number]
    return text
