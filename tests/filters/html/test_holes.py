"""The holes in an article that are filled: in texts of many sections, but for offers."""

import re

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


ARTICLE = '<meta property="og:type" content="article">'


def documentation(html: str) -> str:
    """The page with a link in each heading of a section that leads to the heading."""
    return re.sub("<h2>(.*?)</h2>", r"<h2>\1<a href='#\1'>#</a></h2>", html)


def test_documentation_has_no_holes_whatever_it_declares() -> None:
    hole = f"<div><ul>{LINKS}</ul></div>"
    assert any("A kind of alpha" in block for block in text(documentation(page(hole, head=ARTICLE))))
    assert not any("A kind of alpha" in block for block in text(page(hole, head=ARTICLE)))


def test_documentation_keeps_a_last_section_of_links() -> None:
    last = f"<div><h2>See also</h2><ul>{LINKS}</ul></div><div><ul>{LINKS.replace('kind', 'page')}</ul></div>"
    found = "\n".join(text(documentation(page("") + last)))
    assert "A kind of alpha" in found
    assert "A page of alpha" not in found
    assert "A kind of alpha" not in "\n".join(text(page("") + last))


def test_a_technical_article_has_no_holes() -> None:
    hole = f"<div><ul>{LINKS}</ul></div>"
    for kind, stays in (("TechArticle", True), ("NewsArticle", False)):
        said = f'<script type="application/ld+json">{{"@type": "{kind}"}}</script>'
        assert any("A kind of alpha" in block for block in text(page(hole, head=said))) == stays


def test_a_variable_in_code_is_no_price() -> None:
    hole = f"<div><ul>{LINKS}</ul><pre>echo $1 $2</pre></div>"
    assert any("A kind of alpha" in block for block in text(page(hole)))
