import numpy as np
import pytest

from massivetext.filters.html.page import SAYS_ARTICLE, SAYS_TEXT, SAYS_THREAD, new_page
from massivetext.filters.html.said import TEXT_TYPE, THREAD_TYPE, says, type_of
from massivetext.filters.html.tokens import read_page


def array(text: str) -> np.ndarray:
    return np.frombuffer(text.encode().ljust(64, b"\0"), np.uint8)


@pytest.mark.parametrize(
    ("json", "kind", "said"),
    [
        ('{"@type": "QAPage"}', THREAD_TYPE, True),
        ('{"@type":["WebPage","DiscussionForumPosting"]}', THREAD_TYPE, True),
        ('{"@type": "NewsArticle"}', TEXT_TYPE, True),
        ('{"@type": "NewsArticle"}', THREAD_TYPE, False),
        ('{"@type": "Product', TEXT_TYPE, False),
        ('"', TEXT_TYPE, False),
        ("", TEXT_TYPE, False),
    ],
)
def test_types_in_json(json: str, kind: int, said: bool) -> None:
    assert says(array(json), 0, len(json), kind) == said


def test_the_address_of_a_type() -> None:
    address = "https://schema.org/QAPage"
    assert type_of(array(address), 0, len(address)) == THREAD_TYPE
    assert type_of(array("Thing"), 0, 5) < 0


@pytest.mark.parametrize(
    ("html", "place"),
    [
        ('<meta property="og:type" content="article">', SAYS_ARTICLE),
        ("<meta content=Article property=og:type />", SAYS_ARTICLE),
        ('<script type="application/ld+json">{"@type": "BlogPosting"}</script>', SAYS_TEXT),
        ('<script type="application/ld+json">{"@type": "QAPage"}</script>', SAYS_THREAD),
        ("<div itemscope itemtype='http://schema.org/DiscussionForumPosting'>", SAYS_THREAD),
    ],
)
def test_what_a_page_says_is_noted(html: str, place: int) -> None:
    noted = []
    for markup in (
        html,
        html.replace("og:type", "og:title").replace("ld+json", "json").replace("itemtype", "title"),
    ):
        page = new_page(markup.encode())
        read_page(page, len(markup.encode()))
        noted.append(bool(page.open[place]))
    assert noted == [True, False]
