"""Reads the inside of a tag: its name, and those of its attributes that say something about the text."""

import numpy as np

from massivetext.filters.html.names import BASIS, NONE, add, hash_name, look_up, lower, table
from massivetext.filters.html.said import THREAD_TYPE, type_of
from massivetext.filters.html.signs import (
    APART,
    ARTICLE,
    CHROME,
    HIDES,
    LINKED_DATA,
    MAIN,
    NAMED,
    PERMALINK,
    REVERSED,
    SHADOW,
    SUSPECT,
    THREAD,
    UNSEEN,
    hides,
    read_role,
    read_words,
)
from massivetext.filters.html.tags import ARTICLE_TAG, FIRST_RAW, META, SCRIPT, SECTION, SPAN, A
from massivetext.filters.html.text import find_byte
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel

GREATER, SLASH, EQUALS, QUOTE, APOSTROPHE, HASH = b">/=\"'#"
ATTRIBUTES = (
    *("class", "id", "role", "itemprop", "style", "aria-hidden", "hidden", "href"),
    *("shadowrootmode", "property", "content", "type", "itemtype", "start", "value", "reversed"),
)
CLASS, ID, ROLE, ITEMPROP, STYLE, ARIA_HIDDEN, HIDDEN, HREF = range(8)
SHADOW_MODE, PROPERTY, CONTENT, TYPE, ITEMTYPE, FIRST, VALUE, DOWN = range(8, len(ATTRIBUTES))
OPEN_GRAPH = (PROPERTY, CONTENT)  # both say something in <meta property="og:type" content="article">
VALUED = (ITEMPROP, ARIA_HIDDEN, *OPEN_GRAPH, TYPE)
STREAMED = b"S:"  # how the ids of elements start that React streams hidden and then shows
ATTRIBUTE_KEYS, ATTRIBUTE_NUMBERS = table(
    {name: number for number, name in enumerate(ATTRIBUTES)} | {"shadowroot": SHADOW_MODE}  # its older name
)
VALUE_KEYS, VALUE_NUMBERS = table(
    {
        "true": ARIA_HIDDEN,
        "articlebody": ITEMPROP,
        "og:type": PROPERTY,
        "article": CONTENT,
        "application/ld+json": TYPE,
    }
)


@inlined_kernel
def _is_space(byte: int) -> bool:
    return byte == 0x20 or 9 <= byte <= 13


@borrowing_kernel
def read_name(html: np.ndarray, at: int, end: int) -> tuple[np.uint64, int]:
    """The hash of the tag's name that starts at html[at], and the place after the name."""
    key = BASIS
    while at < end and html[at] != GREATER and html[at] != SLASH and not _is_space(html[at]):
        key = add(key, lower(whole(html[at])))
        at += 1
    return key, at


@borrowing_kernel
def _next_attribute(html: np.ndarray, at: int, end: int) -> tuple[int, int, int, int, int]:
    """The next attribute from html[at] on: (start and end of its name, start and end of its value, where to go on).

    If the tag ends before another attribute, the start is -1 and the last value is the place after the tag.
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
def _number(html: np.ndarray, at: int, end: int) -> int:
    """The number html[at:end] if that is one to six digits; else NONE."""
    number = 0
    if not 0 < end - at <= 6:
        return NONE
    while at < end:
        digit = whole(html[at]) - 0x30
        if not 0 <= digit <= 9:
            return NONE
        number = 10 * number + digit
        at += 1
    return number


@borrowing_kernel
def _first_word(html: np.ndarray, at: int, end: int) -> int:
    """A hash of 26 bits of the first word of html[at:end], without the word's digits."""
    key = BASIS
    while at < end and _is_space(html[at]):
        at += 1
    while at < end and not _is_space(html[at]):
        if not 0x30 <= html[at] <= 0x39:
            key = add(key, whole(html[at]))
        at += 1
    return whole(key >> np.uint64(38))


@borrowing_kernel
def read_attributes(
    html: np.ndarray, at: int, end: int, tag: int, heading: bool
) -> tuple[int, bool, int, int, int]:
    """Reads a tag from the place after its name: (its signs, whether it is a link, the hash of its class's first word,
    its number in a list, the place after the tag).

    `heading` says whether the tag stands in a heading. There, a link to a place in the same page does not count as a
    link, since it mostly leads to the heading itself.
    """
    signs, linked, streamed, said, shape, order = 0, False, False, 0, 0, NONE
    wanted = tag in (A, META, SCRIPT, SPAN) or 0 <= tag < FIRST_RAW
    while True:
        name, name_end, value, value_end, at = _next_attribute(html, at, end)
        if name < 0:
            if tag == META:
                signs = ARTICLE if said == len(OPEN_GRAPH) else 0
            elif tag == SCRIPT:
                signs = LINKED_DATA if said else 0
            return (signs & ~(SUSPECT | UNSEEN) if streamed else signs), linked, shape, order, at
        if not wanted:
            continue
        attribute = look_up(
            ATTRIBUTE_KEYS, ATTRIBUTE_NUMBERS, hash_name(html, name, min(name_end, name + 16))
        )
        if attribute in (CLASS, ID):
            words = read_words(html, value, value_end) & (~(SUSPECT | CHROME) if tag == ARTICLE_TAG else ~0)
            if attribute == CLASS:
                shape = _first_word(html, value, value_end)
            if attribute == ID:
                streamed = html[value] == STREAMED[0] and html[value + 1] == STREAMED[1]
                if words & SUSPECT:
                    words += NAMED - SUSPECT
                if tag == SECTION:
                    words &= ~(CHROME | APART)
            signs |= words
        elif attribute == HREF:
            linked = value_end > value and (html[value] != HASH or not heading)
            signs |= PERMALINK * (heading and not linked and value_end > value + 1)
        elif attribute == ROLE:
            signs |= read_role(html, value, value_end)
        elif attribute == HIDDEN or (attribute == STYLE and hides(html, value, value_end)):
            signs |= SUSPECT | UNSEEN | HIDES
        elif attribute == ITEMTYPE:
            signs |= THREAD * (type_of(html, value, value_end) == THREAD_TYPE)
        elif attribute in (FIRST, VALUE):
            order = _number(html, value, value_end)
        elif attribute == DOWN:
            signs |= REVERSED
        elif attribute == SHADOW_MODE:
            signs |= SHADOW
        elif attribute in VALUED and attribute == look_up(
            VALUE_KEYS, VALUE_NUMBERS, hash_name(html, value, min(value_end, value + 24))
        ):
            said += 1
            signs |= SUSPECT | UNSEEN if attribute == ARIA_HIDDEN else MAIN | ARTICLE
