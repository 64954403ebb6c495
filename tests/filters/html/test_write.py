"""How chosen blocks are written."""

import pytest

from massivetext.filters.html.main_text import whole_text


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<ol><li>a<li><p>b</p><p>c</p><li>d</ol>", "1. a\n2. b\n\nc\n\n3. d"),
        ("<ol start=9><li>a<li>b<li value=3>c<li>d</ol>", "9. a\n10. b\n3. c\n4. d"),
        ("<ol><li>a<ul><li>b</ul><li>c<ol><li>d</ol></ol>", "1. a\n  • b\n2. c\n  1. d"),
        ("<ol start=x><li>a</ol><ol start=0><li>b</ol>", "1. a\n0. b"),
        ("<li>a", "a"),
        ("<ol reversed><li>a<li>b<li>c</ol>", "3. a\n2. b\n1. c"),
        ("<ol reversed start=9><li>a<li value=4>b<li>c</ol>", "9. a\n4. b\n3. c"),
        ("<ol reversed start=1><li>a<li>b<li>c</ol>", "1. a\n0. b\n• c"),
        ("<ol reversed><li>a<ol><li>b</ol><li>c", "2. a\n  1. b\n1. c"),
    ],
)
def test_items_of_ordered_lists_have_their_numbers(html: str, written: str) -> None:
    assert whole_text(html.encode()) == written


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("x<sup>2</sup>, H<sub>2</sub>O", "x², H₂O"),
        ("10<sup>-12</sup>m<sup>(3)</sup>", "10⁻¹²m⁽³⁾"),
        ("1<sup>st</sup> a<sub>n+1</sub>", "1st an+1"),
        ("a <sup>2</sup>", "a 2"),
        ("<sup>2</sup>a", "2a"),
        ("a<sup>1234567</sup>", "a1234567"),
        ("a<sup>2", "a2"),
        ("a<sup></sup><sup><sup>2</sup></sup>", "a²"),
    ],
)
def test_raised_numbers_are_written_so(html: str, written: str) -> None:
    assert whole_text(f"<p>{html}</p>".encode()) == written
