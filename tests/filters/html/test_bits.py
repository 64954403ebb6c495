"""Bits of a page of parts that are no text."""

from tests.filters.html.pages import SENTENCE, text

DISCUSSION = '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>'
POST = "<div class=post><div>{letter}</div><h4>{name}</h4><dl><dt>Joined<dd>In {n}</dl><p>{text} {n}.</p>{link}</div>"


def page(said: str, link: str) -> str:
    posts = (
        POST.format(letter=name[0], name=name, n=number, text=SENTENCE, link=link.format(number))
        for number, name in enumerate(("Ann", "Ben"))
    )
    return said + "<main>" + "".join(posts) + "</main>"


def test_profiles_counts_and_buttons_of_a_thread_are_left_out() -> None:
    found = text(page(DISCUSSION, "<div><a href=/>See more of {0}</a></div>"))
    assert found == ["Ann", f"{SENTENCE} 0.", "Ben", f"{SENTENCE} 1."]


def test_an_index_has_no_buttons() -> None:
    found = text(
        page(
            DISCUSSION,
            "<div><a href=/>See more of {0}</a></div>" * 20 + f"<div><a href=/>{SENTENCE}{{0}}</a></div>" * 3,
        )
    )
    assert "See more of 0" in found


def test_a_thread_starts_and_ends_with_a_post() -> None:
    post = "<div class=post itemscope itemtype=https://schema.org/DiscussionForumPosting><p>Post {n}: {text}</p></div>"
    posts = "".join(post.format(n=n, text=SENTENCE) for n in range(6))
    page = f"<h1>Thread</h1><p>Started by Ann</p>{posts}<p>No more replies</p><p>Page 1 of 1</p>"
    assert text(page) == [f"Post {n}: {SENTENCE}" for n in range(6)]


def test_of_a_profile_the_name_stays() -> None:
    profile = "<div class=username><b>{name}</b><p>{lines}</div>"
    lines = "Senior member<p>Joined in 2009<p>Posts: 99"
    posts = [
        f"<div class=post>{profile.format(name=name, lines=lines)}<p>{SENTENCE} By {name}.</p></div>"
        for name in ("Ann", "Ben")
    ]
    assert text(DISCUSSION + "".join(posts)) == ["Ann", f"{SENTENCE} By Ann.", "Ben", f"{SENTENCE} By Ben."]
    dated = [post.replace("<p>Joined in 2009<p>Posts: 99", "") for post in posts]
    assert text(DISCUSSION + "".join(dated))[:2] == ["Ann", "Senior member"]


def test_a_term_that_is_a_link_is_no_button() -> None:
    terms = "".join(f"<dt><a href=/{n}>method {n}()</a><dd>{SENTENCE} {n}." for n in range(2))
    sections = "".join(f"<section><h2>Part {n}</h2><p>{SENTENCE} Of {n}.</p></section>" for n in range(9))
    found = text(f"<main>{sections}<section><h2>Methods</h2><dl>{terms}</dl></section></main>")
    assert found[-4:] == ["method 0()", f"{SENTENCE} 0.", "method 1()", f"{SENTENCE} 1."]
