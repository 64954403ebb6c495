import pytest

from massivetext.filters.html.mathml import to_tex


def mi(*names: str) -> str:
    return "".join(f"<mi>{name}</mi>" for name in names)


@pytest.mark.parametrize(
    ("mathml", "tex"),
    [
        ("<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>", "E=mc^{2}"),
        (mi("α", "x") + "<mo>≤</mo>" + mi("β"), r"\alpha x\leq\beta"),
        (f"<mfrac>{mi('a')}<mrow>{mi('b')}<mo>+</mo><mn>1</mn></mrow></mfrac>", r"\frac{a}{b+1}"),
        (f"<msqrt>{mi('x', 'y')}</msqrt><mroot>{mi('x')}<mn>3</mn></mroot>", r"\sqrt{xy}\sqrt[3]{x}"),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>0</mn></mrow><mi>n</mi></munderover>"
            "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>",
            r"\sum_{i=0}^{n}x_{i}^{2}",
        ),
        (f"<mover>{mi('x')}<mo>¯</mo></mover><mover>{mi('v')}<mo>→</mo></mover>", r"\bar{x}\vec{v}"),
        (f"<mover><mrow>{mi('x', 'y')}</mrow><mo>^</mo></mover>", r"\widehat{xy}"),
        ("<mi>sin</mi><mo>&#x2061;</mo><mi>x</mi><mi>rank</mi>", r"\sin x\operatorname{rank}"),
        ("<mi mathvariant='double-struck'>R</mi><mi>𝐱</mi><mi>ℝ</mi>", r"\mathbb{R}\mathbf{x}\mathbb{R}"),
        (
            "<mo>(</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mi>a</mi></mtd>"
            "<mtd><mi>b</mi></mtd></mtr></mtable><mo>)</mo>",
            r"\begin{pmatrix}1 & 0 \\ a & b\end{pmatrix}",
        ),
        (f"<mo>(</mo><mfrac linethickness='0'>{mi('n', 'k')}</mfrac><mo>)</mo>", r"\binom{n}{k}"),
        (f"<mfenced open='[' separators=';'>{mi('a', 'b')}</mfenced>", "[a;b)"),
        ("<msup><mi>f</mi><mo>′</mo></msup><mtext>if&#xa0;so</mtext>", r"f'\text{if so}"),
        (
            f"<mmultiscripts>{mi('X')}<mn>1</mn><none/><mprescripts/><mn>2</mn><mn>3</mn></mmultiscripts>",
            "{}_{2}^{3}X_{1}",
        ),
        ("<mrow data-mjx-texclass='INNER'><mo>(</mo><mi>x</mi><mo>)</mo></mrow>", r"\left(x\right)"),
        ("<mo>{</mo><mi>a</mi><mo>}</mo><mo>%</mo>", r"\{a\}\%"),
    ],
)
def test_presentation(mathml: str, tex: str) -> None:
    assert to_tex(f"<math>{mathml}</math>") == tex
    prefixed = mathml.replace("</", "\0").replace("<", "<m:").replace("\0", "</m:")
    assert to_tex(f"<m:math>{prefixed}</m:math>") == tex


def test_tex_that_is_there_is_taken() -> None:
    annotation = "<annotation encoding='application/x-tex'>{\\displaystyle a&lt;b}</annotation>"
    inner = f"<semantics><mi>x</mi>{annotation}</semantics>"
    assert to_tex(f"<math alttext='y'>{inner}</math>") == "a<b"
    assert to_tex("<math alttext='y &amp; z'><mi>x</mi></math>") == "y & z"


@pytest.mark.parametrize(
    "broken", ["<math>", "<math><mfrac><mi>x", "<math></mi></math>", "<math>x</math>", "<mi>"]
)
def test_broken_markup_is_read(broken: str) -> None:
    assert to_tex(broken) in ("", "x")


def test_deep_nesting_is_read() -> None:
    assert isinstance(to_tex("<math>" + "<mrow>" * 10_000 + "<mi>x</mi>"), str)
