import pytest

from massivetext.pipeline.read.formats.charset import decode_page

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
    ],
)
def test_the_choice_is_told(page: bytes, declared: str | None, charset: str, origin: str) -> None:
    decoded = decode_page(page, declared)
    assert decoded.text.endswith(GERMAN)
    assert (decoded.charset, decoded.origin) == (charset, origin)
