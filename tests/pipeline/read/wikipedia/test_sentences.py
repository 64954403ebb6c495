import pytest

from massivetext.pipeline.read.wikipedia.sentences import settle


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("The mill is old.", ("The mill is old.", 0)),
        ("The mill is @ long. It stands.", ("It stands.", 1)),
        ("It stands. The mill is @ long.", ("It stands.", 1)),
        ("It has @. It is @ long. It stands.", ("It stands.", 2)),
        ("@ is a mill.", ("", 1)),
        ("@ The mill is old.", (" The mill is old.", 0)),
        ("The mill@ is old.@ It stands@, too.", ("The mill is old. It stands, too.", 0)),
        ("The mill is old. @ It stands.", ("The mill is old.  It stands.", 0)),
        ("The mill (@; born 1950) is old (@).", ("The mill (born 1950) is old.", 0)),
        ("The mill (about @ long, built 1850) is old.", ("The mill (built 1850) is old.", 0)),
        ("Dr. No of St. Ives has @ mills. He sells.", ("He sells.", 1)),
        ("It cost $@ in 1900. He paid 3.5 of it.", ("He paid 3.5 of it.", 1)),
        ("H@O is water.", ("", 1)),
        ("@", ("", 0)),
        ("@@ @", ("", 0)),
        ("水车位于@。它很旧。", ("它很旧。", 1)),
        ("水车很旧。@它在村里。", ("水车很旧。它在村里。", 0)),
        ("\0 @", ("\0 ", 0)),
        ("\0The mill, @ of it", ("", 1)),
    ],
)
def test_sentences_with_unknown_words(line: str, expected: tuple[str, int]) -> None:
    assert settle(line.replace("@", "\x01")) == expected


@pytest.mark.parametrize("unit", ["\x01", "(\x01", "a \x01. ", "\x01(", "a. ", "St. \x01"])
def test_linear_time(unit: str) -> None:
    line, _ = settle(unit * (1_000_000 // len(unit)))
    assert "\x01" not in line
