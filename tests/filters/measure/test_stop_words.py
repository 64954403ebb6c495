import pyarrow as pa
import pytest

from massivetext.filters.measure.measure import measure
from massivetext.filters.measure.quality import STOP_WORDS
from massivetext.filters.measure.stop_words import StopWords, hash_of

OWN = StopWords({"de": ("der", "Die", "und"), "zh": ("的", "在", "是", "了")})


def counts(rows: list[tuple[str | None, str]], stop_words: StopWords) -> list[int]:
    batch = pa.record_batch({"language": [label for label, _ in rows], "text": [text for _, text in rows]})
    found: list[int] = measure(batch, stop_words=stop_words)["stop_word_count"].to_pylist()
    return found


def test_each_document_is_counted_by_its_language() -> None:
    rows = [
        ("de", "Der Hund und DER Mann, die Katze"),
        ("deu_Latn", "der the and"),
        ("en", "The dog and the man, der und die"),
        (None, "the and of"),
        ("fr", "the and"),
        ("cmn_Hani", "这是我的书，在这里。的 the"),
        ("de", ""),
    ]
    assert counts(rows, OWN) == [3, 1, 2, 3, 2, 3, 0]


def test_without_lists_english_counts_and_no_language_is_needed() -> None:
    text = " ".join(STOP_WORDS)
    assert measure(pa.record_batch({"text": [text]}))["stop_word_count"].to_pylist() == [8]
    assert counts([("de", text), ("en", text)], OWN) == [0, 8]


def test_nothing_else_depends_on_stop_words() -> None:
    texts = ["der Hund und der Hund\n- und", "the dog", "的 的 在"]
    batch = pa.record_batch({"language": ["de", "en", "zh"], "text": texts})
    without = measure(batch).drop_columns("stop_word_count")
    assert measure(batch, stop_words=OWN).drop_columns("stop_word_count").equals(without)


@pytest.mark.parametrize("word", ["der", "Der", "ÜBER", "的", "a-long-word-of-more-than-sixteen-bytes"])
def test_a_word_has_the_hash_of_its_lower_case(word: str) -> None:
    assert hash_of(word) == hash_of(word.lower())
    assert counts([("de", f"x {word.upper()} y")], StopWords({"de": (word,)})) == [1]
