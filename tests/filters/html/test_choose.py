"""Which blocks are main content, rule by rule: each page has what the rule is about, and nothing else of note."""

import pytest

from massivetext.filters.html.main_text import main_text
from tests.filters.html.pages import BODY, PARAGRAPHS, SENTENCE, TITLE, text


def links(count: int) -> str:
    return "".join(f"<li><a href=/{number}>Link number {number}</a></li>" for number in range(count))


def test_a_longer_sidebar_gives_way_to_an_article_beside_it() -> None:
    aside = "".join(f"<p>News: {SENTENCE}</p>" for _ in range(20))
    assert text(f"<div><article>{PARAGRAPHS}</article><aside>{aside}</aside></div>") == BODY


def test_a_suspect_that_holds_the_article_is_none() -> None:
    assert text(f"<div class=sidebar-layout><article>{PARAGRAPHS}</article></div>") == BODY


@pytest.mark.parametrize("after", ["", PARAGRAPHS])
def test_a_list_of_links_at_the_level_of_the_text_is_part_of_it(after: str) -> None:
    found = text(f"<div>{PARAGRAPHS}<ul>{links(3)}</ul>{after}</div>")
    assert found[len(BODY)] == "• Link number 0\n• Link number 1\n• Link number 2"


def test_a_list_of_links_before_the_text_is_not() -> None:
    assert text(f"<div><ul>{links(3)}</ul>{PARAGRAPHS}</div>") == BODY


def test_a_line_of_dates_is_no_running_text() -> None:
    line = "AFP, 30 April 2015, 07:19 (updated: 30 April 2015, 07:38, 08:12)"
    assert text(f"<div><div>{line}</div>{PARAGRAPHS}</div>") == BODY


def test_a_line_with_few_digits_is() -> None:
    line = "In the spring of 2015 there was a first sign of what was to come."
    assert text(f"<div><div>{line}</div>{PARAGRAPHS}</div>") == [line, *BODY]


def test_the_heading_that_the_title_repeats_is_left_out_and_what_is_before_it() -> None:
    page = f"{TITLE}<div><p>{SENTENCE} A notice.</p><h2>what came of it</h2>{PARAGRAPHS}</div>"
    assert text(page) == BODY
    assert main_text(page.encode()).title == "What Came of It — A Paper"


def test_a_heading_that_the_title_does_not_repeat_stays() -> None:
    assert text(f"{TITLE}<div><h2>What Else Came of It</h2>{PARAGRAPHS}</div>") == [
        "What Else Came of It",
        *BODY,
    ]


def test_what_is_before_the_heading_stays_if_it_is_a_good_part_of_the_text() -> None:
    page = f"{TITLE}<div>{PARAGRAPHS}<h2>What Came of It</h2>{PARAGRAPHS}</div>"
    assert text(page) == [*BODY, "What Came of It", *BODY]


def test_of_several_articles_the_one_with_the_title_is_the_text() -> None:
    others = "".join(f"<article><h2>Another</h2>{PARAGRAPHS}{number}</article>" for number in range(3))
    page = f"<main><article><h2>What Came of It</h2>{PARAGRAPHS}<p>The end.</p></article>{others}</main>"
    assert text(TITLE + page) == [*BODY, "The end."]
    assert len(text(page)) > 3 * len(BODY)


def test_articles_in_an_article_are_part_of_it() -> None:
    page = f"<article><h2>What Came of It</h2>{PARAGRAPHS}<article>{PARAGRAPHS}</article></article>"
    assert text(TITLE + page) == BODY * 2


TEASER = f"<h3><a href=/>A headline of another story</a></h3><p>{SENTENCE}</p>"


def test_a_group_with_as_many_lines_of_links_as_of_text_leads_elsewhere() -> None:
    page = f"<div><div>{TEASER * 3}</div><div>{PARAGRAPHS * 2}</div></div>"
    assert text(page) == BODY * 2


def test_two_lines_of_links_do_not_make_a_group_of_them() -> None:
    page = f"<div><div>{TEASER * 2}</div><div>{PARAGRAPHS * 2}</div></div>"
    assert text(page)[:2] == ["A headline of another story", SENTENCE]


def test_a_group_that_follows_elsewhere_with_little_text_is_another_matter() -> None:
    notice = f"<section><p>{SENTENCE}</p><p>Good to know.</p></section>"
    assert text(f"<div><div>{PARAGRAPHS}</div>{notice}</div>") == BODY


@pytest.mark.parametrize("wrap", ["{}", "<div>{}</div>"])
def test_a_group_like_those_of_the_text_belongs_to_it_with_less(wrap: str) -> None:
    groups = (PARAGRAPHS, f"<p>{SENTENCE}</p><p>Good to know.</p>")
    page = "".join(f"<div>{wrap.format(group)}</div>" for group in groups)
    assert text(f"<div>{page}</div>") == [*BODY, SENTENCE, "Good to know."]


def test_after_the_text_a_partly_linked_line_at_its_level_stays() -> None:
    page = f"<div>{PARAGRAPHS}<p>By A Writer. <a href=/>Follow</a></p></div>"
    assert text(page) == [*BODY, "By A Writer. Follow"]


@pytest.mark.parametrize("where", ["{0}{1}", "{1}{0}"])
def test_a_line_that_is_a_link_does_not_hold_to_the_text(where: str) -> None:
    link = "<p><a href=/>Next page</a></p>"
    assert text(f"<div>{where.format(link, PARAGRAPHS)}</div>") == BODY


SECTION = f"<h2>Copyright considerations</h2>{PARAGRAPHS}"


def test_a_section_named_by_its_id_as_its_heading_is() -> None:
    page = f"<main>{PARAGRAPHS * 2}<section id=copyright-considerations>{SECTION}</section></main>"
    assert text(page) == [*BODY, *BODY, "Copyright considerations", *BODY]


@pytest.mark.parametrize(
    "section",
    [
        f"<section class=copyright>{SECTION}</section>",  # by its class
        f"<section id=copyright>{PARAGRAPHS}</section>",  # without a heading
        f"<section id=copyright><h2>Copyright</h2><p>{SENTENCE}</p></section>",  # with little text
        f"<section id=comments><h2>Comments</h2>{PARAGRAPHS}</section>",  # what readers wrote
    ],
)
def test_sections_that_are_suspect_all_the_same(section: str) -> None:
    assert text(f"<main>{PARAGRAPHS * 2}{section}</main>") == BODY * 2


def test_a_headings_pilcrow_is_no_text() -> None:
    page = f"<div><h2>A heading <a href=#h>¶</a></h2><p>{SENTENCE} ¶</p></div>"
    assert text(page) == ["A heading", f"{SENTENCE} ¶"]


@pytest.mark.parametrize("heading", ["h1", "h2"])
def test_what_is_between_the_heading_and_the_main_element_leads_the_text(heading: str) -> None:
    lead = f"<div><{heading}>What Came of It</{heading}><div><p>{SENTENCE} The lead.</p></div>"
    page = f"{TITLE}{lead}<article>{PARAGRAPHS * 3}</article></div>"
    assert text(page) == [f"{SENTENCE} The lead.", *BODY * 3]


def test_loose_lines_between_paragraphs_are_at_their_level() -> None:
    page = f"<div><p>{BODY[0]}</p>A loose line<p>{BODY[1]}</p><a href=/>Read more</a><p>{BODY[2]}</p></div>"
    assert text(page) == [BODY[0], "A loose line", BODY[1], "Read more", BODY[2]]


def test_links_in_groups_between_groups_are_not() -> None:
    page = f"<div><p>{BODY[0]}</p><div><a href=/>Read more</a></div><p>{BODY[1]}</p></div>"
    assert text(page) == BODY[:2]


def test_a_page_that_holds_its_text_in_noscript_is_read_as_without_scripts() -> None:
    page = f"<div id=app></div><noscript><article>{PARAGRAPHS}</article></noscript>"
    assert text(page) == BODY
    assert text(f"<main>{PARAGRAPHS}</main><noscript>Please <p>enable scripts</noscript>") == BODY


def test_what_react_streams_is_shown() -> None:
    streamed = "".join(f'<div hidden id="S:{number}"><p>{body}</p></div>' for number, body in enumerate(BODY))
    assert text(f"<div><p>Loading</p></div>{streamed}")[-len(BODY) :] == BODY
