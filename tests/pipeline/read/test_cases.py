"""Cases from public bug reports about other tools: what must stand in the text, and what must not."""

import io
from pathlib import Path

import pytest

from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.record import Input, Record
from tests.paths import SHARED

CASES = SHARED.parent / "cases/inputs"
TIDE = "The tide mill at the mouth of the creek was built by three brothers"
SURVEY = "A careful survey of the foundations"
EXPECTED: dict[str, tuple[str, int, list[str], list[str]]] = {
    "A02/a.warc.gz": ("web", 3, [TIDE], []),
    "A04/a.warc": ("web", 1, [TIDE], ["Homes"]),
    "A05/a.arc": ("web", 3, [TIDE], []),
    "A09/a.warc": ("web", 3, [TIDE], []),
    "B17/a.warc": (
        "web",
        5,
        ["mööse", "Мельница на берегу", "この水車小屋は三人", "이 물레방아는 바다를", "這座水車是由三個"],
        ["\ufffd"],
    ),
    "C01/d.xml": (
        "wikipedia",
        1,
        ["trakten är 3 °C", "är 18 °C", "-10 °C", "1 234 567."],
        ["är °C"],
    ),
    "C04/d.xml": (
        "wikipedia",
        1,
        ["EMIYA", "Class Name Archer", "In Japanese: エミヤ it means", "衛宮."],
        ["{{"],
    ),
    "C05/d.xml": (
        "wikipedia",
        1,
        ["Foo bar baz ends here.", "Liste der Orte"],
        ["alt=", "mini", "135px", "thumb", "Zeichen"],
    ),
    "C08/d.xml": (
        "wikipedia",
        1,
        ["Text after the tables stands here.", "The end of it."],
        ["colspan", "rowspan", "258", "wikitable"],
    ),
    "C10/d.xml": (
        "wikipedia",
        1,
        [r"energy \(E=mc^2\) is", r"where \(m\) is the mass", r"\frac{a}{b}", r"\(x\) of 1/2"],
        [],
    ),
    "C11/d.xml": (
        "wikipedia",
        1,
        ["1300 mi", "5 ft 11 in tall", "150-160 lb", "3 to 5 km", "7 by 9 by 11 m deep", "20 °C."],
        [],
    ),
    "C13/d.xml": (
        "wikipedia",
        1,
        ["信息是一个概念，由计算机处理。原文不变，这里是正文的其余部分。"],
        ["-{", "}-", "zh-cn"],
    ),
    "C14/d.xml": (
        "wikipedia",
        1,
        [
            "HMS Victory",
            "Jean Dupont",
            "H2O",
            "x2",
            "500",
            "H2SO4",
            "Titanic's",
            "peple",
            "3/4",
            "October 21, 1805",
            "3rd",
        ],
        [],
    ),
    "E01/a.txt": (
        "books",
        1,
        ["Le moulin tourne au bord de l'eau, 0", "bord de l'eau, 11"],
        ["SMALL PRINT", "Copyright laws"],
    ),
    "E01/b.txt": (
        "books",
        1,
        ["Le MOULIN tourne au bord de l'eau, 0", "bord de l'eau, 11"],
        ["SMALL PRINT", "Copyright laws"],
    ),
    "E02/meredith.txt": (
        "books",
        1,
        [f"THE NOVEL NUMBER {n}" for n in range(4)],
        ["End of the Project", "General Terms"],
    ),
    "E05/12345.zip": ("books", 1, [TIDE, SURVEY], ["Gutenberg"]),
    "E07/a.epub": ("books", 1, [TIDE, "When the railway came"], []),
    "E08/a.epub": ("books", 1, [TIDE, SURVEY, "In the winter months", "When the railway came"], []),
}


@pytest.mark.skipif(not CASES.exists(), reason="../shared/cases is not there")
@pytest.mark.parametrize("name", EXPECTED)
def test_the_case_is_read_as_a_reader_sees_it(name: str) -> None:
    kind, documents, wanted, unwanted = EXPECTED[name]
    path: Path = CASES / name
    found = KINDS[kind].read(Input(path.name, io.BytesIO(path.read_bytes())))
    texts = [each.text for each in found if isinstance(each, Record)]
    assert len(texts) == documents
    whole = "\n".join(texts)
    assert [each for each in wanted if each not in whole] == []
    assert [each for each in unwanted if each in whole] == []


@pytest.mark.skipif(not CASES.exists(), reason="../shared/cases is not there")
def test_addresses_with_spaces_are_kept() -> None:
    found = KINDS["web"].read(Input("a.arc", io.BytesIO((CASES / "A05/a.arc").read_bytes())))
    urls = [each.url for each in found if isinstance(each, Record)]
    assert urls == [
        "http://a.gov/ok",
        "http://a.gov/lm_request.cfm?cFileno=WEL 802.02(B)&cDoc=1",
        "http://a.gov/after",
    ]
