"""Terms of definition lists."""

from tests.filters.html.pages import PARAGRAPHS, SENTENCE, text


def test_a_term_stays_with_its_definition() -> None:
    terms = "<dt id=author>One<dt id=gallery>Uno"
    found = text(
        f"<article>{PARAGRAPHS}<dl>{terms}<dd>{SENTENCE} One.<dt id=poll>Two</dl><p>{SENTENCE}</article>"
    )
    assert [each for each in found if each in ("One", "Uno", "Two")] == ["One", "Uno"]
