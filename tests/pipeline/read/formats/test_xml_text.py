import io

import pytest

from massivetext.pipeline.read import books
from massivetext.pipeline.read.record import Failure, Input, Record
from massivetext.pipeline.read.settings import Limits

JATS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS 1.2//EN" "JATS-archivearticle1.dtd">
<article><front><journal-meta><p>Journal</p></journal-meta><article-meta><title-group><article-title>On <i>mills</i>
</article-title></title-group><contrib-group><contrib><name><surname>Miller</surname><given-names>Anna
</given-names></name></contrib></contrib-group><abstract><p>Wheels&nbsp;turn.</p></abstract></article-meta></front>
<body><sec><title>1. Wheels</title><p>A wheel<xref>[1]</xref> is
round<fn><p>Mostly.</p></fn>.</p><fig><p>Figure</p></fig><list><list-item><p>oak</p></list-item><list-item><p>elm</p>
</list-item></list><table-wrap><table/></table-wrap></sec></body><back><ref-list/></back></article>"""
TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>The Mill</title>
<author>Miller, Anna</author></titleStmt></fileDesc></teiHeader><text><front><p>Printed.</p></front><body>
<div><head>I</head><p>The wheel<pb n="2"/> turned.<note>Twice.</note> It <hi>stopped</hi>.</p><lg><l>O wheel,</l>
<l>turn.</l></lg></div></body></text></TEI>"""


def read(content: bytes | str, limits: Limits = Limits()) -> Record | Failure:  # noqa: B008
    (found,) = books.read(
        Input("x", io.BytesIO(content.encode() if isinstance(content, str) else content), limits)
    )
    return found


def test_jats() -> None:
    assert read(JATS) == Record(
        0,
        "Wheels\xa0turn.\n\n1. Wheels\n\nA wheel[1] is round.\n\n• oak\n• elm",
        None,
        "On mills, by Anna Miller",
    )


def test_tei() -> None:
    assert read(TEI) == Record(
        0, "I\n\nThe wheel turned. It stopped.\n\nO wheel,\nturn.", None, "The Mill, by Miller, Anna"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_encodings(encoding: str) -> None:
    assert read(TEI.encode(encoding))[1:] == read(TEI)[1:]


def test_other_markup_is_text_as_it_stands() -> None:
    found = read("<articles>on TEI</articles>")
    assert isinstance(found, Record)
    assert found.text == "<articles>on TEI</articles>"


@pytest.mark.parametrize("content", [JATS[:-40], TEI.replace("</p>", "", 1), "<article>" * 10_000])
def test_what_is_not_well_formed_is_a_failure(content: str) -> None:
    found = read(content)
    assert isinstance(found, Failure)
    assert found.error.startswith("XML that cannot be read: ")


def test_entities_are_neither_expanded_nor_loaded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    found = read(f'<!DOCTYPE TEI [<!ENTITY l0 "ha">{laughs}]>' + TEI.replace("turned", "&l11;"))
    assert isinstance(found, Failure)
    assert "entity amplification" in found.error
    for entity in ('SYSTEM "file:///etc/passwd"', '"expanded"'):
        found = read(f"<!DOCTYPE TEI [<!ENTITY a {entity}>]>" + TEI.replace("turned", "&a;"))
        assert isinstance(found, Record)
        assert found.text.startswith("I\n\nThe wheel . It stopped.")


MATHML = '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>E</mml:mi><mml:mo>=</mml:mo><mml:mn>1</mml:mn></mml:math>'
DOCUMENT = r"\documentclass[12pt]{minimal}\usepackage{amsmath}\begin{document}$$E=mc^2$$\end{document}"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("<inline-formula><tex-math>E=mc^2</tex-math></inline-formula>", r"Energy \(E=mc^2\) is."),
        (
            f"<inline-formula><alternatives><tex-math>{DOCUMENT}</tex-math>{MATHML}</alternatives></inline-formula>",
            r"Energy \(E=mc^2\) is.",
        ),
        (f"<inline-formula>{MATHML}</inline-formula>", r"Energy \(E = 1\) is."),
        (f"<disp-formula><label>(1)</label>{MATHML}</disp-formula>", "Energy\n$$E = 1$$\nis."),
        ("<inline-formula><italic>E</italic> = 1</inline-formula>", "Energy E = 1 is."),
    ],
)
def test_formulas_of_jats(formula: str, expected: str) -> None:
    found = read(f"<article><body><p>Energy {formula} is.</p></body></article>")
    assert isinstance(found, Record)
    assert found.text == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('<formula notation="TeX">$E=mc^2$</formula>', r"Energy \(E=mc^2\) is."),
        ('<formula rend="display">E=mc^2</formula>', "Energy\n$$E=mc^2$$\nis."),
        (f"<formula>{MATHML}</formula>", r"Energy \(E = 1\) is."),
    ],
)
def test_formulas_of_tei(formula: str, expected: str) -> None:
    found = read(f"<TEI><text><body><p>Energy {formula} is.</p></body></text></TEI>")
    assert isinstance(found, Record)
    assert found.text == expected
