"""Leaves out what an element's signs say is no main content: navigation, comments and the like."""

from filters.borrow import borrowing_kernel
from filters.html.choice import Choice
from filters.html.page import BLOCKS, ELEMENTS, HEADING, Page
from filters.html.signs import ARTICLE, COMMENT, MAIN, NAMED, SUSPECT
from filters.html.tags import HEADER
from filters.html.weigh import add_up

SECTION = 300  # bytes of running text below a heading


@borrowing_kernel
def leave_out_suspects(page: Page, choice: Choice) -> None:
    """Leaves out blocks in elements that are navigation, comments and the like by their signs.

    Signs may be wrong: an element that holds most of the page's running text is no navigation.
    """
    values, sums, out, in_main = choice.weights, choice.weight_sums, choice.out, choice.in_main
    add_up(page, values, choice.kept, sums)
    if sums[0] == 0:
        values = choice.sizes
        add_up(page, values, choice.kept, sums)
    total = sums[0]
    article = _article(page, choice)
    for number in range(1, page.open[ELEMENTS]):
        above, signs = page.parents[number], page.signs[number]
        in_main[number] = in_main[above] or signs & MAIN != 0
        rest = total - sums[number]
        if out[above]:
            out[number] = True
        elif signs & COMMENT:
            out[number] = rest > min(0.2 * total, 1000)
        elif signs & (SUSPECT | NAMED) and not (in_main[above] and _is_section(page, choice, number)):
            out[number] = sums[number] < 0.5 * total or rest > 4000
            out[number] |= _beside(page, choice, article, number) > min(0.2 * total, 1000)
    left = 0.0
    for block in range(page.open[BLOCKS]):
        if choice.kept[block] and not out[page.elements[block]]:
            left += values[block]
    for block in range(page.open[BLOCKS]):
        choice.kept[block] &= left < min(0.2 * total, 1000) or not out[page.elements[block]]
    out[:] = False


@borrowing_kernel
def _is_section(page: Page, choice: Choice, number: int) -> bool:
    """Whether a suspect in the main content is the content's header, or a section of it that is named by its id
    as its heading is."""
    if page.tags[number] == HEADER:
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
        suspect[number] |= signs & (SUSPECT | NAMED | COMMENT) != 0 and 2 * sums[number] < sums[0]
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
