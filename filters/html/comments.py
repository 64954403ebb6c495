"""The comments of readers: left out of a page of parts, and kept where they are asked for."""

from massivetext.filters.html.bits import leave_out_bits
from massivetext.filters.html.choice import Choice, weigh_all
from massivetext.filters.html.dialogs import leave_out_dialogs
from massivetext.filters.html.page import BLOCKS, ELEMENTS, SAYS_THREAD, Page
from massivetext.filters.html.repeats import leave_out_repeats
from massivetext.filters.html.signs import CHROME, COMMENT, UNSEEN, any_has
from massivetext.filters.html.weigh import add_up
from massivetext.filters.kernels.kernel import borrowing_kernel

OUTSIDE = 0.5  # share of the running text outside comments from which on they are about the text


@borrowing_kernel
def leave_out_comments(page: Page, choice: Choice) -> None:
    """Leaves out the comments of readers, such as those under the answers to a question, if most of the running text
    is outside them. Otherwise they are the posts of a thread, as they are on a page that declares itself one.
    """
    if page.open[SAYS_THREAD] or not any_has(page.signs, page.open[ELEMENTS], COMMENT):
        return
    comments, outside = choice.in_main, 0.0
    comments[0] = False
    for number in range(1, page.open[ELEMENTS]):
        comments[number] = comments[page.parents[number]] or page.signs[number] & COMMENT != 0
    for block in range(page.open[BLOCKS]):
        outside += choice.weights[block] * (choice.kept[block] and not comments[page.elements[block]])
    if outside >= OUTSIDE * choice.weight_sums[0]:
        for block in range(page.open[BLOCKS]):
            choice.kept[block] &= not comments[page.elements[block]]
        add_up(page, choice.weights, choice.kept, choice.weight_sums)


@borrowing_kernel
def keep_comments(page: Page, text: Choice, comments: Choice, authors: bool) -> None:
    """Adds the comments to the blocks that `text` keeps; `comments` is a new Choice for the same page.

    Comments are the text of elements with the sign COMMENT that hold nothing of the text, without what is chrome or
    hidden in them, and without labels, copies and bits.
    """
    weigh_all(page, comments)
    leave_out_dialogs(page, comments)
    add_up(page, text.sizes, text.kept, comments.size_sums)
    inside, out = comments.in_main, comments.out
    for number in range(1, page.open[ELEMENTS]):
        above, signs = page.parents[number], page.signs[number]
        inside[number] = inside[above] or (signs & COMMENT != 0 and comments.size_sums[number] == 0)
        out[number] = out[above] or (inside[number] and signs & (CHROME | UNSEEN) != 0)
    for block in range(page.open[BLOCKS]):
        element = page.elements[block]
        comments.kept[block] &= inside[element] and not out[element]
    leave_out_repeats(page, comments)
    leave_out_bits(page, comments, authors)
    for block in range(page.open[BLOCKS]):
        text.kept[block] |= comments.kept[block]
