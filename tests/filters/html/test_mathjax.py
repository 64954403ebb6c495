"""Each MathML is what MathJax 3 writes for the TeX beside it."""

import pytest

from massivetext.filters.html.mathml import to_tex

ALPHA = "<mi>&#x3B1;</mi>"
BAR = '<mo stretchy="false">&#xAF;</mo>'
OFF, ON = '<mstyle displaystyle="false" scriptlevel="0">', '<mstyle displaystyle="true" scriptlevel="0">'
HALF = "<mfrac><mn>1</mn><mn>2</mn></mfrac>"


@pytest.mark.parametrize(
    ("mathml", "tex"),
    [
        (f"<mover><mrow><mover>{ALPHA}{BAR}</mover></mrow>{BAR}</mover>", r"\bar{\bar{\alpha}}"),
        ('<mi>a</mi><mo data-mjx-alternate="1">&#x223C;</mo><mi>b</mi>', r"a\thicksim b"),
        ('<mi>a</mi><mo data-mjx-alternate="1">+</mo><mi>b</mi>', "a+b"),
        ('<mo minsize="1.623em" maxsize="1.623em">[</mo><mi>a</mi>', r"\Big[a"),
        ('<mo minsize="9em" maxsize="9em">[</mo><mi>a</mi>', "[a"),
        (f"<mi>s</mi><mo>=</mo>{OFF}{HALF}<mi>x</mi></mstyle>", r"s={\textstyle \frac{1}{2}x}"),
        (f"<mi>s</mi><mo>=</mo>{OFF}{HALF}</mstyle>", r"s=\tfrac{1}{2}"),
        (f"<mi>s</mi><mo>=</mo>{ON}{HALF}</mstyle>", r"s=\dfrac{1}{2}"),
        (f"<mo>[</mo>{OFF}<mtext>HA</mtext></mstyle><mo>]</mo>", r"[\mbox{HA}]"),
        (f"{ON}<mi>s</mi><mo>=</mo>{HALF}</mstyle>", r"s=\frac{1}{2}"),
        ('<mi>a</mi><mstyle scriptlevel="0"><mspace width="0.167em"/></mstyle>', r"a\,"),
    ],
)
def test_tex_comes_back(mathml: str, tex: str) -> None:
    assert to_tex(f"<math>{mathml}</math>") == tex
