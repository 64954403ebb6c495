"""Turns MathML into TeX: takes the TeX that it holds, or else translates its presentation elements by tables."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape

from massivetext.filters.html.mathjax import styled, varied
from massivetext.filters.html.mathml_signs import (
    FUNCTIONS,
    INVISIBLE,
    LIMITS,
    MATRICES,
    OVER,
    SPACES,
    STYLES,
    SYMBOLS,
    UNDER,
    VARIANTS,
    WIDE,
)

_PIECE = re.compile(r"<(/?)(?:\w{1,20}:)?(\w+)([^<>]*)>|([^<]+)")
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_DEEPEST = 100
_COMMAND = re.compile(r"\\[a-zA-Z]+$")
LONGEST_COMMAND = 24
_TEX = ("application/x-tex", "tex", "latex", "application/x-latex")
_STYLED = re.compile(r"\{\\(?:display|text)style\s*(.*)\}", re.S)


@dataclass
class Node:
    """An element of MathML, with its text."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    text: str = ""


def to_tex(mathml: str) -> str:
    """The TeX of a `math` element: its annotation, else its alternative text, else its presentation translated."""
    root = _tree(mathml)
    annotation = _annotation(root)
    math = root.children[0] if root.children else root
    if annotation is None and "alttext" in math.attributes:
        annotation = math.attributes["alttext"]
    if annotation is None:
        return " ".join(_row(_shown(math)).split())
    return " ".join(without_style(annotation).split())


def _shown(math: Node) -> Sequence[Node]:
    """The children of a formula; of one that is shown in the style of displays as a whole, what is shown."""
    whole = math
    while len(whole.children) == 1 and whole.children[0].name in ("mrow", "mstyle"):
        whole = whole.children[0]
        if whole.attributes.get("displaystyle") == "true":
            return whole.children
    return math.children


def without_style(tex: str) -> str:
    """TeX without the braces and the style command that MediaWiki puts around it."""
    whole = _STYLED.fullmatch(tex.strip())
    return whole[1] if whole else tex


def _tree(mathml: str) -> Node:
    root = Node("")
    above = [root]
    for closing, name, attributes, text in _PIECE.findall(mathml):
        if text:
            above[-1].text += unescape(text)
        elif closing:
            if any(node.name == name for node in above[1:]):
                while above.pop().name != name:
                    pass
        else:
            values = {key: unescape(one or other) for key, one, other in _ATTRIBUTE.findall(attributes)}
            node = Node(name, values)
            above[-1].children.append(node)
            if not attributes.endswith("/") and len(above) < _DEEPEST:
                above.append(node)
    return root


def _annotation(node: Node) -> str | None:
    for child in node.children:
        if child.name == "annotation" and child.attributes.get("encoding", "").lower() in _TEX:
            return child.text
        if (found := _annotation(child)) is not None:
            return found
    return None


def _join(parts: Sequence[str]) -> str:
    """Joins pieces of TeX, with a space between a command and a letter that follows it."""
    joined: list[str] = []
    for part in parts:
        if part and joined and part[0].isalpha() and _COMMAND.search(joined[-1][-LONGEST_COMMAND:]):
            joined.append(" ")
        if part:
            joined.append(part)
    return "".join(joined)


def _row(nodes: Sequence[Node]) -> str:
    parts, place = [], 0
    while place < len(nodes):
        taken, tex = _fenced(nodes[place : place + 3])
        parts.append(tex if taken else _tex(nodes[place]))
        place += taken or 1
    return _join(parts)


def _fenced(nodes: Sequence[Node]) -> tuple[int, str]:
    """A fraction without a line, or a table, between brackets, as (number of nodes, TeX); 0 nodes for anything else."""
    if len(nodes) < 2 or nodes[0].name != "mo":
        return 0, ""
    inner = nodes[1]
    while inner.name in ("mrow", "mstyle", "mpadded") and len(inner.children) == 1:
        inner = inner.children[0]
    closed = len(nodes) > 2 and nodes[2].name == "mo"
    fences = _tex(nodes[0]) + (_tex(nodes[2]) if closed else "")
    if inner.name == "mfrac" and _is_zero(inner.attributes.get("linethickness")) and fences == "()":
        return 3, rf"\binom{_braced(inner.children[0])}{_braced(inner.children[1])}"
    if inner.name == "mtable" and fences in MATRICES:
        return 2 + closed, _table(inner, MATRICES[fences])
    return 0, ""


def _is_zero(length: str | None) -> bool:
    return length is not None and re.match(r"0(\.0*)?\D*$", length) is not None


def _braced(node: Node) -> str:
    return "{" + _tex(node) + "}"


def _base(node: Node) -> str:
    """The base that subscripts and superscripts follow, in braces unless it is one character or command."""
    tex = _tex(node)
    if len(tex) == 1 or re.fullmatch(r"\\[a-zA-Z]+|\d+|\\math\w+\{\w+\}|\\operatorname\{\w+\}", tex):
        return tex
    return "{" + tex + "}"


def _table(node: Node, environment: str) -> str:
    rows = []
    for row in node.children:
        if row.name in ("mtr", "mlabeledtr"):
            cells = [cell for cell in row.children if cell.name == "mtd"]
            rows.append(" & ".join(_row(cell.children) or _sign(cell.text) for cell in cells))
    return rf"\begin{{{environment}}}" + r" \\ ".join(rows) + rf"\end{{{environment}}}"


def _sign(text: str) -> str:
    """The TeX of a text, character by character."""
    return _join([_letter(sign) for sign in text.strip().translate(INVISIBLE)])


def _letter(sign: str) -> str:
    if sign in SYMBOLS:
        return SYMBOLS[sign]
    if ord(sign) < 0x1D400:
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    name = unicodedata.name(sign, "")
    italic = "ITALIC" in name
    for style, command in STYLES.items():
        if style in name:
            command = "boldsymbol" if italic and style == "BOLD" else command
            return rf"\{command}{{{SYMBOLS.get(plain, plain)}}}"
    return SYMBOLS.get(plain, plain)


def _token(node: Node) -> str:
    text = node.text.strip().translate(INVISIBLE)
    variant = node.attributes.get("mathvariant", "")
    if node.name in ("mtext", "ms"):
        text = node.text.translate(INVISIBLE).replace("\xa0", " ")
        return rf"\text{{{text}}}" if text.strip() else (r"\ " if text else "")
    if variant in VARIANTS and text:
        return rf"\{VARIANTS[variant]}{{{_sign(text)}}}"
    if text in FUNCTIONS:
        return f"\\{text}"
    if node.name == "mi" and len(text) > 1 and text.isascii() and text.isalpha():
        return rf"\mathrm{{{text}}}" if variant == "normal" else rf"\operatorname{{{text}}}"
    if node.name == "mi" and variant == "normal" and len(text) == 1 and text.isascii():
        return rf"\mathrm{{{text}}}"
    return varied(node.attributes, text, _sign(text))


def _space(node: Node) -> str:
    width = re.match(r"(-?[\d.]+)em", node.attributes.get("width", ""))
    size = float(width[1]) if width and width[1].count(".") < 2 and width[1] not in ("-", ".", "-.") else 0.0
    return next((space for most, space in SPACES if size <= most), r"\qquad")


def _accented(node: Node, accents: dict[str, str]) -> str | None:
    """A base with an accent over or under it; None if the mark is not an accent."""
    mark = node.children[1]
    name = accents.get(mark.text.strip()) if mark.name in ("mo", "mi", "mtext") else None
    if name is None:
        return None
    inner = _tex(node.children[0])
    stretchy = mark.attributes.get("stretchy")
    short = stretchy == "false" or re.fullmatch(r".|\\[a-zA-Z]+|\\math\w+\{\w+\}", inner)
    if not short or (stretchy == "true" and name == "bar"):
        name = WIDE.get(name, name)
    return rf"\{name}{{{inner}}}"


def _scripts(node: Node) -> str:
    """An element with scripts at its corners, or over or under it."""
    base, *scripts = node.children
    name = node.name
    if name in ("mover", "munder") and (accent := _accented(node, OVER if name == "mover" else UNDER)):
        return accent
    tex = _base(base)
    under = _tex(scripts[0])
    if (
        name in ("munder", "mover", "munderover")
        and tex not in LIMITS
        and not tex.startswith(
            (r"\operatorname", r"\underbrace", r"\overbrace", r"{\underbrace", r"{\overbrace")
        )
    ):
        if name == "mover":
            return rf"\overset{{{under}}}{{{_tex(base)}}}"
        inner = rf"\underset{{{under}}}{{{_tex(base)}}}"
        return inner if name == "munder" else rf"\overset{{{_tex(scripts[1])}}}{{{inner}}}"
    tex = tex[1:-1] if tex.startswith((r"{\underbrace", r"{\overbrace")) else tex
    if name in ("msup", "mover"):
        return tex + under if re.fullmatch("'+", under) else f"{tex}^{{{under}}}"
    if name in ("msub", "munder"):
        return f"{tex}_{{{under}}}"
    over = _tex(scripts[1])
    return f"{tex}_{{{under}}}" + (over if re.fullmatch("'+", over) else f"^{{{over}}}")


def _tex(node: Node) -> str:
    """The TeX of a presentation element."""
    name, children = node.name, node.children
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        return _token(node)
    if name == "mspace":
        return _space(node)
    wanted = {
        "msup": 2,
        "msub": 2,
        "mover": 2,
        "munder": 2,
        "msubsup": 3,
        "munderover": 3,
        "mfrac": 2,
        "mroot": 2,
    }
    if name in wanted and len(children) == wanted[name]:
        if name == "mfrac":
            fraction = _braced(children[0]) + _braced(children[1])
            if _is_zero(node.attributes.get("linethickness")):
                return rf"{{{_tex(children[0])} \atop {_tex(children[1])}}}"
            return rf"\frac{fraction}"
        if name == "mroot":
            return rf"\sqrt[{_tex(children[1])}]{_braced(children[0])}"
        return _scripts(node)
    if name == "msqrt":
        return rf"\sqrt{{{_row(children)}}}"
    if name == "mtable":
        return _table(node, "matrix")
    if name in ("semantics", "maction"):
        return _tex(children[0]) if children else ""
    if name.startswith("annotation"):
        return ""
    if name == "mfenced":
        start, end = node.attributes.get("open", "("), node.attributes.get("close", ")")
        marks = node.attributes.get("separators", ",").strip() or " "
        inner = [_tex(child) for child in children]
        parts = [inner[0]] if inner else []
        for place, part in enumerate(inner[1:]):
            parts += [marks[min(place, len(marks) - 1)], part]
        return _join([_sign(start), *parts, _sign(end)])
    if name == "menclose" and "box" in node.attributes.get("notation", ""):
        return rf"\boxed{{{_row(children)}}}"
    if name == "mmultiscripts" and children:
        return _corners(children)
    if name == "mphantom":
        return rf"\phantom{{{_row(children)}}}"
    if name == "mstyle":
        return styled(node.attributes, [child.name for child in children], _row(children))
    if node.attributes.get("data-mjx-texclass") == "INNER" and (grown := _grown(children)):
        return grown
    return _row(children) if children else _sign(node.text)


def _grown(nodes: Sequence[Node]) -> str | None:
    """A row between brackets that grow with it, as MathJax writes it; None for any other row."""
    if len(nodes) < 2 or any(node.name != "mo" for node in (nodes[0], nodes[-1])) or _fenced(nodes[:3])[0]:
        return None
    start, end = (_tex(node) or "." for node in (nodes[0], nodes[-1]))
    return _join([rf"\left{start}", _row(nodes[1:-1]), rf"\right{end}"])


def _corners(children: Sequence[Node]) -> str:
    """An element with scripts before and after it."""
    split = next(
        (place for place, child in enumerate(children) if child.name == "mprescripts"), len(children)
    )
    before, after = children[split + 1 :], children[1:split]

    def pairs(scripts: Sequence[Node]) -> str:
        written = ""
        for place, script in enumerate(scripts):
            tex = "" if script.name in ("none", "mrow") and not script.children else _tex(script)
            written += f"{'_^'[place % 2]}{{{tex}}}" if tex else ""
        return written

    front = pairs(before)
    return _join(["{}" + front if front else "", _base(children[0]) + pairs(after)])
