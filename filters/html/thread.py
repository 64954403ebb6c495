"""Finds the posts of a thread by their structure: siblings of one shape, each with running text and its author."""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, ELEMENTS, Page
from massivetext.filters.html.siblings import first_alike
from massivetext.filters.html.signs import AUTHOR, COMMENT, any_has
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

POSTS = 4  # fewest posts of a thread
SHARE = 0.85  # share of the page's running text that the posts must hold together


@borrowing_kernel
def find_posts(page: Page, parts: Choice) -> int:
    """The first post of the page's thread; 0 if the page is no thread. Notes its last post in parts.within.

    Comments of readers, which have the same structure, are no posts.
    """
    weights, authors, elements = parts.weight_sums, parts.counts, whole(page.open[ELEMENTS])
    if not any_has(page.signs, elements, AUTHOR):
        return 0
    posts, text, comments, best = parts.texts, parts.before, parts.in_main, 0
    comments[0] = False
    posts[:], text[:], parts.groups[:] = 0, 0, 0
    for number in range(elements):
        authors[number] = page.signs[number] & AUTHOR != 0
    for number in range(elements - 1, 0, -1):
        authors[page.parents[number]] += authors[number]
    for number in range(1, elements):
        signs = page.signs[number]
        comments[number] = comments[page.parents[number]] or signs & COMMENT != 0
        post = weights[number] > 0 and authors[number] > 0 and not signs & AUTHOR
        if post and not comments[number]:
            first = first_alike(page, parts, number)
            posts[first] += 1
            text[first] += weights[number]
            parts.within[first] = number
            if posts[first] >= POSTS and (best == 0 or text[first] > text[best]):
                best = first
    return best if best and text[best] >= SHARE * weights[0] else 0


@borrowing_kernel
def leave_out_around(page: Page, parts: Choice, first: int) -> None:
    """Leaves out what stands after the last post of a thread, and before the first unless there is running text: an
    opening post may have another shape.
    """
    end, start = page.ends[parts.within[first]], first
    for block in range(page.open[BLOCKS]):
        if parts.kept[block] and parts.weights[block] > 0 and page.elements[block] < first:
            start = 0
    for block in range(page.open[BLOCKS]):
        parts.kept[block] &= start <= page.elements[block] < end
