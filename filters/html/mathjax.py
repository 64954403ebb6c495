"""What MathML that MathJax 3 has made from TeX says about that TeX: sizes, styles and variants of signs."""

from collections.abc import Mapping, Sequence

SIZES = {"1.2em": "big", "1.623em": "Big", "2.047em": "bigg", "2.47em": "Bigg"}
ALTERNATES = {
    "∼": r"\thicksim",
    "≈": r"\thickapprox",
    "∝": r"\varpropto",
    "∅": r"\varnothing",
    "△": r"\vartriangle",
    "⌣": r"\smallsmile",
    "⌢": r"\smallfrown",
    "∣": r"\shortmid",
    "∥": r"\shortparallel",
    "ℏ": r"\hslash",
}


def varied(attributes: Mapping[str, str], text: str, tex: str) -> str:
    """The TeX of a sign, as the variant or with the size that its attributes name."""
    if attributes.get("data-mjx-alternate") == "1":
        return ALTERNATES.get(text, tex)
    size = SIZES.get(attributes.get("minsize", ""))
    return rf"\{size}{tex}" if size and attributes.get("maxsize") == attributes["minsize"] else tex


def styled(attributes: Mapping[str, str], names: Sequence[str], tex: str) -> str:
    """The TeX of an element that sets the style of its children, which have these names and this TeX together."""
    if attributes.get("scriptlevel") != "0" or "displaystyle" not in attributes or not tex:
        return tex
    shown = attributes["displaystyle"] == "true"
    if list(names) == ["mfrac"] and tex.startswith(r"\frac{"):
        return (r"\d" if shown else r"\t") + tex[1:]
    if list(names) == ["mtext"] and tex.startswith(r"\text{") and not shown:
        return r"\mbox" + tex.removeprefix(r"\text")
    return (r"{\displaystyle " if shown else r"{\textstyle ") + tex + "}"
