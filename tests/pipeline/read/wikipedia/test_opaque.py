import pytest

from massivetext.pipeline.read.wikipedia.opaque import take_out


@pytest.mark.parametrize(
    ("wikitext", "expected"),
    [
        ("a <math>E=mc^2</math> b", r"a \(E=mc^2\) b"),
        ("a <math display=block>E</math> b", "a $$E$$ b"),
        ("Text:\n: <math>\n\\frac{a}{b}\n</math>,\nmore", "Text:\n: $$\\frac{a}{b}$$,\nmore"),
        ("<chem>H2O</chem> and <ce>CO2</ce>.", r"\(\ce{H2O}\) and \(\ce{CO2}\)."),
        ("a <math> </math> b", "a  b"),
        ("a <math>x > y</math>", r"a \(x > y\)"),
        ("a<!-- <math>x</math> -->b", "ab"),
        ("a <nowiki>{{b}}</nowiki>", "a {{b}}"),
        ("a <nowiki/> b", "a  b"),
        ("a<ref name=x>{{cite}}</ref> b<ref name=x/>.", "a b."),
        ("a <REF>b</Ref > c", "a  c"),
        ("a <ref>b", "a b"),
        ("a <!-- b", "a  b"),
        ('use <syntaxhighlight lang="c" inline>int a;</syntaxhighlight> here', "use int a; here"),
        ("a\n<source>\nint a;\nint b;\n</source>\nb", "a\n\nb"),
        ("a <b>c</b> <br/>", "a <b>c</b> <br/>"),
    ],
)
def test_what_is_taken_out_is_put_back(wikitext: str, expected: str) -> None:
    text, taken = take_out(wikitext)
    assert taken.put_back(text) == expected


@pytest.mark.parametrize("unit", ["<ref>", "<!--", "<math>", "<nowiki>", "<ref", "<math>x</math>"])
def test_linear_time(unit: str) -> None:
    text, taken = take_out(unit * (1_000_000 // len(unit)))
    assert len(taken.put_back(text)) < 2_000_000
