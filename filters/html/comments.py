"""Keeps the comments of readers on an article, which its main text leaves out."""

from massivetext.filters.html.bits import leave_out_bits
from massivetext.filters.html.choice import Choice, weigh_all
from massivetext.filters.html.dialogs import leave_out_dialogs
from massivetext.filters.html.page import BLOCKS, ELEMENTS, Page
from massivetext.filters.html.repeats import leave_out_repeats
from massivetext.filters.html.signs import CHROME, COMMENT, UNSEEN
from massivetext.filters.html.weigh import add_up
from massivetext.filters.kernels.kernel import borrowing_kernel


@borrowing_kernel
def keep_comments(page: Page, article: Choice, comments: Choice, authors: bool) -> None:
    """Adds the comments to the blocks that `article` keeps; `comments` is a new Choice for the same page.

    Comments are the text of elements with the sign COMMENT that hold nothing of the article, without what is chrome or
    hidden in them, and without labels, copies and bits.
    """
    weigh_all(page, comments)
    leave_out_dialogs(page, comments)
    add_up(page, article.sizes, article.kept, comments.size_sums)
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
        article.kept[block] |= comments.kept[block]
