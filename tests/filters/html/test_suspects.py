"""What an element's signs say, and when they are wrong: each page has what the rule is about, and little else."""

import pytest

from tests.filters.html.pages import BODY, PARAGRAPHS, SENTENCE, TITLE, text

LINK = "<a href=/other>Another matter</a>"


def test_a_teaser_without_a_link_leads_into_the_text() -> None:
    page = "<main><div class=teaser><p>{0}</p>{1}</div>{2}</main>"
    assert text(page.format(SENTENCE, "", PARAGRAPHS)) == [SENTENCE, *BODY]
    assert text(page.format(SENTENCE, LINK, PARAGRAPHS)) == BODY


@pytest.mark.parametrize(
    ("names", "kept"),
    [("hidden", False), ("x hidden y", False), ("label-hidden", True), ("collapse show", True)],
)
def test_hidden_is_what_is_named_so_alone(names: str, kept: bool) -> None:
    found = text(f"<main><div class='{names}'><p>{SENTENCE}</p></div>{PARAGRAPHS}</main>")
    assert found == ([SENTENCE, *BODY] if kept else BODY)


def test_a_short_article_stands_beside_what_is_suspect_by_its_tag() -> None:
    about = "".join(f"<p>About us: {text}</p>" for text in BODY)
    article = f"<article><p>{BODY[0]}</p></article>"
    assert text(f"<div>{article}<aside>{about}</aside></div>") == BODY[:1]
    assert text(f"<div>{article}<div class=sidebar>{about}</div></div>") != BODY[:1]


def test_what_else_is_suspect_does_not_make_a_suspect_one() -> None:
    comments = "".join(f"<p>Reader {number}: {SENTENCE}</p>" for number in range(60))
    assert text(f"<div class=promo>{PARAGRAPHS * 8}</div><div class=comments>{comments}</div>") == BODY * 8


def test_an_overlay_that_has_the_pages_heading_and_text_is_the_text() -> None:
    river = "".join(f"<p>{SENTENCE} Elsewhere.</p>" for _ in range(20))
    overlay = f"<div class=modal><div><h1>What Came of It</h1></div>{PARAGRAPHS}</div>"
    assert text(f"{TITLE}<div>{river}</div>{overlay}")[-len(BODY) :] == BODY


def test_a_section_is_named_by_its_id_as_its_heading_is_wherever_it_is() -> None:
    section = f"<div id=sharing-with-others><h2>Sharing with others</h2>{PARAGRAPHS}</div>"
    assert text(f"<div>{PARAGRAPHS * 2}{section}</div>") == [*BODY, *BODY, "Sharing with others", *BODY]


def test_a_form_is_no_text_unless_it_holds_the_page() -> None:
    notice = f"<form><p>{SENTENCE} I agree.</p><input name=x></form>"
    assert text(f"<div>{PARAGRAPHS}{notice}</div>") == BODY
    assert text(f"<form><div>{PARAGRAPHS}</div></form>") == BODY
