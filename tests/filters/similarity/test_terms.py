import unicodedata

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.kernels.utf8 import views
from massivetext.filters.similarity.terms import GRAM, join_terms, new_terms, split_terms


def split(text: str) -> tuple[list[str], np.ndarray]:
    offsets, data = views(pa.array([text], pa.string()))
    terms = new_terms(offsets)
    count = split_terms(data, offsets[0], offsets[1], terms)
    whole = text.encode()
    words = [whole[terms.starts[at] : terms.ends[at]].decode() for at in range(count)]
    return words, terms.hashes[:count].copy()


def expected(text: str) -> list[str]:
    """Of letters, digits and marks, with no script that is written without spaces."""
    found, word = [], ""
    for sign in text:
        kind = unicodedata.category(sign)[0]
        if kind in "LN" or (kind == "M" and word):
            word += sign
        elif word:
            found.append(word)
            word = ""
    return [*found, word] if word else found


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="abZ9 éÉß’.-_\n\u0301\u2003", max_size=200))
def test_terms_are_runs_of_letters_digits_and_marks(text: str) -> None:
    assert split(text)[0] == expected(text)


def test_a_term_longer_than_a_block() -> None:
    assert split("a" * 200 + " " + "b" * 64 + "." + "c" * 130)[0] == ["a" * 200, "b" * 64, "c" * 130]


def test_case_quotes_marks_up_and_what_nobody_sees_change_no_hash() -> None:
    plain = split("don't stop photosynthesis été internationalisation-of-things")[1].tolist()
    other = split("DON\u2019T “stop” photo\u00adsyn\u200bthesis <ÉTÉ> InternationalisatioN of THINGS")[
        1
    ].tolist()
    assert plain == other


def test_words_of_any_length_that_differ_in_one_byte_have_other_hashes() -> None:
    words = ["x" * size + letter for size in range(40) for letter in "ab"]
    assert len(set(split(" ".join(words))[1].tolist())) == len(words)


def test_a_character_of_chinese_is_a_term() -> None:
    assert split("世界人权宣言, UN 1948年")[0] == [*"世界人权宣言", "UN", "1948", "年"]


def test_a_change_in_thai_moves_no_cut_far_from_it() -> None:
    text = "การศึกษาทำให้คนมีความรู้และความสามารถในการทำงาน" * 3
    before, after = split(text)[0], split("กขค" + text[3:])[0]
    assert len(before) > 20
    assert before[-15:] == after[-15:]


def test_grams_are_of_terms_in_order() -> None:
    def grams(text: str) -> list[int]:
        offsets, data = views(pa.array([text], pa.string()))
        terms = new_terms(offsets)
        count = join_terms(terms, split_terms(data, offsets[0], offsets[1], terms))
        return terms.grams[:count].tolist()

    assert len(grams("a b c d e")) == 5 + 1 - GRAM
    assert grams("a b c") == []
    assert grams("x a b c d")[1] == grams("A, b; (c) d!")[0]
    assert grams("a b c d") != grams("b a c d")
