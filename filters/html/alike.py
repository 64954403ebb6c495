"""Treats siblings of one shape alike: where an article keeps most of them, it keeps the others, too.

The rules for articles judge each paragraph, item and card by itself, and may leave out one of a row because it is
short or has a link.
"""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, ELEMENTS, Page
from massivetext.filters.html.siblings import first_alike
from massivetext.filters.html.tags import mask
from massivetext.filters.html.tidy import is_credit
from massivetext.filters.html.tree import is_in
from massivetext.filters.html.weigh import add_up, count_kept
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

ROW = 3  # fewest siblings of one shape that are treated alike
MOST = 2 / 3  # share of them that must hold text of the article
SHAPELESS = mask("div section")  # such an element has a shape only if it has a class


@borrowing_kernel
def keep_alike(page: Page, article: Choice, parts: Choice) -> None:
    """Keeps in `article` what `parts` keeps of an element that stands between two siblings of its shape with text of
    the article, if at least MOST of the siblings of its shape that hold text of `parts` hold text of the article, and
    at least half of their running text. Credits stay out.
    """
    if not _has_holes(page, article, parts):
        return
    count_kept(page, article.kept, article.counts)
    count_kept(page, parts.kept, parts.counts)
    add_up(page, parts.weights, parts.kept, parts.weight_sums)
    _group(page, article, parts)
    filled = article.in_main
    filled[0] = False
    for number in range(1, page.open[ELEMENTS]):
        filled[number] = filled[page.parents[number]]
        if _has_shape(page, parts, number) and article.counts[number] == 0:
            first = first_alike(page, article, number)
            filled[number] |= (
                article.links[first] >= ROW
                and article.texts[first] >= MOST * article.links[first]
                and article.size_sums[first] <= article.before[first]
                and article.firsts[first] < number < article.within[first]
            )
    for block in range(page.open[BLOCKS]):
        if parts.kept[block] and filled[page.elements[block]]:
            article.kept[block] = article.kept[block] or not is_credit(page, parts, block)


@borrowing_kernel
def _has_holes(page: Page, article: Choice, parts: Choice) -> bool:
    """Whether the article leaves out text of `parts` between its first and its last block."""
    left_out = started = False
    for block in range(page.open[BLOCKS]):
        if article.kept[block]:
            if left_out:
                return True
            started = True
        elif started:
            left_out |= parts.kept[block]
    return False


@borrowing_kernel
def _group(page: Page, article: Choice, parts: Choice) -> None:
    """Notes by the first sibling of each shape: the number of the siblings with text of `parts` (links), and of those
    with text of the article (texts); the first (firsts) and last (within) of the latter; the running text of the
    latter (before) and of the others (size_sums).
    """
    article.groups[:], article.links[:], article.texts[:], article.firsts[:] = 0, 0, 0, 0
    article.before[:], article.size_sums[:] = 0, 0
    for number in range(1, page.open[ELEMENTS]):
        if _has_shape(page, parts, number):
            first = first_alike(page, article, number)
            article.links[first] += 1
            if article.counts[number] == 0:
                article.size_sums[first] += parts.weight_sums[number]
                continue
            article.before[first] += parts.weight_sums[number]
            article.texts[first] += 1
            article.within[first] = number
            if article.firsts[first] == 0:
                article.firsts[first] = number


@borrowing_kernel
def _has_shape(page: Page, parts: Choice, number: int) -> bool:
    """Whether an element has a shape, and text of `parts`."""
    tag = whole(page.tags[number])
    return parts.counts[number] > 0 and bool(page.shapes[number] > tag or not is_in(tag, SHAPELESS))
