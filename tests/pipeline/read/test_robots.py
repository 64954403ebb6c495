import pytest

from massivetext.pipeline.read.robots import directives


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<meta name="robots" content="noindex, NoAI">', ["noai", "noindex"]),
        ("<META CONTENT='none' NAME='ROBOTS'/>", ["none"]),
        ("<meta name=robots content=noindex>", ["noindex"]),
        ('<meta name="robots" content="noindex"><meta name="robots" content="noai">', ["noai", "noindex"]),
        (
            '<meta name="robots" content="max-snippet: -1, unavailable_after: 1 Jan">',
            ["max-snippet:-1", "unavailable_after:1 jan"],
        ),
        ('<meta name="robots" content=" , ">', None),
        ('<meta name="robots">', None),
        ('<meta name="description" content="robots, noindex">', None),
        ('<meta name="googlebot" content="noindex"> robots', None),
        ('<!-- <meta name="robots" content="noindex"> -->', None),
        ('<!-- a --><meta name="robots" content="noindex"><!-- b -->', ["noindex"]),
        ('<body><meta name="robots" content="noindex">', None),
        ("<p>On robots.</p>", None),
        ("", None),
    ],
)
def test_meta_elements(page: str, expected: list[str] | None) -> None:
    assert directives(f"<html><head>{page}") == expected


def test_headers() -> None:
    assert directives("", {"x-robots-tag": ["noindex, nofollow", "noai"]}) == ["noai", "nofollow", "noindex"]
    assert directives("", {"x-robots-tag": ["otherbot: noindex, nofollow"]}) is None
    assert directives("", {"x-robots-tag": ["noarchive, otherbot: noindex"]}) == ["noarchive"]


@pytest.mark.parametrize(
    ("head", "header", "expected"),
    [
        ('<meta name="tdm-reservation" content="1">', [], ["tdm-reservation:1"]),
        ("", ["1"], ["tdm-reservation:1"]),
        ("", [" 0 "], ["tdm-reservation:0"]),
        ('<meta name="tdm-reservation" content="0">', ["1"], ["tdm-reservation:0"]),  # the head is stronger
        ('<meta content="1" name="TDM-Reservation"><meta name="tdm-reservation" content="2">', [], None),
        ('<meta name="tdm-policy" content="https://e.org/p.json">', [], None),
    ],
)
def test_reservation_of_text_and_data_mining(
    head: str, header: list[str], expected: list[str] | None
) -> None:
    assert directives(f"<html><head>{head}</head>", {"tdm-reservation": header}) == expected


def test_what_is_stored_is_bounded() -> None:
    stated = ",".join(f"{number}" + "x" * 1000 for number in range(1000))
    found = directives("", {"x-robots-tag": [stated]})
    assert found is not None
    assert len(found) == 20
    assert max(map(len, found)) == 60


@pytest.mark.parametrize(
    "unit", ["<meta ", "<!--", "<meta name=", '<meta name="robots" content="', "name = "]
)
def test_worst_cases_end(unit: str) -> None:
    """In time quadratic in the head's 262,144 characters these would take minutes."""
    assert directives('<meta name="robots">' + unit * 20_000) is None
