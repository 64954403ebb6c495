"""Pages of parts of equal rank: threads, listings, products, sections."""

from tests.filters.html.pages import SENTENCE, parts

NAMES = ("Ann", "Bo", "Cem", "Dee", "Eve", "Flo")


def thread(posts: int) -> str:
    """A thread as forums write it: of each post its author, as a link, and buttons."""
    return "".join(
        f"<div class='post p{number}'><h4><a href=/u/{number}>{NAMES[number]}</a></h4><ul><li><a href=#>"
        f"Jan {number + 1}</a></li></ul><div class='comment-body'>{SENTENCE} {number}.</div>"
        f"<a href=/r/{number}>Reply</a></div>"
        for number in range(posts)
    )


def posts(html: str) -> list[str]:
    return [block[-2:] for block in parts(html) if block.startswith(SENTENCE)]


def test_a_thread_keeps_its_posts_in_order() -> None:
    page = f"<main><h1>A question</h1>{thread(6)}</main>"
    assert posts(page) == [f"{number}." for number in range(6)]
    assert set(NAMES) <= set(parts(page))
    assert "Reply" not in parts(page)


def test_a_listing_keeps_what_is_all_links() -> None:
    names = [f"The product that is number {number}" for number in range(9)]
    items = "".join(f"<div class=card><h3><a href=/>{name}</a></h3><span>9.99</span></div>" for name in names)
    found = parts(f"<header><a href=/>Home</a></header><main>{items}</main><footer>{SENTENCE}</footer>")
    assert [block for block in found if block != "9.99"] == names


def test_of_a_page_of_sections_each_stays() -> None:
    sections = "".join(f"<section><h2>Part {n}</h2><p>Short words, {n}.</p></section>" for n in range(9))
    assert parts(f"<main>{sections}</main>") == [
        line for n in range(9) for line in (f"Part {n}", f"Short words, {n}.")
    ]


def test_a_dialog_is_no_part_of_a_page_however_long() -> None:
    consent = "".join(f"<p>{SENTENCE} We value your privacy, {n}.</p>" for n in range(9))
    for sign in ("class=cookie-consent", "role=dialog"):
        assert len(posts(f"<div>{thread(6)}</div><div {sign}>{consent}</div>")) == 6


def test_a_sign_that_holds_most_of_a_page_is_wrong() -> None:
    for sign in ("class=modal", "class=menu", "hidden"):
        assert len(posts(f"<p>A page</p><div {sign}>{thread(6)}</div>")) == 6


def test_what_is_suspect_by_its_tag_is_so_beside_an_article() -> None:
    about = "".join(f"<p>About us: {SENTENCE} {n}.</p>" for n in range(9))
    assert parts(f"<article><p>{SENTENCE}</p></article><aside>{about}</aside>") == [SENTENCE]
    assert len(parts(f"<p>{SENTENCE}</p><aside>{about}</aside>")) == 10


def test_what_holds_nearly_all_of_the_main_content_is_not_chrome() -> None:
    cards = "".join(f"<div><a href=/{n}>The product that is number {n}</a></div>" for n in range(9))
    menu = "".join(f"<li><a href=/{n}>A kind of product, {n}</a></li>" for n in range(20))
    menus = f"<ul class=menu>{menu}</ul>" * 3
    page = f"{menus}<div class=page-content><h1>Lamps</h1>{{}}<div class=filter>{cards}</div></div>"
    assert len(parts(page.format(""))) == 10
    assert parts(page.format(f"<p>{SENTENCE}</p>" * 9)) == ["Lamps", SENTENCE]
