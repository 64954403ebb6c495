"""Converts MathML to TeX: by its annotation if it has one, else by its presentation, element by element."""

from collections.abc import Callable
from typing import Any

from lxml import etree

TEX = ("application/x-tex", "application/x-latex", "latex", "tex", "tex; mode=display")
DEPTH = 64  # of elements; what is deeper is written as its text
OPERATORS = {
    "×": r"\times",
    "⋅": r"\cdot",
    "·": r"\cdot",
    "±": r"\pm",
    "∓": r"\mp",
    "÷": r"\div",
    "−": "-",
    "∗": "*",
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\ne",
    "≈": r"\approx",
    "≡": r"\equiv",
    "∼": r"\sim",
    "∝": r"\propto",
    "≪": r"\ll",
    "≫": r"\gg",
    "→": r"\to",
    "←": r"\leftarrow",
    "↔": r"\leftrightarrow",
    "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow",
    "∈": r"\in",
    "∉": r"\notin",
    "⊂": r"\subset",
    "⊆": r"\subseteq",
    "∪": r"\cup",
    "∩": r"\cap",
    "∅": r"\emptyset",
    "∀": r"\forall",
    "∃": r"\exists",
    "¬": r"\neg",
    "∧": r"\wedge",
    "∨": r"\vee",
    "∑": r"\sum",
    "∏": r"\prod",
    "∫": r"\int",
    "∮": r"\oint",
    "∂": r"\partial",
    "∇": r"\nabla",
    "∞": r"\infty",
    "√": r"\surd",
    "…": r"\ldots",
    "⋯": r"\cdots",
    "′": "'",
    "∘": r"\circ",
    "∥": r"\parallel",
    "⊥": r"\perp",
    "⟨": r"\langle",
    "⟩": r"\rangle",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "\u2061": "",
    "\u2062": "",
    "\u2063": "",
    "\u2064": "",
    "\xa0": " ",
    "ħ": r"\hbar",
    "ℓ": r"\ell",
    "ℏ": r"\hbar",
}
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρςστυφχψωΓΔΘΛΞΠΣΥΦΨΩϵϑϕϖϱ",
        r"""\alpha \beta \gamma \delta \varepsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi \pi \rho \varsigma
        \sigma \tau \upsilon \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi
        \Omega \epsilon \vartheta \phi \varpi \varrho""".split(),  # noqa: SIM905
        strict=True,
    )
)
SYMBOLS = OPERATORS | GREEK
ACCENTS = {
    "¯": r"\bar",
    "‾": r"\overline",
    "^": r"\hat",
    "ˆ": r"\hat",
    "~": r"\tilde",
    "˜": r"\tilde",
    "→": r"\vec",
    "⃗": r"\vec",
    "˙": r"\dot",
    ".": r"\dot",
    "¨": r"\ddot",
    "⏞": r"\overbrace",
    "_": r"\underline",
}
FUNCTIONS = frozenset(
    "sin cos tan cot sec csc sinh cosh tanh log ln exp lim max min sup inf det arg deg dim ker gcd".split()  # noqa: SIM905
)


def tex(math: Any) -> str:
    """Returns the TeX of a `math` element; "" if it has no content."""
    for annotation in math.iter("{*}annotation"):
        if (annotation.get("encoding") or "").strip().lower() in TEX and (annotation.text or "").strip():
            return " ".join((annotation.text or "").split())
    return " ".join(_row(math, 0).split())


def _row(element: Any, depth: int) -> str:
    return " ".join(filter(None, (_element(child, depth + 1) for child in element)))


def _element(element: Any, depth: int) -> str:
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element).localname
    if depth > DEPTH:
        return _symbols("".join(element.itertext()))
    if name in ("annotation", "annotation-xml", "mspace", "mphantom", "malignmark", "none", "mprescripts"):
        return ""
    if name in ("mi", "mo", "mn"):
        return _token(name, "".join(element.itertext()).strip())
    if name in ("mtext", "ms"):
        text = " ".join("".join(element.itertext()).split())
        return rf"\text{{{text}}}" if text else ""
    children = [_element(child, depth + 1) for child in element if isinstance(child.tag, str)]
    if write := _WRITERS.get(name):
        count, writer = write
        return writer(*children) if len(children) == count else " ".join(children)
    if name == "msqrt":
        return rf"\sqrt{{{' '.join(filter(None, children))}}}"
    if name == "mfenced":
        opening, closing = element.get("open", "("), element.get("close", ")")
        return f"{opening}{' , '.join(children)}{closing}"
    if name == "mtable":
        rows = r" \\ ".join(children)
        return rf"\begin{{matrix}}{rows}\end{{matrix}}"
    if name in ("mtr", "mlabeledtr"):
        return " & ".join(children)
    return " ".join(filter(None, children))


def _token(name: str, text: str) -> str:
    if name == "mi" and len(text) > 1 and text.isalpha():
        return rf"\{text}" if text in FUNCTIONS else rf"\mathrm{{{text}}}"
    if name == "mo" and text in FUNCTIONS:
        return rf"\{text}"
    return _symbols(text)


def _symbols(text: str) -> str:
    return "".join(f"{SYMBOLS[each]} " if each in SYMBOLS else each for each in text).strip()


def _braced(text: str) -> str:
    return text if len(text) == 1 else f"{{{text}}}"


def _above(base: str, mark: str) -> str:
    accent = ACCENTS.get(mark) or ACCENTS.get({v: k for k, v in OPERATORS.items()}.get(mark, ""))
    if accent:
        return f"{accent}{{{base}}}"
    return (
        f"{base}^{_braced(mark)}"
        if base in (r"\sum", r"\prod", r"\int", r"\lim")
        else rf"\overset{{{mark}}}{{{base}}}"
    )


def _below(base: str, mark: str) -> str:
    large = base in (r"\sum", r"\prod", r"\int", r"\lim", r"\max", r"\min", r"\sup", r"\inf")
    return f"{base}_{_braced(mark)}" if large else rf"\underset{{{mark}}}{{{base}}}"


_WRITERS: dict[str, tuple[int, Callable[..., str]]] = {
    "mfrac": (2, lambda over, under: rf"\frac{{{over}}}{{{under}}}"),
    "msup": (2, lambda base, above: f"{_braced_base(base)}^{_braced(above)}"),
    "msub": (2, lambda base, below: f"{_braced_base(base)}_{_braced(below)}"),
    "msubsup": (3, lambda base, below, above: f"{_braced_base(base)}_{_braced(below)}^{_braced(above)}"),
    "mroot": (2, lambda base, index: rf"\sqrt[{index}]{{{base}}}"),
    "mover": (2, _above),
    "munder": (2, _below),
    "munderover": (3, lambda base, below, above: f"{base}_{_braced(below)}^{_braced(above)}"),
}


def _braced_base(base: str) -> str:
    """Puts a base of several tokens in braces, so that a script applies to the whole base."""
    return f"{{{base}}}" if " " in base else base
