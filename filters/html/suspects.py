"""Leaves out what an element's signs say is no main content: navigation, comments and the like."""

from filters.borrow import borrowing_kernel
from filters.html.choice import Choice
from filters.html.page import BLOCKS, ELEMENTS, Page
from filters.html.signs import COMMENT, MAIN, SUSPECT
from filters.html.tags import HEADER
from filters.html.weigh import add_up


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
    for number in range(1, page.open[ELEMENTS]):
        above, signs = page.parents[number], page.signs[number]
        in_main[number] = in_main[above] or signs & MAIN != 0
        rest = total - sums[number]
        if out[above]:
            out[number] = True
        elif signs & COMMENT:
            out[number] = rest > min(0.2 * total, 1000)
        elif signs & SUSPECT and not (page.tags[number] == HEADER and in_main[above]):
            out[number] = sums[number] < 0.5 * total or rest > 4000
    left = 0.0
    for block in range(page.open[BLOCKS]):
        if choice.kept[block] and not out[page.elements[block]]:
            left += values[block]
    for block in range(page.open[BLOCKS]):
        choice.kept[block] &= left < min(0.2 * total, 1000) or not out[page.elements[block]]
    out[:] = False
