"""Converts wikitext to paragraphs, headings and list lines as readers see them, without tables, references and files.

Templates become their words, and formulas become TeX. mwparserfromhell parses the links, emphasis and entities of a
paragraph. Its time is quadratic in the length of its input (20 kB of unclosed templates: 14 s). So everything else is
read or cut out before, in linear time, and the parser gets one paragraph at a time, or PIECE characters of a longer
one.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import mwparserfromhell

from massivetext.pipeline.read.wikipedia import opaque, variants
from massivetext.pipeline.read.wikipedia.sentences import settle
from massivetext.pipeline.read.wikipedia.template_words import render
from massivetext.pipeline.read.wikipedia.templates import expand
from massivetext.pipeline.read.wikipedia.wiki import Wiki

PIECE = 4096  # characters
NAMESPACE = 64  # the characters of a link in which its namespace must end
INTERWIKI = re.compile(r":?[a-z][a-z-]{1,11}:")
DROPPED = frozenset({"table"})
TOKEN = re.compile(r"\[\[|\]\]|^[ \t:]*\{\||^[ \t]*\|\}(?!\}(?!\}))|<(/?)([a-zA-Z]+)\b[^<>]*>", re.MULTILINE)
BREAKS = frozenset({"br", "p", "div", "li", "ul", "ol", "dl", "dd", "dt", "blockquote", "hr", "center"})
UNCLOSED = re.compile(
    r"\{\{+|\}\}+|^[ \t:]*\{\||^[ \t]*\|.*|^[ \t]*!.*(?:!!|\|\||\w=\"[^\"\n]*\" *\|).*|__[A-Z]{3,}__",
    re.MULTILINE,
)
"""Marks of templates and tables that were left, rows of tables that a template began, switches such as __NOTOC__."""
STRAY = re.compile(r"\[\[|\]\]|''+")
PLAIN_LINK = re.compile(r"\[\[([^\[\]|{}<>\n:'&]+)(?:\|([^\[\]|{}<>\n'&]+))?\]\]")
MARKUP = re.compile(r"[\[\]{}'&<>]|^[ \t]*[*#:;=-]|://", re.MULTILINE)
BLANK_LINES = re.compile(r"\n\s*\n")
HEADING = re.compile(r"(={1,6})([^\n]*[^=\n])\1$")
SPACES = re.compile(r"[ \t\xa0]+")
EMPTY_BRACKETS = re.compile(r" ?\([\s,;:/]*\)")
OPENING = re.compile(r"\([\s,;:/]+")
LEADING_MARK = re.compile(r"\0* *[,;:)]")
SPACED_COMMA = re.compile(r" +(?=[,.](?:\s|$))")


MARKS = re.compile("[\0-\x03]")  # characters that no dump holds; here they mark parts that were taken out


class Text(NamedTuple):
    """The text of a page, and how many sentences were left out because of an unknown template in them."""

    text: str
    left_out: int


def extract(wikitext: str, wiki: Wiki) -> Text:
    """Returns the text of a page: blank lines between paragraphs and headings, list items as lines with a bullet.

    Links into the wiki's dropped namespaces and headings with nothing below them are dropped.
    """
    blocks: list[tuple[int, str]] = []  # level of a heading, 0 for a paragraph; text
    left_out = 0
    source, taken = opaque.take_out(MARKS.sub("", wikitext) if MARKS.search(wikitext) else wikitext)
    source = expand(variants.choose(source, wiki.language), wiki, taken, render)
    for level, block in _blocks(UNCLOSED.sub("", _cut(source, wiki.dropped)).replace("<", "&lt;")):
        text, lost = _tidy("".join(_pieces(block, wiki.dropped)))
        left_out += lost
        if not text:
            continue
        if level:
            _close(blocks, level)
        blocks.append((level, text))
    _close(blocks, 1)
    return Text(taken.put_back("\n\n".join(text for _, text in blocks)), left_out)


def _close(blocks: list[tuple[int, str]], level: int) -> None:
    """Drops the headings of `level` and below without a text after them."""
    while blocks and blocks[-1][0] >= level:
        blocks.pop()


def _cut(text: str, namespaces: frozenset[str]) -> str:
    """Returns the text without tables, dropped links and dropped elements. Other tags become line breaks or are
    removed.

    The text in a table that is never closed stays, without the marks of rows.
    """
    cuts = _Cuts(text, namespaces)
    at = 0
    while token := TOKEN.search(text, at):
        at = cuts.take(token)
    return cuts.rest()


class _Cuts:
    """Spans of a text to replace, and their replacements. A span includes those inside it."""

    def __init__(self, text: str, namespaces: frozenset[str]) -> None:
        self._text = text
        self._namespaces = namespaces
        self._spans: list[tuple[int, int, str]] = []
        self._open: list[
            tuple[str, int, bool]
        ] = []  # the kind that closes it, its start, whether it is dropped
        self._depth: dict[str, int] = {}

    def take(self, token: re.Match[str]) -> int:
        """Handles one token; returns where to go on."""
        mark, start, end = token[0], token.start(), token.end()
        if name := (token[2] or "").lower():
            return self._tag(token, name)
        if mark.endswith("{|"):
            self._push("|}", start)
        elif mark.endswith("|}"):
            self._pop("|}", end)
        elif mark == "[[":
            # Captions may hold blank lines, so the parser cannot handle these links.
            namespace = self._text[end : end + NAMESPACE].partition(":")[0].strip().lower()
            self._push("]]", start, dropped=namespace in self._namespaces)
        elif mark == "]]":
            self._pop("]]", end)
        return end

    def _tag(self, token: re.Match[str], name: str) -> int:
        start, end = token.span()
        closes, empty = token[1], token[0].endswith("/>")
        if name in DROPPED and not empty:
            if closes:
                self._pop(name, end)
            else:
                self._spans.append((start, end, ""))  # the part that is removed if it is never closed
                self._push(name, start)
        else:
            self._spans.append((start, end, "\n" if name in BREAKS else ""))
        return end

    def _push(self, kind: str, at: int, dropped: bool = True) -> None:
        self._open.append((kind, at, dropped))
        self._depth[kind] = self._depth.get(kind, 0) + 1

    def _pop(self, kind: str, end: int) -> None:
        """Closes the innermost open `kind`, and all that was opened inside it and not closed."""
        while self._depth.get(kind):
            opened, start, dropped = self._open.pop()
            self._depth[opened] -= 1
            if opened != kind:
                continue
            if dropped:
                while self._spans and self._spans[-1][0] >= start:
                    self._spans.pop()
                self._spans.append((start, end, ""))
            return

    def rest(self) -> str:
        """Returns the text with the spans replaced."""
        parts, at = [], 0
        for start, end, replacement in self._spans:
            parts += [self._text[at:start], replacement]
            at = end
        return "".join([*parts, self._text[at:]])


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yields (level, text) for each heading, and (0, text) for each stretch between headings and blank lines."""
    for block in BLANK_LINES.split(text):
        lines: list[str] = []
        for line in block.split("\n"):
            heading = HEADING.match(line.strip())
            if heading:
                yield 0, "\n".join(lines)
                yield len(heading[1]), heading[2]
                lines = []
            else:
                lines.append(line)
        yield 0, "\n".join(lines)


def _pieces(block: str, dropped: frozenset[str]) -> Iterator[str]:
    """Yields the block's text, a piece at a time. Without its plain links, a block is often only text."""
    block = PLAIN_LINK.sub(lambda link: link[2] or link[1], block)
    if not MARKUP.search(block):
        yield block
        return
    at = 0
    while at < len(block):
        end = at + PIECE
        if end < len(block):
            end = max(block.rfind("\n", at, end), block.rfind(" ", at, end)) + 1 or end
        yield _inline(mwparserfromhell.parse(block[at:end]), dropped)
        at = end


def _inline(code: Any, dropped: frozenset[str]) -> str:
    """Returns the text of parsed wikitext without templates or tables."""
    return "".join(_node(node, dropped) for node in code.nodes)


def _node(node: Any, dropped: frozenset[str]) -> str:
    match type(node).__name__:
        case "Text":
            return STRAY.sub("", str(node))
        case "Wikilink":
            return _link(node, dropped)
        case "ExternalLink":
            if node.title is not None:
                return _inline(node.title, dropped)
            return "" if node.brackets else str(node.url)
        case "HTMLEntity":
            return _entity(node)
        case "Heading":
            return _inline(node.title, dropped)
        case "Tag":
            if node.wiki_markup in ("*", "#"):
                return "\x00"  # bullets are made once all markers of a line are known
            return (
                ""
                if node.wiki_markup in (":", ";") or node.contents is None
                else _inline(node.contents, dropped)
            )
    return ""


def _entity(node: Any) -> str:
    """Returns the character of an entity; the entity itself if it names none that a text may hold."""
    try:
        character = str(node.normalize())
    except (ValueError, OverflowError):
        return str(node)
    is_text = character >= " " or character in "\t\n"  # other control characters are our marks
    return character if is_text and character.encode(errors="ignore") else str(node)


def _link(node: Any, dropped: frozenset[str]) -> str:
    title = str(node.title).strip()
    namespace = title.partition(":")[0].strip().lower() if ":" in title else ""
    if namespace in dropped or (node.text is None and INTERWIKI.match(title)):
        return ""
    return title.lstrip(":") if node.text is None else _inline(node.text, dropped)


def _tidy(text: str) -> tuple[str, int]:
    """Strips lines, makes bullets, and removes remains of dropped markup such as `( , born 1950)` and `()`.

    Returns the text, and how many sentences were left out.
    """
    lines, left_out = [], 0
    for line in SPACES.sub(" ", text).split("\n"):
        settled, lost = settle(line.strip())
        left_out += lost
        if LEADING_MARK.match(settled):  # a reference began the line
            continue
        settled = SPACED_COMMA.sub("", OPENING.sub("(", EMPTY_BRACKETS.sub("", settled))).strip()
        if settled.strip("\x00 "):
            lines.append(_bullet(settled))
    return "\n".join(lines), left_out


def _bullet(line: str) -> str:
    return "• " + line.replace("\x00", "").lstrip() if line.startswith("\x00") else line.replace("\x00", "")
