"""The markup of a page, from its first byte to its last: tags, comments and text (HTML, 13.2.5).

Nothing is looked for twice, so time is linear in the page whatever it holds.
"""

import numpy as np

from filters.bits import whole
from filters.borrow import borrowing_kernel, inlined_kernel
from filters.html.blocks import end_block
from filters.html.names import BASIS, add, hash_name, look_up, lower, table
from filters.html.page import (
    AT_ELEMENT,
    BLOCKS,
    ELEMENTS,
    HIDDEN_DEPTH,
    LINK,
    OUT,
    START,
    TITLE_END,
    TITLE_START,
    Page,
)
from filters.html.signs import ARTICLE, MAIN, SUSPECT, hides, read_role, read_words
from filters.html.tags import (
    ARTICLE_TAG,
    BODY,
    BR,
    FIRST_RAW,
    FOREIGN,
    HR,
    MAIN_TAGS,
    NO_SUSPECTS,
    SUSPECTS,
    TAG_KEYS,
    TAG_NUMBERS,
    TITLE,
    A,
)
from filters.html.text import add_break, add_text, find_byte
from filters.html.tree import NONE, close_element, end_element, is_in, open_element

LESS, GREATER, SLASH, BANG, QUESTION, DASH, EQUALS, QUOTE, APOSTROPHE = b"<>/!?-=\"'"
ATTRIBUTES = "class id role itemprop style aria-hidden hidden href".split()  # noqa: SIM905
CLASS, ID, ROLE, ITEMPROP, STYLE, ARIA_HIDDEN, HIDDEN, HREF = range(8)
ATTRIBUTE_KEYS, ATTRIBUTE_NUMBERS = table({name: number for number, name in enumerate(ATTRIBUTES)})
VALUE_KEYS, VALUE_NUMBERS = table({"true": ARIA_HIDDEN, "articlebody": ITEMPROP})


@borrowing_kernel
def read_page(page: Page, end: int) -> None:
    """Reads a page of so many bytes into its elements and blocks."""
    html, state = page.html, page.open
    page.parents[0], page.tags[0], page.signs[0] = NONE, BODY, 0
    state[ELEMENTS], state[LINK] = 1, NONE
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
            at = _comment_end(html, less + 4, end)
        elif following in (BANG, QUESTION, SLASH):
            at = find_byte(html, less + 2, end, GREATER) + 1
        else:
            add_text(page, less, less + 1)
            at = less + 1
    while state[AT_ELEMENT] > 0:
        close_element(page)
    end_block(page)
    page.ends[0] = state[ELEMENTS]


@borrowing_kernel
def _comment_end(html: np.ndarray, at: int, end: int) -> int:
    """The place after a comment whose text starts at html[at]: one that is not closed takes the rest."""
    place = at
    while place < end:
        place = find_byte(html, place, end, GREATER)
        if html[place - 1] == DASH and html[place - 2] == DASH:  # of its start, too: `<!-->` is closed
            return place + 1
        if (
            html[place - 1] == BANG
            and html[place - 2] == DASH
            and html[place - 3] == DASH
            and place - 3 >= at
        ):
            return place + 1
        place += 1
    return end


@inlined_kernel
def _is_space(byte: int) -> bool:
    return byte == 0x20 or 9 <= byte <= 13


@borrowing_kernel
def _read_name(html: np.ndarray, at: int, end: int) -> tuple[np.uint64, int]:
    """The hash of a tag's name, and the place after it."""
    key = BASIS
    while at < end and html[at] != GREATER and html[at] != SLASH and not _is_space(html[at]):
        key = add(key, lower(whole(html[at])))
        at += 1
    return key, at


@borrowing_kernel
def _next_attribute(html: np.ndarray, at: int, end: int) -> tuple[int, int, int, int, int]:
    """The attribute from html[at] on: (its name's start and end, its value's, where to go on).

    The start is -1 where the tag ends, and the place to go on is then after it.
    """
    while at < end and (_is_space(html[at]) or html[at] == SLASH):
        at += 1
    if at >= end or html[at] == GREATER:
        return NONE, NONE, NONE, NONE, at + 1
    name = at
    at += 1
    while at < end and html[at] != EQUALS and html[at] != GREATER and html[at] != SLASH:
        if _is_space(html[at]):
            break
        at += 1
    name_end = at
    while at < end and _is_space(html[at]):
        at += 1
    if html[at] != EQUALS:
        return name, name_end, at, at, at
    at += 1
    while at < end and _is_space(html[at]):
        at += 1
    quote = whole(html[at])
    if quote in (QUOTE, APOSTROPHE):
        value_end = find_byte(html, at + 1, end, quote)
        return name, name_end, at + 1, value_end, value_end + 1
    value = at
    while at < end and html[at] != GREATER and not _is_space(html[at]):
        at += 1
    return name, name_end, value, at, at


@borrowing_kernel
def _read_attributes(html: np.ndarray, at: int, end: int, tag: int) -> tuple[int, bool, int]:
    """Of a tag from the place after its name: (its signs, whether it has an href, the place after it)."""
    signs, linked = 0, False
    wanted = tag == A or 0 <= tag < FIRST_RAW
    while True:
        name, name_end, value, value_end, at = _next_attribute(html, at, end)
        if name < 0:
            return signs, linked, at
        if not wanted:
            continue
        attribute = look_up(
            ATTRIBUTE_KEYS, ATTRIBUTE_NUMBERS, hash_name(html, name, min(name_end, name + 12))
        )
        if attribute in (CLASS, ID):
            signs |= read_words(html, value, value_end) & (~SUSPECT if tag == ARTICLE_TAG else ~0)
        elif attribute == HREF:
            linked = value_end > value
        elif attribute == ROLE:
            signs |= read_role(html, value, value_end)
        elif attribute == HIDDEN or (attribute == STYLE and hides(html, value, value_end)):
            signs |= SUSPECT
        elif (attribute in (ITEMPROP, ARIA_HIDDEN)) and (
            look_up(VALUE_KEYS, VALUE_NUMBERS, hash_name(html, value, min(value_end, value + 16)))
            == attribute
        ):
            signs |= SUSPECT if attribute == ARIA_HIDDEN else MAIN | ARTICLE


@borrowing_kernel
def _read_start_tag(page: Page, at: int, end: int) -> int:
    html = page.html
    key, at = _read_name(html, at, end)
    tag = look_up(TAG_KEYS, TAG_NUMBERS, key)
    signs, linked, at = _read_attributes(html, at, end, tag)
    if at > end or tag <= BODY:
        return at  # a tag that the page's end cuts off is none
    if tag < FIRST_RAW:
        if html[at - 2] == SLASH and is_in(tag, FOREIGN):
            return at
        if is_in(tag, NO_SUSPECTS):
            signs = 0
        elif tag == ARTICLE_TAG:
            signs |= MAIN | ARTICLE
        elif is_in(tag, SUSPECTS):
            signs |= SUSPECT
        elif is_in(tag, MAIN_TAGS):
            signs |= MAIN
        open_element(page, tag, signs)
    elif tag == BR:
        add_break(page)
    elif tag == HR:
        end_block(page)
    elif tag == A:
        page.open[LINK] = page.open[AT_ELEMENT] if linked else NONE
    else:
        return _read_raw(page, tag, key, at, end)
    return at


@borrowing_kernel
def _read_raw(page: Page, tag: int, key: np.uint64, start: int, end: int) -> int:
    """The place after an element whose content, from html[start] on, is no markup; takes a title's text."""
    html, state = page.html, page.open
    at = _raw_end(html, key, start, end, tag == FIRST_RAW)
    if tag == TITLE and state[TITLE_END] == 0 and state[BLOCKS] == 0 and not state[HIDDEN_DEPTH]:
        end_block(page)
        if state[BLOCKS] == 0:
            add_text(page, start, at)
            state[TITLE_START], state[TITLE_END] = state[START], state[OUT]
            state[START] = state[OUT]
    return find_byte(html, at, end, GREATER) + 1


@borrowing_kernel
def _raw_end(html: np.ndarray, key: np.uint64, at: int, end: int, script: bool) -> int:
    """Where the end tag is; of a script, the one that is not quoted: `<!--<script></script>-->`."""
    comment, quoted = NONE, False
    while True:
        at = find_byte(html, at, end, LESS)
        if at >= end:
            return end
        if html[at + 1] == SLASH and _read_name(html, at + 2, min(end, at + 12))[0] == key:
            if quoted:
                comment = _still_open(html, comment, at)
            if not quoted or comment == NONE:
                return at
            quoted = False
        elif script and comment == NONE and html[at + 1] == BANG and html[at + 2] == DASH == html[at + 3]:
            comment = at + 4
        elif comment != NONE and _read_name(html, at + 1, min(end, at + 11))[0] == key:
            comment = _still_open(html, comment, at)
            quoted = comment != NONE
        at += 1


@borrowing_kernel
def _still_open(html: np.ndarray, comment: int, at: int) -> int:
    """The place up to which a comment, looked at from html[comment] on, goes on; NONE where it is closed."""
    return at if _comment_end(html, comment, at + 1) > at else NONE


@borrowing_kernel
def _read_end_tag(page: Page, at: int, end: int) -> int:
    html = page.html
    key, at = _read_name(html, at, end)
    tag = look_up(TAG_KEYS, TAG_NUMBERS, key)
    _, _, at = _read_attributes(html, at, end, NONE)
    if BODY < tag < FIRST_RAW and at <= end:
        end_element(page, tag)
    elif tag == A:
        page.open[LINK] = NONE
    elif tag == BR:
        add_break(page)
    return at
