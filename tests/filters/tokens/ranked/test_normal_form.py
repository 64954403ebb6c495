import re
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.kernels.utf8 import views
from massivetext.filters.tokens.ranked.normal_form import ASSIGNED, CHANGES, Form, kinds_of, stretches

# Letters and marks that join, that change, or whose order matters, of several scripts, and some that never do.
SIGNS = st.sampled_from(
    "aeAZ 1\n\u0300\u0301\u0323\u0327\u0345éÅ\u212bǖﬁ①\u1100\u1161\u11a8가각"
    "नक\u093c\u094dกุ่\u05b0\u05bcשׁ漢\U0001d15eかが\u3099"
)
TEXTS = st.lists(
    st.text(SIGNS | st.characters(blacklist_categories=["Cs", "Cn", "Co"]), max_size=20), max_size=4
)


def found(form: Form, texts: list[str]) -> list[tuple[int, str]]:
    offsets, data = views(pa.array(texts, pa.string()))
    rows = stretches(kinds_of(form), data, offsets).tolist()
    return [(row, data[start:end].tobytes().decode()) for row, start, end in rows]


@pytest.mark.parametrize("form", ["NFC", "NFKC"])
@settings(max_examples=1000, deadline=None)
@given(TEXTS)
def test_what_lies_in_no_stretch_is_in_the_form(form: Form, texts: list[str]) -> None:
    """Each stretch that changes is told, and normalising these alone normalises the text."""
    told = found(form, texts)
    for row, text in enumerate(texts):
        mine = {stretch for at, stretch in told if at == row}
        pieces = re.findall(r"[\x00-\x7f]?[^\x00-\x7f]*", text)
        assert (
            {piece for piece in pieces if unicodedata.normalize(form, piece) != piece} <= mine <= set(pieces)
        )
        assert "".join(unicodedata.normalize(form, piece) for piece in pieces) == unicodedata.normalize(
            form, text
        )


@pytest.mark.parametrize(
    "text",
    [
        "The naïve café, déjà vu",
        "Việt Nam, Tiếng Việt",
        "नमस्ते दुनिया, हिन्दी में लिखा हुआ",
        "ภาษาไทยเขียนอย่างนี้ ที่นี่",
        "한국어 문서",
        "日本語の文章がここにある",
        "العربيّة مُشكَّلة",
        "தமிழ் மொழி",
    ],
)
def test_text_as_people_write_it_has_no_stretches(text: str) -> None:
    assert unicodedata.is_normalized("NFC", text)
    assert found("NFC", [text]) == []


def test_every_character_that_changes_is_told() -> None:
    bits = kinds_of("NFC").bits
    for point in [*range(0x80, 0xD800), *range(0xE000, ASSIGNED)]:
        if unicodedata.normalize("NFC", chr(point)) != chr(point):
            assert bits[point] & CHANGES
