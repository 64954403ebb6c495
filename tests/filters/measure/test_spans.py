from hypothesis import given, settings

from massivetext.filters.measure.spans import word_spans
from tests.filters import reference
from tests.filters.texts import any_text, awkward_text, unspaced_text


@settings(max_examples=300, deadline=None)
@given(any_text | awkward_text | unspaced_text)
def test_spans_hold_the_words(text: str) -> None:
    assert [text[start:end] for start, end in word_spans(text)] == reference.words(text)
