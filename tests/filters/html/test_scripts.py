"""Text that only scripts hold."""

import json

from massivetext.filters.html.main_text import main_text
from tests.filters.html.pages import BODY, SENTENCE

ARTICLE = " ".join(BODY)


def linked_data(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(values)}</script>'


def text(html: str) -> str:
    return main_text(html.encode()).text


def test_the_article_of_an_empty_page_is_its_data() -> None:
    page = linked_data(
        **{"@graph": [{"@type": "NewsArticle", "articleBody": f"<p>{ARTICLE}</p><p>&amp; so on"}]}
    )
    assert text(f"{page}<div id=app></div>") == f"{ARTICLE}\n\n& so on"


def test_a_teaser_is_less_than_the_article() -> None:
    assert text(f"{linked_data(articleBody=ARTICLE)}<p>{BODY[0]}</p>") == ARTICLE


def test_a_page_that_holds_its_text_is_read_itself() -> None:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    assert text(f"{linked_data(articleBody=ARTICLE)}{paragraphs}") == "\n\n".join(BODY)


def test_posts_of_a_thread_are_in_their_order() -> None:
    posts = [{"@type": "Comment", "text": f"{SENTENCE} {number}"} for number in range(3)]
    page = linked_data(**{"@type": "DiscussionForumPosting", "text": SENTENCE, "comment": posts})
    assert text(page) == "\n\n".join([SENTENCE, *(f"{SENTENCE} {number}" for number in range(3))])


def test_state_that_scripts_start_from_is_read_for_its_prose() -> None:
    state = {"config": {"css": "a{b:c}" * 30, "key": "x" * 200}, "page": {"body": f"<p>{ARTICLE}</p>"}}
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'
    assert text(f"<div id=__next></div>{script}") == ARTICLE
    nested = json.dumps({"topic": json.dumps({"cooked": ARTICLE})}).replace('"', "&quot;")
    assert text(f'<div id="data-preloaded" data-preloaded="{nested}"></div>') == ARTICLE


def test_of_an_empty_page_the_description_is_left() -> None:
    assert text('<meta name="description" content="What it is &amp;hellip;">') == "What it is …"
    assert (
        text('<meta name="description" content="What it is about &amp; more">') == "What it is about & more"
    )
    assert text("<script type='application/ld+json'>{broken</script>") == ""
