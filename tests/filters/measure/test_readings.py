import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given, settings

from massivetext.filters.measure.readings import measure_readings
from massivetext.filters.measure.stop_words import StopWords
from tests.filters import reference
from tests.filters.texts import texts


def copied(words: list[str], n: int) -> float:
    """datatrove's find_all_duplicate, over our words."""
    met: set[tuple[str, ...]] = set()
    copied, at = 0, 0
    while at < len(words) - n + 1:
        gram = tuple(words[at : at + n])
        if gram in met:
            copied += reference.characters(gram)
            at += n
        else:
            met.add(gram)
            at += 1
    return copied / reference.characters(words)


def runs_of_punctuation(text: str, words: list[str]) -> int:
    """Outside the words, which stand in the text in this order."""
    runs, at = 0, 0
    for word in [*words, None]:
        end = len(text) if word is None else text.index(word, at)
        signs = "".join("p" if unicodedata.category(sign)[0] in "PS" else " " for sign in text[at:end])
        runs += len(signs.split())
        at = end + len(word or "")
    return runs


def measured(text: str, stop_words: StopWords | None = None, language: str = "en") -> dict[str, float]:
    batch = pa.record_batch({"text": [text], "language": [language]})
    row: dict[str, float] = measure_readings(batch, stop_words or StopWords()).to_pylist()[0]
    return row


@settings(max_examples=500, deadline=None)
@given(texts)
def test_every_column_is_what_the_definition_says(documents: list[str]) -> None:
    rows = measure_readings(pa.record_batch({"text": pa.array(documents, pa.string())})).to_pylist()
    for text, row in zip(documents, rows, strict=True):
        words = reference.words(text)
        lowered = [reference.lower(word) for word in words]
        if not words:
            assert set(row.values()) == {0}
            continue
        for n in range(5, 11):
            assert row[f"copied_{n}_gram_character_fraction"] == pytest.approx(copied(lowered, n), rel=1e-12)
        assert row["stop_word_occurrences"] == sum(word in reference.STOP_WORDS for word in lowered)
        letters = sum(map(reference.has_letter, words))
        assert row["alphabetic_token_fraction"] == pytest.approx(
            letters / (len(words) + runs_of_punctuation(text, words)), rel=1e-12
        )


def test_punctuation_counts_as_words_without_a_letter() -> None:
    assert measured("Well-known words (three), he said: no.")["alphabetic_token_fraction"] == pytest.approx(
        6 / 10
    )
    assert measured("中文的文章，有标点。")["alphabetic_token_fraction"] == pytest.approx(8 / 10)
    assert measured("-- 12 --")["alphabetic_token_fraction"] == 0


def test_one_stop_word_may_be_enough() -> None:
    assert measured("the the")["stop_word_occurrences"] == 2
    own = StopWords({"de": ("der",)})
    assert measured("der Hund, der the", own, "de")["stop_word_occurrences"] == 2
    assert measured("der Hund, der the", own, "fr")["stop_word_occurrences"] == 1


def test_the_first_of_equal_n_grams_does_not_count() -> None:
    row = measured("a b c d e x a b c d e")
    assert row["copied_5_gram_character_fraction"] == pytest.approx(5 / 11)
    assert measured("a b c d e")["copied_5_gram_character_fraction"] == 0
