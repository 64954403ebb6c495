"""Threads that do not declare themselves such: posts of one shape, each with its author."""

from tests.filters.html.pages import SENTENCE, TITLE, text

NAMES = ("Ann", "Ben", "Cem", "Dua", "Eva", "Fay", "Gil", "Hal")
TEXTS = [f"{SENTENCE} Post {n}." for n in range(len(NAMES))]


def posts(shape: str = "post", author: str = "username") -> str:
    return "".join(
        f"<div class={shape}><div class={author}>{name}</div><p>{said}</p></div>"
        for name, said in zip(NAMES, TEXTS, strict=True)
    )


def page(content: str) -> str:
    return f"{TITLE}<div><div>Board index</div>{content}<div>You may not reply</div></div>"


POSTS = [each for pair in zip(NAMES, TEXTS, strict=True) for each in pair]


def test_a_thread_is_its_posts() -> None:
    assert text(page(posts())) == POSTS


def test_an_opening_post_of_another_shape_stays() -> None:
    opening = f"<div class=opening><p>{SENTENCE} Opening.</p></div>"
    assert text(page(opening + posts())) == ["Board index", f"{SENTENCE} Opening.", *POSTS]


def test_comments_on_a_text_are_no_thread() -> None:
    assert text(page(f"<article><p>{SENTENCE} Article.</p></article>{posts('comment')}")) == [
        f"{SENTENCE} Article."
    ]


def test_boxes_without_authors_are_no_thread() -> None:
    assert text(page(posts(author="label"))) != POSTS
