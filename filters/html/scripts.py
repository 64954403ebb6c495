"""Finds the text that only a page's scripts hold, for pages that show hardly any text without scripts."""

import json
import re
from collections.abc import Iterator
from html import unescape

from massivetext.filters.html.elements import elements

_LINKED_DATA = re.compile(r"\bapplication/ld\+json\b", re.I)
_JSON = re.compile(r"\bapplication/json\b|__NEXT_DATA__", re.I)
_STATE = re.compile(r"\bdata-(?:preloaded|page|state|props)=(?:\"([^\"]*)\"|'([^']*)')", re.I)
_DESCRIPTION = re.compile(
    r"<meta[^>]{0,300}\b(?:name|property)=[\"']?(?:og:)?description[\"'][^>]{0,300}?\bcontent=(?:\"([^\"]*)\"|'([^']*)')",
    re.I,
)
_TAG = re.compile(r"<[a-z/!][^>]*>", re.I)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h\d|/tr|/pre|/blockquote)\b[^>]*>", re.I)
_BODIES = ("articleBody", "text", "reviewBody")
PROSE = 80  # characters: a shorter string is not running text
WORDS = 12  # a string with fewer spaces is not running text
SHELL = 200  # characters: a page with more text is not a shell that scripts fill
DEEPEST = 40  # levels of nested JSON that are read
TIMES = 2  # the article in a page's data must be longer than so many times the page's own text, its teaser


def held_by_scripts(html: bytes, text: str) -> str:
    """The article in a page's linked data, if it is more than TIMES as long as `text`, the page's own text. Else, if
    the page has hardly any text, the running text in the state from which its scripts start; for an empty page
    without such a state, its description. An empty string if there is none of these.
    """
    page = html.decode("utf-8", "replace")
    scripts = list(elements(page, "script"))
    bodies = [
        body
        for script in scripts
        if _LINKED_DATA.search(script.attributes)
        for body in _bodies(_parsed(script.content))
    ]
    article = "\n\n".join(dict.fromkeys(bodies))
    if len(article) > TIMES * len(text):
        return article
    if len(text) > SHELL:
        return ""
    states = [script.content for script in scripts if _JSON.search(script.attributes)]
    states += [unescape(found[1] or found[2] or "") for found in _STATE.finditer(page)]
    prose = "\n\n".join(dict.fromkeys(string for state in states for string in _prose(_parsed(state))))
    if prose or text.strip():
        return prose
    described = _DESCRIPTION.search(page)
    # Many pages escape their descriptions twice.
    return _plain(unescape(unescape(described[1] or described[2] or ""))) if described else ""


def _parsed(data: str) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _bodies(data: object, depth: int = 0) -> Iterator[str]:
    """The texts in schema.org's objects, in their order."""
    if depth > DEEPEST:
        return
    if isinstance(data, dict):
        for key in _BODIES:
            if isinstance(data.get(key), str) and len(data[key]) >= PROSE:
                yield _plain(data[key])
        for value in data.values():
            yield from _bodies(value, depth + 1)
    elif isinstance(data, list):
        for value in data:
            yield from _bodies(value, depth + 1)


def _prose(data: object, depth: int = 0) -> Iterator[str]:
    """The strings in a page's state that are running text. A string that is JSON itself is parsed and read, too."""
    if depth > DEEPEST:
        return
    if isinstance(data, str):
        if data[:1] in ("{", "["):
            yield from _prose(_parsed(data), depth + 1)
        elif len(data) >= PROSE and _is_prose(plain := _plain(data)):
            yield plain
    elif isinstance(data, dict):
        for value in data.values():
            yield from _prose(value, depth + 1)
    elif isinstance(data, list):
        for value in data:
            yield from _prose(value, depth + 1)


def _is_prose(text: str) -> bool:
    """Whether a string is words with spaces between them, and not code."""
    letters = sum(sign.isalpha() or sign == " " for sign in text)
    return (
        text.count(" ") >= WORDS and letters >= 0.85 * len(text) and "{" not in text and ";" not in text[-2:]
    )


def _plain(text: str) -> str:
    """A string without tags, with its white space folded."""
    if _TAG.search(text):
        text = unescape(_TAG.sub("", _BREAK.sub("\n\n", text)))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
