"""The holes in an article that are filled: in texts of many sections, but for offers."""

from tests.filters.html.pages import SENTENCE, TITLE, text

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon")
LINKS = "".join(f"<li><a href=/{name}>A kind of {name}</a>: one" for name in NAMES)


def page(hole: str, sections: int = 6, head: str = "") -> str:
    parts = [
        f"<h2>Part {n}</h2><p>{SENTENCE} Of {n}.</p><p>{SENTENCE} More of {n}.</p>" for n in range(sections)
    ]
    before, after = (f"<div>{''.join(half)}</div>" for half in (parts[:3], parts[3:]))
    return f"{head}{TITLE}<main><h1>What Came of It</h1>{before}{hole}{after}"


def test_lists_of_links_between_many_sections_stay() -> None:
    hole = f"<div><ul>{LINKS}</ul></div>"
    assert any("A kind of alpha: one" in block for block in text(page(hole)))


def test_offers_between_sections_go() -> None:
    for price in ("$12", "12 €", "£ 9"):
        hole = f"<div><ul>{LINKS}<li><a href=/x>Now {price}</a></ul></div>"
        assert not any("A kind of alpha" in block for block in text(page(hole)))


def test_a_declared_article_keeps_its_holes() -> None:
    hole, head = f"<div><ul>{LINKS}</ul></div>", '<meta property="og:type" content="article">'
    assert not any("A kind of alpha" in block for block in text(page(hole, head=head)))
    assert not any("A kind of alpha" in block for block in text(page(hole, sections=4)))
