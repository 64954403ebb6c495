"""Keeps the content of a page of parts: everything except the chrome, which a site puts around the content."""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, ELEMENTS, Page
from massivetext.filters.html.repeats import leave_out_repeats
from massivetext.filters.html.signs import ARTICLE, CHROME, LANDMARK, MAIN, UNSEEN
from massivetext.filters.html.tags import CHROME_TAGS, HEADER, P
from massivetext.filters.html.tree import is_in
from massivetext.filters.html.weigh import add_up
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

MOST = 0.5  # share of the page's text, or running text, above which an element is not chrome
MOST_OF_MAIN = 0.7  # the same share of the main content around an element
ENOUGH = 0.3  # share of the text outside the chrome above which a landmark is the content


@borrowing_kernel
def keep_parts(page: Page, choice: Choice) -> None:
    """Leaves out the chrome, then what is outside the landmark if that holds enough text, then repeated texts."""
    sizes, out = choice.size_sums, choice.out
    add_up(page, choice.sizes, choice.kept, sizes)
    add_up(page, choice.weights, choice.kept, choice.weight_sums)
    main = _landmark(page, choice)
    _find_chrome(page, choice, main)
    for block in range(page.open[BLOCKS]):
        choice.kept[block] &= not out[page.elements[block]]
    add_up(page, choice.sizes, choice.kept, sizes)
    main = _landmark(page, choice)
    if main > 0 and sizes[main] > ENOUGH * sizes[0]:
        for block in range(page.open[BLOCKS]):
            choice.kept[block] &= main <= page.elements[block] < page.ends[main]
    leave_out_repeats(page, choice)
    add_up(page, choice.weights, choice.kept, choice.weight_sums)


@borrowing_kernel
def _landmark(page: Page, choice: Choice) -> int:
    """The landmark with the most text; 0, the body, if the page has none."""
    best, sizes = 0, choice.size_sums
    for number in range(1, page.open[ELEMENTS]):
        if page.signs[number] & LANDMARK and (best == 0 or sizes[number] > sizes[best]):
            best = number
    return best


@borrowing_kernel
def _article(page: Page, choice: Choice) -> int:
    """The first article or landmark that holds running text and is neither hidden nor in chrome; 0 if there is none."""
    for number in range(1, page.open[ELEMENTS]):
        signs = page.signs[number]
        choice.in_main[number] = choice.in_main[page.parents[number]] or signs & (CHROME | UNSEEN) != 0
        if signs & (ARTICLE | LANDMARK) and not choice.in_main[number] and choice.weight_sums[number] > 0:
            choice.in_main[:] = False
            return number
    choice.in_main[:] = False
    return 0


@borrowing_kernel
def _find_chrome(page: Page, choice: Choice, main: int) -> None:
    """Marks the elements that are chrome: by a sign, because they are hidden, or as a header outside the landmarks.

    An element that holds most of the page is content, unless it is chrome by its tag and an article is outside it. So
    is an element around `main`, the landmark with the most text, and one that holds nearly all of the main content
    around it and is not chrome by its tag. A hidden element in a landmark is content if it holds running text and is
    not a paragraph: a collapsed answer, for instance.
    """
    sizes, weights, out = choice.size_sums, choice.weight_sums, choice.out
    around = (
        choice.before
    )  # the size of the innermost element of main content that an element is in; 0 without one
    around[0] = 0
    article = _article(page, choice)
    for number in range(1, page.open[ELEMENTS]):
        signs = page.signs[number]
        collapsed = choice.in_main[page.parents[number]] and weights[number] > 0 and page.tags[number] != P
        chrome = signs & CHROME != 0 or (signs & UNSEEN != 0 and not collapsed)
        chrome |= page.tags[number] == HEADER and not choice.in_main[page.parents[number]]
        choice.in_main[number] = choice.in_main[page.parents[number]] or signs & LANDMARK != 0
        most = sizes[number] >= MOST * sizes[0] or weights[number] > MOST * weights[0]
        by_tag = is_in(whole(page.tags[number]), CHROME_TAGS)
        most &= article == 0 or not by_tag or number <= article < page.ends[number]
        most |= number <= main < page.ends[number]
        most |= not by_tag and sizes[number] >= MOST_OF_MAIN * around[page.parents[number]] > 0
        around[number] = sizes[number] if signs & MAIN else around[page.parents[number]]
        out[number] = out[page.parents[number]] or (chrome and not most)
