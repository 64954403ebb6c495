"""Which blocks of a page are its main content: rules about size, links, punctuation, tags and place.

Nothing is learned.
"""

from massivetext.filters.html.choice import Choice, weigh_all
from massivetext.filters.html.heading import find_heading, leave_out_preface
from massivetext.filters.html.main_element import keep_main
from massivetext.filters.html.page import Page
from massivetext.filters.html.suspects import leave_out_suspects
from massivetext.filters.html.tidy import tidy
from massivetext.filters.html.weigh import add_up
from massivetext.filters.kernels.kernel import borrowing_kernel


@borrowing_kernel
def choose(page: Page, choice: Choice) -> None:
    """Fills in what is kept."""
    weigh_all(page, choice)
    heading = find_heading(page)
    leave_out_suspects(page, choice, heading)
    add_up(page, choice.weights, choice.kept, choice.weight_sums)
    if choice.weight_sums[0] > 0:
        keep_main(page, choice, heading)
        leave_out_preface(page, choice, heading)
    tidy(page, choice)
