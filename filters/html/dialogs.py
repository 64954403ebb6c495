"""Leaves out dialogs and requests for consent, which are not part of a page's content however much they hold."""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, ELEMENTS, Page
from massivetext.filters.html.signs import APART
from massivetext.filters.html.weigh import add_up
from massivetext.filters.kernels.kernel import borrowing_kernel

NEARLY_ALL = 0.8  # share of the page's text from which on a dialog is the page itself


@borrowing_kernel
def leave_out_dialogs(page: Page, choice: Choice) -> None:
    """Leaves out the blocks in dialogs and requests for consent."""
    sizes, out = choice.size_sums, choice.out
    add_up(page, choice.sizes, choice.kept, sizes)
    for number in range(1, page.open[ELEMENTS]):
        dialog = page.signs[number] & APART != 0 and sizes[number] < NEARLY_ALL * sizes[0]
        out[number] = out[page.parents[number]] or dialog
    for block in range(page.open[BLOCKS]):
        choice.kept[block] &= not out[page.elements[block]]
    out[:] = False
