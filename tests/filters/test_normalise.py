import unicodedata

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.normalise import nfc


def test_form_c() -> None:
    texts = ["cafe\u0301", "caf\u00e9", "a", "", None, "\u212b", "\u1100\u1161", "\ufb01"]
    expected = ["caf\u00e9", "caf\u00e9", "a", "", None, "\u00c5", "\uac00", "\ufb01"]
    assert nfc(pa.array(texts)).to_pylist() == expected
    assert nfc(pa.array(texts).slice(4)).to_pylist() == expected[4:]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text()))
def test_as_python_does(texts: list[str]) -> None:
    assert nfc(pa.array(texts, pa.string())).to_pylist() == [unicodedata.normalize("NFC", t) for t in texts]
