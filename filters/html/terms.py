"""Keeps the terms whose definitions an article keeps: the rules may leave out a term as a link or a label."""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, ELEMENTS, JOINED, Page
from massivetext.filters.html.tags import DD, DT
from massivetext.filters.html.weigh import count_kept
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel


@borrowing_kernel
def keep_terms(page: Page, article: Choice) -> None:
    """Keeps the text of each term that a definition with text of the article follows, at once or after other terms."""
    terms = False
    for number in range(page.open[ELEMENTS]):
        terms |= page.tags[number] == DT
    if not terms:
        return
    counts, explained = article.counts, article.in_main
    count_kept(page, article.kept, counts)
    for number in range(page.open[ELEMENTS] - 1, 0, -1):
        explained[number] = False
        beside, above = whole(page.ends[number]), page.parents[number]
        if page.tags[number] == DT and beside < page.ends[above]:
            explained[number] = page.tags[beside] == DD and counts[beside] > 0
            explained[number] |= page.tags[beside] == DT and explained[beside]
    explained[0] = False
    for number in range(1, page.open[ELEMENTS]):
        explained[number] |= explained[page.parents[number]]
    for block in range(page.open[BLOCKS]):
        article.kept[block] |= explained[page.elements[block]] and page.kinds[block] != JOINED
