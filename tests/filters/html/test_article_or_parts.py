"""Which of two readings of a page is its text."""

from tests.filters.html.pages import BODY, PARAGRAPHS, SENTENCE, TITLE, text
from tests.filters.html.test_parts import thread

HEADING = "<h1>What Came of It</h1>"
LONG = PARAGRAPHS * 2
STORIES = "".join(f"<div><a href=/{n}>Another story of today, number {n}</a></div>" for n in range(40))
SECTIONS = "".join(
    f"<section><h2>Part {n}</h2><p>{SENTENCE} {n}.</p><p>Few words</p></section>" for n in range(20)
)
DISCUSSION = '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>'


def test_one_long_text_is_an_article_whatever_is_around_it() -> None:
    assert text(f"<main><div>{LONG}</div>{SECTIONS}</main>") == BODY * 2


def test_many_sections_are_parts() -> None:
    found = text(f"<main><div><p>{BODY[0]}</p><p>{BODY[1]}</p></div>{SECTIONS}</main>")
    assert found[:2] == BODY[:2]
    assert len([block for block in found if block.startswith("Part")]) == 20


def test_a_text_among_links_is_an_article_if_the_title_names_it() -> None:
    assert text(f"{TITLE}<main>{HEADING}<div>{PARAGRAPHS}</div>{STORIES}</main>") == BODY
    assert len(text(f"<main><div><p>{BODY[0]}</p></div>{STORIES}</main>")) == 41


CARDS = "".join(
    f"<div class=card><h3><a href=/{n}>Lamp number {n}</a></h3><b>Price 1{n}</b></div>" for n in range(99)
)


def test_cards_before_a_text_are_parts_unless_the_page_says_it_is_an_article() -> None:
    page = f"<main>{CARDS}<div>{PARAGRAPHS}</div></main>"
    assert len(text(page)) == 2 * 99 + len(BODY)
    assert text('<meta property="og:type" content="article">' + page) == BODY


def test_links_before_a_text_are_not_parts() -> None:
    links = "".join(f"<div><a href=/{n}>Another story of today, number {n}</a></div>" for n in range(40))
    assert text(f"{TITLE}<main>{links}{HEADING}<div>{PARAGRAPHS}</div></main>") == BODY


def test_an_article_with_comments_is_one() -> None:
    comments = f"<div class=comments>{SECTIONS}</div>"
    assert text(f"<main><div>{PARAGRAPHS}</div>{comments}</main>") == BODY


def test_a_page_that_says_it_is_a_thread_is_one() -> None:
    page = f"<main><div>{LONG}</div><div class=comments>{thread(6)}</div></main>"
    assert text(page) == BODY * 2
    assert len([block for block in text(DISCUSSION + page) if block.startswith(SENTENCE)]) == 8 + 6


def test_a_page_that_says_it_is_an_article_may_have_more_around_it() -> None:
    page = f"<main><div>{PARAGRAPHS}</div>{SECTIONS[: len(SECTIONS) // 2]}</main>"
    assert len(text(page)) > 20
    assert text('<meta property="og:type" content="article">' + page) == BODY
