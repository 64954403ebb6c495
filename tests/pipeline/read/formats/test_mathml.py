import pytest
from lxml import etree

from massivetext.pipeline.read.formats.mathml import tex

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>", "E = m c^2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mi>b</mi></mfrac>", r"\frac{a + 1}{b}"),
        ("<msub><mi>x</mi><mi>i</mi></msub><mo>≤</mo><mi>α</mi>", r"x_i \le \alpha"),
        ("<msubsup><mi>x</mi><mi>i</mi><mrow><mn>1</mn><mn>0</mn></mrow></msubsup>", "x_i^{1 0}"),
        ("<msqrt><mi>x</mi><mi>y</mi></msqrt><mroot><mi>x</mi><mn>3</mn></mroot>", r"\sqrt{x y} \sqrt[3]{x}"),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>",
            r"\sum_{i = 1}^n",
        ),
        ("<mi>sin</mi><mo>\u2061</mo><mi>x</mi>", r"\sin x"),
        ("<mi>max</mi><mi>abc</mi><mtext>if  so</mtext>", r"\max \mathrm{abc} \text{if so}"),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", r"\bar{x}"),
        ("<mover><mi>x</mi><mo>→</mo></mover>", r"\vec{x}"),
        (
            "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mn>0</mn></mtd></mtr></mtable>",
            r"\begin{matrix}a & b \\ 0\end{matrix}",
        ),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a , b)"),
        (
            '<semantics><mi>x</mi><annotation encoding="application/x-tex"> E=mc^2 </annotation></semantics>',
            "E=mc^2",
        ),
        ("", ""),
    ],
)
def test_tex_of_mathml(inside: str, expected: str) -> None:
    assert tex(etree.fromstring(MATH.format(inside))) == expected


def test_deep_mathml_is_read() -> None:
    assert tex(etree.fromstring(MATH.format("<mrow>" * 200 + "<mi>x</mi>" + "</mrow>" * 200))) == "x"
