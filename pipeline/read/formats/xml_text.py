"""Articles and books as XML: JATS (journal articles) and TEI (editions of texts).

Paragraphs and headings are separated by blank lines, lines of verse and items of lists stand on lines of their
own, items with a bullet. Formulas are TeX, once each: `\\(...\\)` in a line, `$$...$$` on a line of their own. Left
out: metadata, notes, references, tables, figures and page breaks. Of JATS the abstract and the body are read, of TEI
the text without its front and back matter. Nothing is loaded, no entity expanded; those named as HTML's are the
characters that they name there.
"""

import html.entities
import re
from typing import Any, NamedTuple

from lxml import etree

from massivetext.pipeline.read.formats import mathml
from massivetext.pipeline.read.formats.archive import CorruptError

ROOT = re.compile(rb"<(?:[A-Za-z][\w.-]{0,40}:)?(article|TEI|TEI\.2)[\s>]")
HEAD = 8 << 10  # bytes in which the root element must begin
LEFT_OUT = frozenset(
    """
    note fn fn-group ref-list table table-wrap table-wrap-group fig fig-group figure graphic media
    supplementary-material front back fw pb cb gb milestone gap
    listBibl permissions object-id sec-meta app-group glossary index-term private-char processing-meta
    """.split()  # noqa: SIM905
)
BLOCKS = frozenset(
    """
    p ab head title subtitle speaker stage opener closer salute signed trailer byline dateline epigraph quote
    disp-quote div sec lg sp list boxed-text verse-group def-list preformat code attrib argument label
    """.split()  # noqa: SIM905
)
LINES = frozenset({"l", "verse-line", "lb", "break"})
ITEMS = frozenset({"item", "list-item", "def-item"})
FORMULAS = frozenset({"formula", "disp-formula", "inline-formula", "tex-math", "math"})
TEX = re.compile(
    r"\s*(?:\\documentclass.*?\\begin\{document\})?\s*(.*?)\s*(?:\\end\{document\})?\s*", re.DOTALL
)
DELIMITERS = (("$$", "$$"), (r"\[", r"\]"), (r"\(", r"\)"), ("$", "$"))
LINE, PARAGRAPH = "\x1e", "\x1f"  # ends of these; no XML may hold these characters
BULLET = re.compile(f"•[ {LINE}{PARAGRAPH}]+")
PARAGRAPHS = re.compile(f"[ {LINE}]*{PARAGRAPH}[ {LINE}{PARAGRAPH}]*")
LINE_ENDS = re.compile(f" *{LINE}[ {LINE}]*")
SPACES = re.compile(r"[ \t\r\n]+")


class Article(NamedTuple):
    """A text, its title and its author, as far as the metadata name them."""

    text: str
    title: str | None
    author: str | None


def is_article(content: bytes) -> bool:
    """Whether the bytes begin as XML whose root element is JATS's or TEI's."""
    head = content[:HEAD].replace(b"\0", b"")  # without zeros UTF-16 reads as ASCII
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<") and ROOT.search(head) is not None


def extract(content: bytes) -> Article:
    """Raises CorruptError where the XML is not well-formed or nested deeper than libxml2's 256 levels."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        advice = error.msg.partition(", try XML_PARSE_HUGE")[0]  # of libxml2, to programmers
        raise CorruptError(f"XML that cannot be read: {advice} (line {error.lineno})") from None
    if etree.QName(root).localname == "article":
        parts = [*root.iterfind("{*}front/{*}article-meta/{*}abstract"), *root.iterfind("{*}body")]
        meta = root.find("{*}front/{*}article-meta")
        names = ("{*}title-group/{*}article-title", "{*}contrib-group/{*}contrib/{*}name")
    else:
        parts = [*root.iterfind("{*}text/{*}body"), *root.iterfind("{*}text/{*}group/{*}text/{*}body")]
        meta = root.find("{*}teiHeader/{*}fileDesc/{*}titleStmt")
        names = ("{*}title", "{*}author")
    title, author = (None if meta is None else _name(meta.find(path)) for path in names)
    return Article("\n\n".join(filter(None, map(_text, parts))), title, author)


def _name(element: Any) -> str | None:
    if element is None:
        return None
    given = element.find("{*}given-names")
    surname = element.find("{*}surname")
    if given is not None and surname is not None:
        return f"{_flat(given)} {_flat(surname)}".strip() or None
    return _flat(element) or None


def _flat(element: Any) -> str:
    return SPACES.sub(" ", "".join(element.itertext())).strip()


def _text(part: Any) -> str:
    """The text of an element, by one walk over it without recursion."""
    pieces: list[str] = []
    walk = etree.iterwalk(part, events=("start", "end"))
    for event, element in walk:
        if not isinstance(element.tag, str):  # an entity
            if event == "start":
                pieces += [_character(element), _spaced(element.tail)]
            continue
        name = etree.QName(element).localname
        mark = _mark(element, name)
        if event == "end":
            pieces += [
                "" if name in LEFT_OUT | FORMULAS else mark,
                _spaced(element.tail) if element is not part else "",
            ]
        elif name in LEFT_OUT or name in FORMULAS:
            walk.skip_subtree()
            pieces.append(_formula(element, name) if name in FORMULAS else "")
        else:
            pieces += [mark + "• " if name in ITEMS else mark, _spaced(element.text)]
    return _tidy("".join(pieces))


def _formula(element: Any, name: str) -> str:
    """A formula as TeX: as it is written there, else from its MathML, else its characters."""
    tex = element if name == "tex-math" else element.find(".//{*}tex-math")
    math = element if name == "math" else element.find(".//{*}math")
    if tex is not None:
        written = "".join(tex.itertext())
    elif math is not None:
        written = mathml.tex(math)
    else:
        written = "".join(element.itertext())
        if name != "formula":  # letters and signs, which are no TeX
            return _spaced(written)
    written = SPACES.sub(" ", _without_delimiters(written))
    if not written:
        return ""
    is_block = (
        name == "disp-formula"
        or element.get("rend") in ("display", "block")
        or element.get("display") == "block"
    )
    return f"{LINE}$${written}$${LINE}" if is_block else rf"\({written}\)"


def _without_delimiters(written: str) -> str:
    """The TeX within a document, and within `$`, `\\(` or `\\[`."""
    whole = TEX.fullmatch(written)
    tex = whole[1] if whole else written.strip()
    for opening, closing in DELIMITERS:
        if tex.startswith(opening) and tex.endswith(closing) and len(tex) > len(opening + closing):
            return tex[len(opening) : -len(closing)].strip()
    return tex


def _mark(element: Any, name: str) -> str:
    """What stands before and after an element."""
    if name in LINES or name in ITEMS:
        return LINE
    if name in BLOCKS:
        parent = element.getparent()
        in_item = parent is not None and etree.QName(parent).localname in ITEMS
        return LINE if in_item else PARAGRAPH
    return ""


def _spaced(text: str | None) -> str:
    return SPACES.sub(" ", text or "")


def _character(entity: Any) -> str:
    return html.entities.html5.get(f"{entity.name};", "")


def _tidy(text: str) -> str:
    """Marks as line ends, without those that repeat each other."""
    text = PARAGRAPHS.sub("\n\n", BULLET.sub("• ", text))
    return LINE_ENDS.sub("\n", text).strip()
