import pytest

from tests.filters.html.pages import BODY, PARAGRAPHS, SENTENCE, text


@pytest.mark.parametrize(
    "settings", ['{"cookieName": "x", "text": "%s"}', '[ {"a": "%s"}]', '  { "a": "%s"}']
)
def test_settings_as_json_are_no_text(settings: str) -> None:
    assert text(f"<div>{settings % (SENTENCE * 9)}</div><section>{PARAGRAPHS}</section>") == BODY


@pytest.mark.parametrize(
    "code",
    ["<pre>{&quot;a&quot;: 1}</pre>", "<p>{a} is a set, of one element, as we have seen before: [1]</p>"],
)
def test_code_and_braces_in_a_text_stay(code: str) -> None:
    assert len(text(f"<div>{PARAGRAPHS}{code}{PARAGRAPHS}</div>")) == 2 * len(BODY) + 1
