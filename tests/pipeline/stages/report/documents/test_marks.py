"""What is marked is what was measured: on every real document of the sample that is not too long."""

from pathlib import Path

import pytest

from massivetext.filters.measure.spans import word_spans
from massivetext.pipeline.stages.report.documents.marks import (
    MARKERS,
    differences,
    lines,
    marks,
    merged,
    paragraphs,
    shared,
)
from tests.pipeline.documents import judged


@pytest.fixture(scope="module")
def documents(finished: Path) -> list[dict[str, object]]:
    rows = judged(finished).to_pylist()
    short = sorted((row for row in rows if row["word_count"]), key=lambda row: row["id"])
    return [row for row in short if len(row["text"]) < 6_000][:100]


def share(text: str, rule: str) -> float:
    """The measurement, from the spans that are marked for it."""
    spans = list(MARKERS[rule](text))
    found = word_spans(text)
    if rule.endswith("gram_character_fraction"):
        return sum(end - start for start, end in spans) / sum(end - start for start, end in found)
    if rule in ("hash_ratio", "ellipsis_ratio"):
        return len(spans) / len(found)
    if rule == "alphabetic_word_fraction":
        return 1 - len(spans) / len(found)
    if rule == "stop_word_count":
        return len({text[start:end].lower() for start, end in spans})
    if rule.endswith("paragraph_fraction"):
        return len(spans) / len(list(paragraphs(text)))
    if "paragraph" in rule:
        sizes = [sum(end - start + 1 for start, end in one) - 1 for one in paragraphs(text)]
        return sum(sum(b - a + 1 for a, b in lines(text) if s <= a < e) - 1 for s, e in spans) / sum(sizes)
    found = list(lines(text))
    if rule.endswith("character_fraction"):
        return sum(end - start for start, end in spans) / sum(end - start for start, end in found)
    return len(spans) / len(found)


@pytest.mark.parametrize("rule", MARKERS)
def test_marks_come_to_the_measurement(documents: list[dict[str, object]], rule: str) -> None:
    values = set()
    for row in documents:
        assert share(str(row["text"]), rule) == pytest.approx(row[rule], abs=1e-12), row["id"]
        values.add(row[rule])
    assert len(values) > 2


def test_neighbouring_words_are_marked_as_one() -> None:
    text = "one, two three\nfour five"
    assert [text[a:b] for a, b in merged(text, word_spans(text))] == ["one, two three", "four five"]
    assert merged(text, [(0, 3), (9, 14)]) == [(0, 3), (9, 14)]


def test_a_rule_about_the_whole_text_marks_nothing() -> None:
    assert marks("a b c", "word_count") == []


def test_differences_are_the_words_the_other_lacks() -> None:
    left, right = "the old red house by the river", "the new house by the wide river"
    own, theirs = differences(left, right)
    assert [left[a:b] for a, b in own] == ["old red"]
    assert [right[a:b] for a, b in theirs] == ["new", "wide"]


def test_shared_words_stand_in_n_grams_of_both() -> None:
    text = "He said: The old RED house, by the river. And so on, by the river it stands"
    item = "it was the old red house by the river and no other"
    own, theirs = shared(text, item, 4)
    assert [text[a:b] for a, b in own] == ["The old RED house, by the river. And"]
    assert [item[a:b] for a, b in theirs] == ["the old red house by the river and"]
    assert shared(text, item, 20) == ([], [])


def test_all_words_of_a_short_text_are_one_n_gram() -> None:
    assert shared("a b c d", "B, c", 13) == ([(2, 5)], [(0, 4)])
    assert shared("a b", "", 13) == ([], [])
