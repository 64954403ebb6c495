"""What is no part of a page, whatever it holds: dialogs, and what asks for consent."""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, ELEMENTS, Page
from massivetext.filters.html.signs import APART
from massivetext.filters.html.weigh import add_up
from massivetext.filters.kernels.kernel import borrowing_kernel

NEARLY_ALL = 0.8  # of a page's text: a dialog with more is the page


@borrowing_kernel
def leave_out_dialogs(page: Page, choice: Choice) -> None:
    """Leaves out blocks in dialogs."""
    sizes, out = choice.size_sums, choice.out
    add_up(page, choice.sizes, choice.kept, sizes)
    for number in range(1, page.open[ELEMENTS]):
        dialog = page.signs[number] & APART != 0 and sizes[number] < NEARLY_ALL * sizes[0]
        out[number] = out[page.parents[number]] or dialog
    for block in range(page.open[BLOCKS]):
        choice.kept[block] &= not out[page.elements[block]]
    out[:] = False
