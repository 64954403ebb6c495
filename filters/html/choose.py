"""Chooses the blocks of a page that are its main content, by rules about size, links, punctuation, tags, names, place.

Nothing is learned. The rules read each page twice: as an article, and as a page of parts, of which they keep all but
the chrome. The second reading counts if the article leaves out much of what the second keeps.
"""

from massivetext.filters.html.alike import keep_alike
from massivetext.filters.html.article_or_parts import is_article
from massivetext.filters.html.bits import leave_out_bits
from massivetext.filters.html.choice import Choice, copy_weights, weigh_all
from massivetext.filters.html.comments import leave_out_comments
from massivetext.filters.html.dialogs import leave_out_dialogs
from massivetext.filters.html.heading import find_heading, leave_out_preface
from massivetext.filters.html.holes import fill_holes
from massivetext.filters.html.main_element import keep_main
from massivetext.filters.html.page import Page
from massivetext.filters.html.parts import keep_parts
from massivetext.filters.html.suspects import leave_out_suspects
from massivetext.filters.html.terms import keep_terms
from massivetext.filters.html.thread import find_posts, leave_out_around
from massivetext.filters.html.tidy import tidy
from massivetext.filters.html.weigh import add_up
from massivetext.filters.kernels.kernel import borrowing_kernel


@borrowing_kernel
def choose(page: Page, article: Choice, parts: Choice, authors: bool) -> bool:
    """Fills in `article` and `parts`, the two readings of the page; returns whether the page is an article. `authors`
    says whether the names of the authors of posts are text.
    """
    weigh_all(page, article)
    leave_out_dialogs(page, article)
    copy_weights(article, parts)
    heading = find_heading(page)
    keep_article(page, article, heading)
    keep_parts(page, parts)
    reads_as_article = is_article(page, article, parts, heading, find_posts(page, parts))
    leave_out_comments(page, parts)
    if reads_as_article:
        fill_holes(page, article, parts)
        keep_alike(page, article, parts)
        keep_terms(page, article)
        return True
    posts = find_posts(page, parts)
    if posts:
        leave_out_around(page, parts, posts)
    leave_out_bits(page, parts, authors)
    return False


@borrowing_kernel
def keep_article(page: Page, choice: Choice, heading: int) -> None:
    """Keeps the text of the main element, without its preface and without what leads to other pages."""
    leave_out_suspects(page, choice, heading)
    add_up(page, choice.weights, choice.kept, choice.weight_sums)
    if choice.weight_sums[0] > 0:
        keep_main(page, choice, heading)
        leave_out_preface(page, choice, heading)
    tidy(page, choice)
