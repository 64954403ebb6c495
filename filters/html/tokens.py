"""Reads the markup of a page from its first byte to its last: tags, comments and text (HTML, 13.2.5).

No byte is searched twice for the same thing, so the time is linear in the page's size, whatever the page holds.

A call that is given a Page copies over a hundred numbers, the addresses and sizes of its arrays. So what runs for every
tag is inlined.
"""

import numpy as np

from massivetext.filters.html.attributes import read_attributes, read_name
from massivetext.filters.html.blocks import end_block
from massivetext.filters.html.names import NONE, look_up, lower
from massivetext.filters.html.page import (
    AT_ELEMENT,
    BLOCKS,
    ELEMENTS,
    HIDDEN_DEPTH,
    LINK,
    OUT,
    RAISED,
    SAYS_ARTICLE,
    SAYS_TEXT,
    SAYS_THREAD,
    SCRIPTLESS,
    START,
    TITLE_END,
    TITLE_START,
    UNREAD,
    Page,
)
from massivetext.filters.html.raw import comment_end, is_closed, raw_end
from massivetext.filters.html.said import TEXT_TYPE, THREAD_TYPE, says
from massivetext.filters.html.signs import (
    ARTICLE,
    CHROME,
    HIDES,
    LANDMARK,
    LINKED_DATA,
    MAIN,
    PERMALINK,
    SHADOW,
    SUSPECT,
    THREAD,
)
from massivetext.filters.html.tags import (
    ARTICLE_TAG,
    BODY,
    BR,
    CHROME_TAGS,
    FIRST_RAW,
    FOREIGN,
    FOREIGN_OBJECT,
    HEADINGS,
    HR,
    ITEMS,
    LONG_HIDDEN,
    MAIN_TAGS,
    META,
    NO_SUSPECTS,
    NOFRAMES,
    NOSCRIPT,
    OBJECT,
    OL,
    PRE,
    SHADOW_ROOT,
    SPAN,
    SUB,
    SUP,
    SUSPECTS,
    SVG,
    TAG_KEYS,
    TAG_NUMBERS,
    TEMPLATE,
    TITLE,
    UNSEEN_SPAN,
    XMP,
    A,
)
from massivetext.filters.html.text import LESS, add_break, add_text, end_raised, find_byte, start_raised
from massivetext.filters.html.tree import close_element, end_element, is_in, open_element
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel

GREATER, SLASH, BANG, QUESTION, DASH = b">/!?-"


@borrowing_kernel
def read_page(page: Page, end: int) -> None:
    """Reads the first `end` bytes of a page's HTML into its elements and blocks."""
    html, state = page.html, page.open
    page.parents[0], page.tags[0], page.signs[0] = NONE, BODY, 0
    state[ELEMENTS], state[LINK], state[RAISED] = 1, NONE, NONE
    at = 0
    while at < end:
        less = find_byte(html, at, end, LESS)
        if less > at:
            add_text(page, at, less)
        if less >= end:
            break
        following = lower(whole(html[less + 1]))
        if 0x61 <= following <= 0x7A:
            at = _read_start_tag(page, less + 1, end)
        elif following == SLASH and 0x61 <= lower(whole(html[less + 2])) <= 0x7A:
            at = _read_end_tag(page, less + 2, end)
        elif following == BANG and html[less + 2] == DASH and html[less + 3] == DASH:
            at = comment_end(html, less + 4, end)
        elif following in (BANG, QUESTION) or (following == SLASH and less + 2 < end):
            at = find_byte(html, less + 2, end, GREATER) + 1
        else:
            add_text(page, less, less + 1)
            at = less + 1
    while state[AT_ELEMENT] > 0:
        close_element(page)
    end_block(page)
    page.ends[0] = state[ELEMENTS]


@inlined_kernel
def _read_start_tag(page: Page, at: int, end: int) -> int:
    html = page.html
    key, at = read_name(html, at, end)
    named, tag = at, look_up(TAG_KEYS, TAG_NUMBERS, key)
    heading = is_in(whole(page.tags[page.open[AT_ELEMENT]]), HEADINGS)
    signs, linked, shape, order, at = read_attributes(html, at, end, tag, heading)
    if at > end or tag <= BODY:
        return at  # a tag that the page's end cuts off does not count
    if tag == NOSCRIPT and not page.open[SCRIPTLESS]:
        after = raw_end(html, key, at, end, False)
        page.open[UNREAD] += after - at
        return find_byte(html, after, end, GREATER) + 1
    if tag < FIRST_RAW:
        if tag == TEMPLATE and signs & SHADOW:
            tag = SHADOW_ROOT
        if html[at - 2] == SLASH and is_in(tag, FOREIGN):
            return at
        if is_in(tag, LONG_HIDDEN) and not is_closed(html, key, at, end):
            return at
        if is_in(tag, NO_SUSPECTS):
            signs = 0
        elif tag == ARTICLE_TAG:
            signs |= MAIN | ARTICLE
        elif is_in(tag, SUSPECTS):
            signs |= SUSPECT
        elif is_in(tag, MAIN_TAGS):
            signs |= MAIN | LANDMARK
        if is_in(tag, CHROME_TAGS):
            signs |= CHROME
        page.open[SAYS_THREAD] |= signs & THREAD
        if not (tag == OL or is_in(tag, ITEMS)):
            order = named
        open_element(page, tag, signs, (shape << 6 | tag) & 0xFFFFFFFF, order)
    elif tag == BR:
        add_break(page)
    elif tag in (SUP, SUB):
        start_raised(page)
    elif tag == HR:
        end_block(page)
    elif tag == A:
        page.open[LINK] = page.open[AT_ELEMENT] if linked else NONE
        page.signs[page.open[AT_ELEMENT]] |= signs & PERMALINK
    elif tag == SPAN:
        if signs & HIDES or page.open_tags[UNSEEN_SPAN]:
            open_element(page, UNSEEN_SPAN, 0, 0, NONE)
    elif tag == FOREIGN_OBJECT:
        open_element(page, OBJECT, 0, 0, NONE)  # text of a drawing: it does not end the drawing
    elif tag == META:
        page.open[SAYS_ARTICLE] |= signs & ARTICLE
    elif not (html[at - 2] == SLASH and page.open_tags[SVG]):
        return _read_raw(page, tag, key, signs & LINKED_DATA != 0, at, end)
    return at


@borrowing_kernel
def _read_raw(page: Page, tag: int, key: np.uint64, data: bool, start: int, end: int) -> int:
    """Reads a raw element whose content starts at html[start]: a title's text, the types in linked data. Returns the
    place after the element.
    """
    html, state = page.html, page.open
    at = raw_end(html, key, start, end, tag == FIRST_RAW)
    if tag == FIRST_RAW and data:
        state[SAYS_THREAD] |= says(html, start, at, THREAD_TYPE)
        state[SAYS_TEXT] |= says(html, start, at, TEXT_TYPE)
    if tag == NOFRAMES:
        state[UNREAD] += at - start
        if state[SCRIPTLESS]:
            return start
    if tag == XMP:
        open_element(page, PRE, 0, 0, NONE)
        add_text(page, start, at)
        end_element(page, PRE)
    if tag == TITLE and state[TITLE_END] == 0 and state[BLOCKS] == 0 and not state[HIDDEN_DEPTH]:
        end_block(page)
        if state[BLOCKS] == 0:
            add_text(page, start, at)
            state[TITLE_START], state[TITLE_END] = state[START], state[OUT]
            state[START] = state[OUT]
    return find_byte(html, at, end, GREATER) + 1


@inlined_kernel
def _read_end_tag(page: Page, at: int, end: int) -> int:
    html = page.html
    key, at = read_name(html, at, end)
    tag = look_up(TAG_KEYS, TAG_NUMBERS, key)
    _, _, _, _, at = read_attributes(html, at, end, NONE, False)
    if tag == TEMPLATE and page.open_tags[TEMPLATE] == 0:
        tag = SHADOW_ROOT
    if BODY < tag < FIRST_RAW and at <= end:
        end_element(page, tag)
    elif tag == SPAN and page.open_tags[UNSEEN_SPAN]:
        end_element(page, UNSEEN_SPAN)
    elif tag == FOREIGN_OBJECT:
        end_element(page, OBJECT)
    elif tag == A:
        page.open[LINK] = NONE
    elif tag in (SUP, SUB):
        end_raised(page, 1 if tag == SUP else 0)
    elif tag == BR:
        add_break(page)
    return at
