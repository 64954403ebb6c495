"""Formulas of a page: once, whole, in place."""

import pytest

from massivetext.filters.html.main_text import whole_text

MATH = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML"{}><semantics><mrow><msup><mi>c</mi><mn>2</mn></msup></mrow>'
    '<annotation encoding="application/x-tex">c^2 &lt; 1</annotation></semantics></math>'
)
GLYPHS = '<span class="katex-html" aria-hidden="true"><span class="base"><span>c</span><span>2</span></span></span>'
CONTAINER = (
    '<mjx-container class="MathJax" jax="CHTML"><mjx-math class="MJX-TEX"><mjx-mi>c</mjx-mi></mjx-math>'
    "{}</mjx-container>"
)


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        (MATH.format(""), r"\(c^2 < 1\)"),
        (MATH.format(' display="block"'), "$$c^2 < 1$$"),
        (
            f'<span class="katex"><span class="katex-mathml">{MATH.format("")}</span>{GLYPHS}</span>',
            r"\(c^2 < 1\)",
        ),
        (
            '<span class="MathJax_Preview"><span>c</span>2</span><span class="MathJax" id="a"><nobr>c2</nobr>'
            f'<span class="MJX_Assistive_MathML">{MATH.format("")}</span></span>'
            '<script type="math/tex" id="b">c^2 < 1</script>',
            r"\(c^2 < 1\)",
        ),
        ('<script type="math/tex; mode=display">% <![CDATA[\nc^2 %]]></script>', "$$c^2$$"),
        (CONTAINER.format(f"<mjx-assistive-mml>{MATH.format('')}</mjx-assistive-mml>"), r"\(c^2 < 1\)"),
        (
            '<span class="mwe-math-element"><span class="mwe-math-mathml-inline mwe-math-mathml-a11y"'
            f' style="display: none;">{MATH.format("")}</span><img src="a.svg" class="mwe-math-fallback-image-inline"'
            ' alt="{\\displaystyle c^{2}}"></span>',
            r"\(c^2 < 1\)",
        ),
        (
            '<img src="a.svg" class="mwe-math-fallback-image-display" alt="{\\displaystyle c^{2}}">',
            "$$c^{2}$$",
        ),
        ('<img class="tex" alt="c^2" src="a.png">', r"\(c^2\)"),
        ('<span class="math inline">c^2 &lt; 1</span>', r"\(c^2 < 1\)"),
        (r'<span class="math inline">\(c^2 &lt; 1\)</span>', r"\(c^2 < 1\)"),
        (r"\(c^2\) and $$c$$", r"\(c^2\) and $$c$$"),
    ],
)
def test_a_formula_is_written_once(formula: str, written: str) -> None:
    assert whole_text(f"<p>Let {formula} be it.</p>".encode()) == f"Let {written} be it."
    assert whole_text(f"<table><tr><td>Let<td>{formula}</table>".encode()) == f"Let | {written}"


def test_other_images_and_scripts_are_left_as_they_are() -> None:
    page = f'<p>a<img class="photo" alt="b"><script>c()</script>{MATH.format("")}</p>'
    assert whole_text(page.encode()) == r"a\(c^2 < 1\)"


@pytest.mark.parametrize(
    "unit",
    [
        "<math>",
        "<math",
        '<span class="katex-html">',
        '<script type="math/tex">',
        "<mjx-math><b>",
        '<img class="tex"',
    ],
)
def test_a_megabyte_of_what_is_not_closed_is_read(unit: str) -> None:
    assert whole_text(f"<p>x</p>{unit * (1_000_000 // len(unit))}".encode()).startswith("x")


def test_an_element_that_is_too_long_for_a_formula_is_text() -> None:
    assert whole_text(b"<p>a <math>" + b"<mi>x</mi>" * 7000 + b"</math> b") == "a " + "x" * 7000 + " b"
