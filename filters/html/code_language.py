"""The language of a block of code, as the page's classes name it."""

import re

from massivetext.filters.html.page import Page
from massivetext.filters.html.tags import PRE

_AROUND = 4  # elements around the code that may name its language
_READ = 400  # bytes of a tag that are read
_TAG = re.compile(rb"([^>]*)>(?:\s*<code\b([^>]*)>)?", re.I)
_NAMED = re.compile(
    rb"""(?:\bclass\s*=\s*["'](?:[^"']*?\s)?"""
    rb"""(?:language|lang|highlight-source|highlight(?!-source)|brush|sourceCode)[-: ]\s*"""
    rb"""|\bdata-lang(?:uage)?\s*=\s*["']?)([A-Za-z][\w+#.]{0,19})""",
    re.I,
)
_NO_LANGUAGE = ("none", "text", "plain", "plaintext", "txt", "default", "highlight", "code", "notranslate")


def language(page: Page, element: int) -> str:
    """The language that an element with code, its first `code` element or an element around it names; else nothing."""
    for _ in range(_AROUND):
        if element <= 0:
            break
        start = int(page.orders[element])
        tag = _TAG.match(page.html[start : start + _READ].tobytes())
        if tag and (page.tags[element] == PRE or start > 0):
            for attributes in (tag[2], tag[1]):
                named = _NAMED.search(attributes or b"")
                if named and (name := named[1].decode().lower()) not in _NO_LANGUAGE:
                    return name
        element = int(page.parents[element])
    return ""
