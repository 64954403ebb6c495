"""Groups that lead elsewhere."""

import pytest

from tests.filters.html.pages import BODY, PARAGRAPHS, SENTENCE, TITLE, text

HEADING = "<h1>What Came of It</h1>"


def river(count: int, teaser: str = SENTENCE) -> str:
    """Teasers under headings that are links."""
    one = "<li><div><h3><a href=/{0}>A headline, {0}</a></h3><p>{1} Number {0}.</p></div></li>"
    return "<div><ul>" + "".join(one.format(number, teaser) for number in range(count)) + "</ul></div>"


def test_teasers_after_an_article_lead_elsewhere_even_if_they_are_more() -> None:
    page = f"{TITLE}<main><div>{HEADING}{PARAGRAPHS * 2}</div>{river(40)}</main>"
    assert text(page) == BODY * 2
    assert len(text(f"<main>{river(40)}</main>")) > 40


def test_what_is_longer_than_a_teaser_is_a_post() -> None:
    names = "".join(f"<div><a href=/{n}>Someone, {n}</a></div>" for n in range(4))
    posts = "".join(f"<div>{names}<div><p>{SENTENCE * 6} {n}.</p></div></div>" for n in range(6))
    assert [found[-2:] for found in text(f"<main>{posts}</main>") if found.startswith("A sent")] == [
        f"{n}." for n in range(6)
    ]


def test_the_group_of_the_pages_heading_does_not_lead_elsewhere() -> None:
    shares = "".join(f"<li><a href=/{name}>{name}</a></li>" for name in ("mail", "print", "share"))
    head = f"<div>{HEADING}<div><p>{SENTENCE}</p></div><ul>{shares}</ul></div>"
    assert text(f"{TITLE}<article>{head}<div>{PARAGRAPHS}</div></article>") == [SENTENCE, *BODY]


def test_a_list_of_links_after_a_list_of_running_text_is_part_of_it() -> None:
    items = "".join(f"<li>{line}</li>" for line in BODY)
    linked = "".join(f"<li><a href=/{n}>Somebody mended number {n}</a></li>" for n in range(4))
    found = text(
        f"<div><h2>News</h2><ul>{items}</ul><h2>Mended</h2><ul>{linked}</ul><h2>More</h2><ul>{items}</ul></div>"
    )
    assert "Somebody mended number 3" in "".join(found)


@pytest.mark.parametrize(("target", "linked"), [("#part", False), ("/other#part", True)])
def test_a_heading_that_leads_to_its_own_place_is_no_link(target: str, linked: bool) -> None:
    part = f"<h2><a href='{target}'>A part of it, and its heading</a></h2><p>{SENTENCE}</p>"
    found = text(f"{TITLE}<main>{HEADING}<div>{PARAGRAPHS}</div><div>{part * 5}</div></main>")
    assert (found == BODY) == linked


def test_a_table_after_text_may_have_cells_that_are_links() -> None:
    rows = "".join(f"<tr><td>sample{n}<td><a href=/{n}>{n:032x}</a>" for n in range(6))
    found = text(f"<main>{PARAGRAPHS}<h2>Files</h2><table>{rows}</table></main>")
    assert found[:-2] == BODY
    assert found[-1].split("\n") == [f"sample{n} | {n:032x}" for n in range(6)]
