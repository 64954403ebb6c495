import ipaddress
import re

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.masking.mask import EMAIL, HINTS, IP, KINDS, PHONE, mask

PERSONAL = tuple(kind for kind in KINDS if kind != "secret")  # those have tests of their own


def masked(text: str, *kinds: str, seed: int = 1) -> str:
    found, _ = mask(pa.array([text]), kinds or PERSONAL, seed)
    return str(found[0])


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("Write to Anna.Miller+x@mail.example.org.", r"Write to mail-[0-9a-f]{10}@example\.com\."),
        ("<a@b.co>", r"<mail-[0-9a-f]{10}@example\.com>"),
        ("from 8.8.8.8:53", r"from (192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}:53"),
        ("at 2001:4860:4860::8888.", r"at 2001:db8:[0-9a-f:]+\."),
        ("+123456789012345, +12 3456 7890 12345", r"\+1-202-555-01\d\d, \+1-202-555-01\d\d"),
        ("Call +49 30 123456 now", r"Call \+1-202-555-01\d\d now"),
        ("(212) 555-1234, 212.555.1234", r"\+1-202-555-01(\d\d), \+1-202-555-01\1"),
    ],
)
def test_values_are_replaced(text: str, pattern: str) -> None:
    assert re.fullmatch(pattern, masked(text)), masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "user@host, @name, a@b, x@y.1",
        "127.0.0.1, 10.0.0.1, 192.168.1.1, 203.0.113.7, 1.2.3, 1.2.3.4.5, 999.1.1.1, 1.2.3.4x",
        "12:30:45, ::, a::b::c, std::vector, fe80::1, 2001:db8::1",
        "2026-11-22, 1914-1918, 3.14159265, 100-200-300, 1,234,567, +1, +12 34, 123456789012345678",
        "+1234567890123456, +12 3456 7890 1234 56",  # 16 digits, one more than a number may have
        "naïve",
        "",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert masked(text) == text


def test_the_same_value_is_the_same_everywhere() -> None:
    once = masked("a@example.org")
    assert masked("x A@Example.ORG y") == f"x {once} y"
    assert masked("b@example.org") != once
    assert masked("a@example.org", seed=2) != once


def test_only_the_kinds_asked_for() -> None:
    text = "a@example.org 8.8.8.8 +49 30 123456"
    assert masked(text, "ip").startswith("a@example.org ")
    assert masked(text, "ip").endswith(" +49 30 123456")
    _, counts = mask(pa.array([text, None, "8.8.8.8 8.8.4.4 127.0.0.1"]), ("ip",), 1)
    assert [column.to_pylist() for column in counts.columns] == [[None] * 3] * 2 + [[1, 0, 2], [None] * 3]


def test_ip_addresses_become_examples() -> None:
    for number in range(0, 250, 7):
        address = ipaddress.ip_address(masked(f"8.{number}.8.8"))
        assert not address.is_global


def test_documents_without_a_value_are_as_they_were() -> None:
    texts = pa.array(["a", None, "b@c.org", ""])
    found, counts = mask(texts, PERSONAL, 1)
    assert [found[row].as_py() for row in (0, 1, 3)] == ["a", None, ""]
    assert counts.column("masked_email_count").to_pylist() == [0, 0, 1, 0]


@pytest.mark.parametrize(("kind", "pattern"), [("email", EMAIL), ("ip", IP), ("phone", PHONE)])
@settings(max_examples=50, deadline=None)
@given(texts=st.lists(st.text(alphabet="ab1234..::@+-() ", max_size=30), min_size=20))
def test_no_document_with_a_value_is_passed_over(
    kind: str, pattern: re.Pattern[str], texts: list[str]
) -> None:
    examples = [*texts, "a.@b.1.co", "2001:4860::", "1.2.3.4", "(212)555.1234", "+49(30)123456"]
    hinted = pc.match_substring_regex(pa.array(examples), HINTS[kind]).to_pylist()
    found = [bool(pattern.search(text)) for text in examples]
    assert any(found)
    assert all(hint for hint, match in zip(hinted, found, strict=True) if match)


@pytest.mark.usefixtures("a_minute")
@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a@",
        "a.",
        "@a.",
        "1.",
        "1:",
        ":",
        "a:",
        "+1 ",
        "1-",
        "(1",
        "+1(1)",
        "12 ",
        "+12 34 56 78 90 ",
        "a-",
    ],
)
def test_worst_cases_end(unit: str) -> None:
    """In time quadratic in these 200,000 characters this would take minutes."""
    text = unit * (200_000 // len(unit))
    for pattern in (EMAIL, IP, PHONE):
        pattern.sub("", text)
