"""Readers' comments and the authors of posts, left out or in."""

from massivetext.filters.html.main_text import main_text
from massivetext.filters.html.style import Style
from tests.filters.html.pages import PARAGRAPHS, SENTENCE, TITLE

COMMENTS = "".join(
    f"<li class=comment><span class=x><div class=comment-author>Ann {n}</div></span><p>Comment {n}: {SENTENCE}</p>"
    "<a href=r>Reply</a></li>"
    for n in range(4)
)
ARTICLE = f"{TITLE}<h1>What Came of It</h1><article>{PARAGRAPHS}</article><ol class=comments>{COMMENTS}</ol>"
POSTS = "".join(
    f"<div class=post itemtype=https://schema.org/DiscussionForumPosting><div class=username>Ben {n}</div>"
    f"<div class=body><p>Post {n}: {SENTENCE}</p></div></div>"
    for n in range(6)
)


def text(html: str, style: Style) -> str:
    return main_text(html.encode(), style).text


def test_comments_are_left_out_unless_they_are_asked_for() -> None:
    without, kept = text(ARTICLE, Style()), text(ARTICLE, Style(comments=True))
    assert "Comment 0" not in without
    assert kept.startswith(without)
    assert [kept.index(f"Comment {n}") for n in range(4)] == sorted(
        kept.index(f"Comment {n}") for n in range(4)
    )
    assert "Ann 1" in kept
    assert "Reply" not in kept


def test_authors_of_comments_can_be_left_out() -> None:
    kept = text(ARTICLE, Style(comments=True, authors=False))
    assert "Comment 3" in kept
    assert "Ann" not in kept


def test_posts_of_a_thread_are_kept_in_order_with_their_authors_or_without() -> None:
    kept, without = text(POSTS, Style()), text(POSTS, Style(authors=False))
    assert kept.index("Ben 0") < kept.index("Post 0") < kept.index("Ben 5") < kept.index("Post 5")
    assert "Ben" not in without
    assert without.count("Post") == 6


def test_an_element_around_the_article_that_is_named_for_comments_is_no_comment() -> None:
    page = f"{TITLE}<div class=comments><h1>What Came of It</h1><article>{PARAGRAPHS}</article><p>Short.</p></div>"
    assert text(page, Style(comments=True)) == text(page, Style())


ANSWERS = "".join(
    f"<div class=answer><p>Answer {n}: {SENTENCE}</p><p>{SENTENCE} {n}.</p>"
    f"<ul class=comments><li>Remark {n}: {SENTENCE}</ul></div>"
    for n in range(6)
)


def test_comments_on_answers_are_left_out_unless_they_are_asked_for() -> None:
    without, kept = text(ANSWERS, Style()), text(ANSWERS, Style(comments=True))
    assert [f"Answer {n}:" in without for n in range(6)] == [True] * 6
    assert "Remark" not in without
    places = [kept.index(f"{what} {n}:") for n in range(6) for what in ("Answer", "Remark")]
    assert places == sorted(places)


def test_comments_that_are_most_of_a_page_or_of_a_thread_stay() -> None:
    said = '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>'
    most = ANSWERS.replace("class=answer", "class=comment")
    for page in (most, said + ANSWERS):
        assert text(page, Style()).count("Remark") == 6
