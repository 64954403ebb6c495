import pytest

from massivetext.pipeline.read.formats.charset import decode_page, decode_text, is_lost

GERMAN = "Das Mädchen ging über die Straße, und der Müller fragte: „Wohin so spät?“ " * 5


@pytest.mark.parametrize(
    ("page", "declared", "charset", "origin"),
    [
        (GERMAN.encode("utf-8-sig"), "iso-8859-1", "utf-8", "bom"),
        (GERMAN.encode("utf-16"), None, "utf-16", "bom"),
        (GERMAN.encode(), "UTF8", "utf-8", "header"),
        (GERMAN.encode("cp1252"), "iso-8859-1", "cp1252", "header"),
        (b'<meta charset="utf-8">' + GERMAN.encode(), None, "utf-8", "meta"),
        (
            b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'
            + GERMAN.encode("cp1252"),
            "made-up",
            "cp1252",
            "meta",
        ),
        (GERMAN.encode(), None, "utf-8", "detected"),
        (GERMAN.encode("cp1252"), None, "cp1252", "detected"),
        (b'<meta charset="made-up">' + GERMAN.encode(), None, "utf-8", "detected"),
        (GERMAN.encode("cp1252"), "utf-8", "cp1252", "detected"),  # the header is wrong
        (GERMAN.encode(), "iso-8859-1", "utf-8", "detected"),
        (b'<meta charset="latin1">' + GERMAN.encode(), None, "utf-8", "detected"),
        (b'<?xml version="1.0" encoding="windows-1252"?>' + GERMAN.encode("cp1252"), None, "cp1252", "meta"),
        (b'<meta charset="utf-16">' + GERMAN.encode(), None, "utf-8", "meta"),
        (GERMAN.encode("utf-16-le"), None, "utf-16-le", "detected"),
        (GERMAN.encode("utf-16-be"), "utf-8", "utf-16-be", "detected"),
        (b"plain " + b"a" * 5, "iso-8859-1", "cp1252", "header"),
        (b"<p>" + GERMAN.encode("gb18030"), "gb2312", "gb18030", "header"),
    ],
)
def test_the_choice_is_told(page: bytes, declared: str | None, charset: str, origin: str) -> None:
    decoded = decode_page(page, declared)
    assert decoded.text.endswith(GERMAN if len(page) > 99 else "aaaaa")
    assert (decoded.charset, decoded.origin) == (charset, origin)


KOREAN = "제분소는 모든 마을 사람들이 찾아오는 곳이었다. 물레방아가 돌았다. "


@pytest.mark.parametrize("declared", [None, "utf-8", "made-up"])
@pytest.mark.parametrize("encoding", ["euc-kr", "gb18030", "big5", "shift_jis", "windows-1251", "koi8-r"])
def test_pages_without_a_label_or_with_a_wrong_one(encoding: str, declared: str | None) -> None:
    text = {
        "euc-kr": KOREAN,
        "gb18030": "水车在小溪的入海口由三兄弟建造，他们从未见过大海。",
        "big5": "水車在小溪的入海口由三兄弟建造，他們從未見過大海。",
        "shift_jis": "水車は三人の兄弟によって小川の河口に建てられた。",
    }.get(encoding, "Приливная мельница в устье ручья была построена тремя братьями.")
    page = f"<html><head><title>{text}</title></head><body><p>{text * 3}</p></body></html>".encode(encoding)
    decoded = decode_page(page, declared)
    assert text * 3 in decoded.text
    assert decoded.origin == "detected"


def test_a_label_holds_where_it_loses_little() -> None:
    page = KOREAN.encode("euc-kr") * 20 + b"\xff\xff"
    decoded = decode_page(page, "euc-kr")
    assert (decoded.text[: len(KOREAN)], decoded.charset, decoded.origin) == (KOREAN, "cp949", "header")


def test_texts() -> None:
    assert decode_text(KOREAN.encode("cp949"))[:2] == (KOREAN, "cp949")
    assert decode_text(GERMAN.encode("utf-16-be"))[:2] == (GERMAN, "utf-16-be")
    assert decode_text(GERMAN.encode()).origin == "utf-8"
    assert decode_text("水車は old。".encode("iso2022_jp")).text == "水車は old。"
    assert decode_page(f"<p>{KOREAN}</p>".encode("iso2022_kr")).text == f"<p>{KOREAN}</p>"
    assert decode_text(b"a \x1b$ b").text == "a \x1b$ b"


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("", False),
        ("\ufffd", True),
        ("\ufffd\ufffd\ufffd\ufffd ƴ\ufffd \u067b\u0638", True),
        ("It\ufffds a mill.", False),
        ("1 2 3", False),
        ("a\x01", False),  # too short to tell
        ("compressed\x01\x02\x03 data", True),
        ("A page with a stray mark\x08. " + "It goes on. " * 9, False),
    ],
)
def test_texts_that_are_mostly_replacement_characters_are_lost(text: str, lost: bool) -> None:
    assert is_lost(text) is lost
