"""Decides whether a page is an article, or a page of parts of equal rank: posts, products, sections, results."""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import (
    BLOCKS,
    ELEMENTS,
    HEADING,
    SAYS_ARTICLE,
    SAYS_TEXT,
    SAYS_THREAD,
    Page,
)
from massivetext.filters.html.signs import COMMENT
from massivetext.filters.html.tags import HOLDERS
from massivetext.filters.html.tree import is_in
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

# Smallest share of the page's content that makes a text the article and not one of the parts: on any page, on a page
# that Open Graph declares an article, and on one that schema.org declares to hold an article, too.
LEAST, LEAST_SAID, LEAST_SAID_TWICE = 0.7, 0.3, 0.1
# Characters of running text in one element that make an article of any share, unless the element is a post of a
# thread: on any page, and on a page that Open Graph declares an article.
LONG, LONG_SAID = 1200, 1000
# A page that does not declare itself an article is none if its text leaves out more than a share SKIPPED of the content
# before its own end, and that is text: a share UNLINKED of the content is in it and outside links, or it stands before
# the article and has CARDS headings.
SKIPPED, UNLINKED, CARDS = 0.3, 0.17, 3
POSTS = 4  # siblings of the article's shape, with running text, that make the page a thread
THEIRS = 0.3  # share of the article's running text that these siblings must hold together
COMMENTS = 0.5  # share of comments in the running text outside the article that makes the page an article
# A page is an article among links if more than a share LINKS of the text outside the article is linked, if the running
# text outside it is at most a share AROUND of its own, and if it is more than a share SHORT of the content.
LINKS, AROUND, SHORT = 0.4, 0.5, 0.2
ALONE = 500  # characters of running text that may take the place of the share SHORT
# The same for a page that has no heading which its title repeats, and does not declare that it is an article.
PURE_LINKS, PURE_AROUND, NOT_SHORT = 0.9, 0.02, 0.4


@borrowing_kernel
def is_article(page: Page, article: Choice, parts: Choice, heading: int, posts: int) -> bool:
    """Whether the page is an article. Its text is what `article` keeps if it is, else what `parts` keeps. `posts` is
    the first post if the page has the structure of a thread, else 0.
    """
    size, of_parts = _size(article), _size(parts)
    fullest = _fullest(page, article)
    said = page.open[SAYS_ARTICLE] != 0
    if page.open[SAYS_THREAD] or (not said and (posts or _skips(page, article, parts, of_parts))):
        return False
    thread = not said and _is_post(page, article, parts, fullest)
    least, long = LEAST, LONG
    if said:
        least, long = LEAST_SAID_TWICE if page.open[SAYS_TEXT] else LEAST_SAID, LONG_SAID
    if size >= least * of_parts:
        return True
    if not thread and (article.size_sums[fullest] >= long or _has_comments(page, article, parts)):
        return True
    firm = size > SHORT * of_parts or _running(article) >= ALONE
    if firm and (heading >= 0 or said) and _is_among_links(page, article, parts, LINKS, AROUND):
        return True
    return size > NOT_SHORT * of_parts and _is_among_links(page, article, parts, PURE_LINKS, PURE_AROUND)


@borrowing_kernel
def _size(choice: Choice) -> float:
    """The number of characters in the kept blocks."""
    size = 0.0
    for block in range(len(choice.kept)):
        size += choice.sizes[block] * choice.kept[block]
    return size


@borrowing_kernel
def _skips(page: Page, article: Choice, parts: Choice, of_parts: float) -> bool:
    """Whether the article leaves out much of the content, the `of_parts` characters of `parts`, before its own end."""
    before = skipped = unlinked = 0.0  # up to the last block of the article
    size = outside = 0.0  # the same since then
    headings = headings_before = 0
    found = False
    for block in range(page.open[BLOCKS]):
        if article.kept[block]:
            if not found:
                before, headings_before, found = size, headings, True
            skipped, unlinked = skipped + size, unlinked + outside
            size = outside = 0.0
        elif parts.kept[block]:
            size += parts.sizes[block]
            outside += parts.sizes[block] - parts.linked[block]
            headings += page.kinds[block] == HEADING
    if headings_before >= CARDS and before > SKIPPED * of_parts:
        return True
    return skipped > SKIPPED * of_parts and unlinked > UNLINKED * of_parts


@borrowing_kernel
def _running(choice: Choice) -> float:
    """The amount of running text in the kept blocks."""
    text = 0.0
    for block in range(len(choice.kept)):
        text += choice.weights[block] * choice.kept[block]
    return text


@borrowing_kernel
def _fullest(page: Page, article: Choice) -> int:
    """The element that holds the most of the article's running text directly, not in another element that may hold
    content. Writes the sums of all elements to article.size_sums.
    """
    sums, most = article.size_sums, 0
    sums[:] = 0
    for block in range(page.open[BLOCKS]):
        if article.kept[block]:
            element = whole(page.elements[block])
            while element > 0 and not is_in(whole(page.tags[element]), HOLDERS):
                element = whole(page.parents[element])
            sums[element] += article.weights[block]
            if sums[element] > sums[most]:
                most = element
    return most


@borrowing_kernel
def _is_post(page: Page, article: Choice, parts: Choice, number: int) -> bool:
    """Whether an element, or one around it, is a post of a thread: it has a class, and several of its siblings have its
    shape and hold running text.
    """
    own = article.size_sums[number]
    while number > 0:
        above = whole(page.parents[number])
        beside, posts, text = above + 1, 0, 0.0
        named = page.shapes[number] > whole(page.tags[number])
        while named and beside < page.ends[above]:
            if beside != number and page.shapes[beside] == page.shapes[number]:
                posts += parts.weight_sums[beside] > 0
                text += parts.weight_sums[beside]
            beside = whole(page.ends[beside])
        if posts >= POSTS and text >= THEIRS * own:
            return True
        number = above
    return False


@borrowing_kernel
def _has_comments(page: Page, article: Choice, parts: Choice) -> bool:
    """Whether most of the running text that the article leaves out is comments."""
    marked = article.in_main
    marked[0] = False
    for number in range(1, page.open[ELEMENTS]):
        marked[number] = marked[page.parents[number]] or page.signs[number] & COMMENT != 0
    text = comments = 0.0
    for block in range(page.open[BLOCKS]):
        if parts.kept[block] and not article.kept[block]:
            text += parts.weights[block]
            comments += parts.weights[block] * marked[page.elements[block]]
    return comments > 0 and comments >= COMMENTS * text


@borrowing_kernel
def _is_among_links(page: Page, article: Choice, parts: Choice, links: float, around: float) -> bool:
    """Whether more than a share `links` of the text that the article leaves out is linked, and the running text in it
    is at most a share `around` of the article's own.
    """
    size = linked = text = own = 0.0
    for block in range(page.open[BLOCKS]):
        if article.kept[block]:
            own += article.weights[block]
        elif parts.kept[block]:
            size += parts.sizes[block]
            linked += parts.linked[block]
            text += parts.weights[block]
    return linked > links * size and text <= around * own
