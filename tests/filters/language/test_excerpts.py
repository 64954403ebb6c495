"""Excerpts of long texts against a plain definition, and what is read where they leave doubt."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.language import language
from massivetext.filters.language.excerpts import CHARACTERS, LONG, PIECES, WORD_BYTES, are_long, excerpts
from massivetext.filters.language.language import UNDOUBTED, identify

SPACES = b" \n\r\t\v\f\0"
ENGLISH = "The committee met on Tuesday, and its members agreed that the harbour should be repaired first. "
GERMAN = "Der Ausschuss tagte am Dienstag, und die Mitglieder wollten zuerst den Hafen ausbessern lassen. "


def word_start(data: bytes, at: int) -> int:
    spaces = [place for place in range(at, min(at + WORD_BYTES, len(data))) if data[place] in SPACES]
    return spaces[0] if spaces else at + len(data[at:]) - len(data[at:].lstrip(bytes(range(0x80, 0xC0))))


def excerpt(text: str) -> str:
    """The same by slices of bytes."""
    data, found, stop = text.encode(), b"", 0
    last = len(data) - len(text[-CHARACTERS:].encode())
    for place in (0, 97, 278, 391, 558, 689, 838, 1000):
        at = last * place // 1000
        begin = max(word_start(data, at) if place else at, stop)
        stop = begin + len(data[begin:].decode()[:CHARACTERS].encode())
        stop = word_start(data, stop)
        found += data[begin:stop] + b" "
    return found.decode()


words = st.text(alphabet="ab \n\0é日😀", max_size=40) | st.just("x" * 70) | st.just("日" * 30)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.lists(words, min_size=1, max_size=8), st.integers(0, 9000)), max_size=4))
def test_as_defined(given: list[tuple[list[str], int]]) -> None:
    texts = [(" ".join(parts) * 9000)[:size] for parts, size in given]
    array = pa.array(texts, pa.string())
    rows = are_long(array)
    assert rows.tolist() == [len(text) >= LONG for text in texts]
    expected = [excerpt(text) if is_long else text for text, is_long in zip(texts, rows, strict=True)]
    assert excerpts(array, rows).to_pylist() == expected
    assert excerpts(array[1:], rows[1:]).to_pylist() == expected[1:]


def test_pieces_reach_both_ends_and_cut_no_word() -> None:
    text = " ".join(f"w{number:05}" for number in range(5000))
    found = excerpts(pa.array([text]), np.ones(1, np.bool_))[0].as_py()
    assert found.startswith("w00000 ")
    assert found.endswith("w04999 ")
    assert {len(word) for word in found.split()} == {6}
    assert PIECES * CHARACTERS - 10 < len(found) < PIECES * (CHARACTERS + 10)


def read(text: str) -> dict[str, object]:
    """What is said of a text, and whether its excerpt told it; otherwise it is what the whole text tells."""
    batch = pa.record_batch({"text": pa.array([text])})
    found, whole = identify(batch).to_pylist()[0], identify(batch, reading="whole").to_pylist()[0]
    assert whole["language_from_pieces"] is False
    assert found["language_from_pieces"] or found == whole
    return found


@pytest.mark.parametrize("text", [ENGLISH, GERMAN, ENGLISH.upper()])
def test_one_language_is_told_by_its_pieces(text: str) -> None:
    found = read(text * 100)
    assert found["language_from_pieces"]
    assert found["language"] == ("de" if text == GERMAN else "en")
    assert found["languages"] == [{"language": found["language"], "share": 1.0}]
    assert found["language_probability"] >= UNDOUBTED


SPARSE = "12.5 40.25 7 88 300 " * 30


@pytest.mark.parametrize(
    "text",
    [
        pytest.param((ENGLISH * 42)[: LONG - 1], id="short"),
        pytest.param(ENGLISH * 200 + GERMAN * 200, id="two halves"),
        pytest.param(GERMAN * 8 + ENGLISH * 200, id="another beginning"),
        pytest.param(ENGLISH * 200 + GERMAN * 8, id="another end"),
        pytest.param((ENGLISH + GERMAN) * 100, id="by turns"),
        pytest.param((ENGLISH[:40] + SPARSE) * 40, id="numbers"),
        pytest.param("</s> " + ENGLISH * 200, id="an end of fastText's"),
        pytest.param(ENGLISH * 3 + "\n" * 20_000, id="blank pieces"),
    ],
)
def test_the_whole_text_is_read_where_pieces_leave_doubt(text: str) -> None:
    assert not read(text)["language_from_pieces"]


def test_which_was_read_can_be_told_beforehand() -> None:
    batch = pa.record_batch({"text": pa.array([ENGLISH * 200, ENGLISH * 200 + GERMAN * 200, "short"])})
    model = language.read(language.MODEL)
    in_pieces = np.array([False, True, False])
    found = language.classify(batch, model, in_pieces)
    assert found["language_from_pieces"].to_pylist() == in_pieces.tolist()
    assert found["language_probability"][0] == identify(batch, reading="whole")["language_probability"][0]
