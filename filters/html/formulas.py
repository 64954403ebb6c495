"""Writes each formula of a page once, in place, as TeX: `\\(...\\)`, or `$$...$$` for one that stands alone.

A page often holds a formula several times: as MathML for screen readers, as glyphs for the eye, as TeX, as an image.
"""

import re
from html import escape, unescape

from massivetext.filters.html.elements import Element, elements, end_of, replace
from massivetext.filters.html.formula_signs import has_formulas
from massivetext.filters.html.mathml import to_tex, without_style

_DISPLAY = re.compile(r"""\b(?:display\s*=\s*["']?(?:block|true)|mode\s*=\s*["']?display)""", re.I)
_TEX_SCRIPT = re.compile(r"""\btype\s*=\s*["']?math/tex""", re.I)
_CDATA = re.compile(r"^\s*(?:%\s*)?<!\[CDATA\[|(?:%\s*)?\]\]>\s*$")
# Start tags of elements that only display a formula, which the page also holds as TeX or MathML.
_SHOWN = re.compile(
    r"""<(span|div|nobr|svg)\b[^>]{0,200}?\bclass=["'](?:katex-html|MathJax(?:_\w{1,20})?|MJX\w{1,20}|mjx-\w{1,20})\b"""
    r"""[^>]{0,2000}>|<(mjx-math)\b[^>]{0,2000}>"""
)
_WIKI_HIDDEN = re.compile(r"""(<span class="mwe-math-mathml-[^"]{0,80}")[^>]{0,200}>""")
# Formulas that pandoc leaves to KaTeX: TeX without delimiters.
_PANDOC = re.compile(r'<span\s+class="math (inline|display)">([^<]*)</span>')
MOST = 1 << 16  # characters of MathML: a longer element is no formula, and its text stays as it is
_MARKED = (r"\(", r"\[", "$")
_IMAGE = re.compile(r"<(?:img|meta|link)\b([^>]{0,8000})>", re.I)
_WIKI_IMAGE = re.compile(r"\bmwe-math-fallback-image-(\w{1,10})")
_TEX_IMAGE = re.compile(r"""\bclass=["']?(?:tex|latex|mwe-math)\b""", re.I)
_ALT = re.compile(r"""\balt=(?:"([^"]*)"|'([^']*)')""", re.I)


def with_formulas(html: bytes) -> bytes:
    """The page, in UTF-8, with its formulas as text."""
    if not has_formulas(html):
        return html
    text = html.decode("utf-8", "replace")
    has_math = next(elements(text, "math"), None) is not None
    has_scripts = any(_TEX_SCRIPT.search(script.attributes) for script in elements(text, "script"))
    if has_math or has_scripts:
        text = _without_shown(text, has_scripts)
    text = _WIKI_HIDDEN.sub(r"\1>", text)
    text = replace(text, "math", lambda math: _of_math(text, math))
    text = replace(text, "script", _of_script)
    text = _PANDOC.sub(_of_pandoc, text)
    return _IMAGE.sub(lambda image: _of_image(image, has_math), text).encode("utf-8", "replace")


def _written(tex: str, display: bool) -> str:
    """TeX between its delimiters, escaped for HTML."""
    tex = " ".join(tex.split())
    if not tex:
        return ""
    return escape(f"$${tex}$$" if display else rf"\({tex}\)", quote=False)


def _of_math(text: str, math: Element) -> str | None:
    if math.end - math.start > MOST:
        return None
    return _written(to_tex(text[math.start : math.end]), _DISPLAY.search(math.attributes) is not None)


def _of_pandoc(span: re.Match[str]) -> str:
    tex = unescape(span[2]).strip()
    return span[0] if tex.startswith(_MARKED) else _written(tex, span[1] == "display")


def _of_script(script: Element) -> str | None:
    if not _TEX_SCRIPT.search(script.attributes):
        return None
    tex = _CDATA.sub("", _CDATA.sub("", script.content))
    return _written(tex, _DISPLAY.search(script.attributes) is not None)


def _of_image(image: re.Match[str], has_math: bool) -> str:
    """The text that replaces an image. If the image shows a formula, it is the TeX of the alternative text, or nothing
    if the page has the formula as MathML, too. Any other image is replaced by itself.
    """
    wiki = _WIKI_IMAGE.search(image[1])
    if not wiki and not _TEX_IMAGE.search(image[1]):
        return image[0]
    alt = _ALT.search(image[1])
    if (wiki and has_math) or not alt:
        return ""
    return _written(
        without_style(unescape(alt[1] or alt[2] or "")), wiki is not None and wiki[1] == "display"
    )


def _without_shown(text: str, scripts: bool) -> str:
    """The page without the elements that only display formulas. MathML in them stays, unless scripts hold the TeX."""
    kept, place = [], 0
    for found in _SHOWN.finditer(text):
        if found.start() < place:
            continue
        end = end_of(text, found[1] or found[2], found.end())
        if end < 0:
            break
        inner = text[found.end() : end]
        maths = () if scripts else elements(inner, "math")
        kept += [text[place : found.start()], *(inner[math.start : math.end] for math in maths)]
        place = end
    return "".join(kept) + text[place:]
