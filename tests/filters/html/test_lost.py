"""Pages that browsers show whole though their markup is broken or old: no text is lost."""

import pytest

from massivetext.filters.html.main_text import main_text
from tests.filters.html.pages import BODY, PARAGRAPHS

HALF, REST = ("".join(f"<p>{text}</p>" for text in part) for part in (BODY[:4], BODY[4:]))


def text(html: str) -> str:
    return " ".join(main_text(html.encode()).text.split())


@pytest.mark.parametrize(
    "tag", ["select", "svg", "b", "span", "form", "details", "button", "label", "object"]
)
def test_an_element_that_is_not_closed_takes_no_paragraphs_with_it(tag: str) -> None:
    found = text(f"{HALF}<{tag}>{REST}")
    assert all(each in found for each in BODY)


@pytest.mark.parametrize("tag", ["button", "label", "object"])
def test_of_elements_of_one_name_only_the_one_that_is_not_closed_shows_its_text(tag: str) -> None:
    found = text(f"{HALF}<{tag}><p>{BODY[0]} Hidden.</{tag}><{tag}>{REST}<{tag}>Hidden</{tag}>")
    assert all(each in found for each in BODY)
    assert "Hidden" not in found


def test_text_of_a_drawing_does_not_end_it() -> None:
    page = f"{PARAGRAPHS}<svg><foreignObject><p>Drawn</p></foreignObject><text>Written</text></svg><p>{BODY[0]} Again."
    found = text(page)
    assert "Drawn" not in found
    assert "Written" not in found
    assert found.endswith("Again.")


def test_frames_show_the_text_for_browsers_without() -> None:
    assert BODY[0] in text(
        f"<frameset cols=1,2><frame src=a><noframes><body>{PARAGRAPHS}</body></noframes></frameset>"
    )


def test_example_text_and_the_older_name_of_shadow_roots_are_read() -> None:
    assert "<b>Example" in text(f"{HALF}<xmp><b>Example</xmp>{REST}")
    assert BODY[0] in text(f"<x-a><template shadowroot=open>{PARAGRAPHS}</template></x-a>")


def test_the_first_summary_stays() -> None:
    answers = "".join(
        f"<details><summary>Question {n}?</summary><p>{each}</p></details>" for n, each in enumerate(BODY)
    )
    assert "Question 0?" in text(answers)


def test_numbers_of_lines_beside_code_go() -> None:
    cells = "<td><div><pre>{}</pre></div><td><pre>def f():\n    return 1</pre>"
    page = HALF + "<table><tr>" + cells + "</table>" + REST
    assert "9 10" not in text(page.format("9\n10\n11"))
    assert "9 12" in text(page.format("9\n12\n11"))
