import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.families import FAMILIES
from massivetext.filters.families.family import LimitRule
from massivetext.filters.measure.measure import measure
from tests.filters import reference
from tests.paths import ROOT


def measured(text: str, count_first: bool = False) -> dict[str, float]:
    (row,) = measure(pa.record_batch({"text": [text]}), count_first=count_first).to_pylist()
    return row


def unique(words: int, length: int = 5) -> list[str]:
    """Different words of one length."""
    return [f"x{place:0{length - 1}d}" for place in range(words)]


def top(text: str, n: int) -> float:
    return measured(text)[f"top_{n}_gram_character_fraction"]


def duplicate(text: str, n: int) -> float:
    return measured(text)[f"duplicate_{n}_gram_character_fraction"]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(["a", "A", "bb", "ccc", "dddd"]), min_size=1, max_size=120))
def test_grams_that_overlap_themselves_and_each_other(words: list[str]) -> None:
    found = measured(" ".join(words))
    expected = reference.measurements(" ".join(words))
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-12, abs=0), name


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 14), st.integers(1, 4), st.integers(0, 40), st.integers(0, 12))
def test_a_passage_that_occurs_again(length: int, copies: int, before: int, between: int) -> None:
    words = unique(before)
    for copy in range(copies):
        words += [f"p{place}" for place in range(length)] + [f"y{copy}{place}" for place in range(between)]
    text = " ".join(words) or "a"
    found = measured(text)
    expected = reference.measurements(text)
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-12, abs=0), name


def test_top_gram_covers_each_word_once() -> None:
    for n in (2, 3, 4):
        assert top("word " * 60, n) == 1  # not n times the text
    assert top("a b " * 30, 2) == top("a b " * 30, 4) == 1
    assert top("a b " * 30, 3) == 59 / 60  # `a b a` leaves the last b, `b a b` the first a


def test_top_gram_occurs_twice_or_counts_nothing() -> None:
    assert top("one two three four", 2) == 0


def test_among_equally_frequent_grams_the_one_that_covers_most_counts() -> None:
    words = "a b x1 a b x2 longer words x3 longer words x4 c d x5 c d x6"
    characters = len(words.replace(" ", ""))
    assert top(words, 2) == 2 * len("longerwords") / characters


def test_the_most_frequent_gram_counts_even_if_another_covers_more() -> None:
    words = "a b x1 a b x2 a b x3 longer words x4 longer words"
    assert top(words, 2) == 6 / len(words.replace(" ", ""))


def test_grams_ignore_case_and_punctuation_and_cross_lines() -> None:
    assert top("One, two x1\n\none\nTWO! x2", 2) == 12 / 16


def test_all_copies_of_a_duplicate_gram_count() -> None:
    words = [*"abcde", *unique(10, 2), *"abcde"]
    text = " ".join(words)
    assert duplicate(text, 5) == 10 / len("".join(words))
    assert duplicate(text, 6) == 0


def test_duplicate_lines_are_those_after_the_first() -> None:
    text = "same line\nother\n  same line \r\nsame line"
    assert measured(text)["duplicate_line_fraction"] == 2 / 4
    assert measured(text)["duplicate_line_character_fraction"] == 18 / 32
    assert measured(text, count_first=True)["duplicate_line_fraction"] == 3 / 4
    assert measured(text, count_first=True)["duplicate_line_character_fraction"] == 27 / 32


def test_lines_differ_in_case_punctuation_and_inner_space() -> None:
    assert measured("a line\nA line\na line.\na  line")["duplicate_line_fraction"] == 0


def test_blank_lines_are_not_duplicates() -> None:
    assert measured("one\n\n\n\ntwo\n\n\n\n")["duplicate_line_fraction"] == 0
    assert measured("one\n\n\n\ntwo\n\n\n\n")["duplicate_paragraph_fraction"] == 0


def test_paragraphs_are_runs_of_stripped_lines() -> None:
    text = "a b\nc\n\nd\n \t\n  a b\r\nc  \n\n\na b c"
    assert measured(text)["duplicate_paragraph_fraction"] == 1 / 4
    assert measured(text)["duplicate_paragraph_character_fraction"] == 5 / (5 + 1 + 5 + 5)


def lines(different: int, copies: int) -> str:
    """Lines of one length: so many different ones, and so many copies of one of them."""
    words = unique(different)
    return "\n".join(words + words[:1] * copies)


def paragraphs(different: int, copies: int) -> str:
    return lines(different, copies).replace("\n", "\n\n")


def passage(words: int, total: int) -> str:
    """`total` words of one length, the last so many of which are the first again."""
    different = unique(total - words)
    return " ".join(different + different[:words])


def frequent(n: int, copies: int, total: int) -> str:
    """One n-gram so often among `total` words of one length."""
    others = iter(unique(total))
    grams = [[f"g{place:04d}" for place in range(n)] + [next(others)] for _ in range(copies)]
    words = [word for gram in grams for word in gram]
    return " ".join(words + [next(others) for _ in range(total - len(words))])


AT_AND_BEYOND = [
    ("duplicate_line_fraction", lines(70, 30), lines(69, 31)),
    ("duplicate_line_character_fraction", lines(80, 20), lines(79, 21)),
    ("duplicate_paragraph_fraction", paragraphs(70, 30), paragraphs(69, 31)),
    ("duplicate_paragraph_character_fraction", paragraphs(80, 20), paragraphs(79, 21)),
    ("top_2_gram_character_fraction", frequent(2, 20, 200), frequent(2, 21, 200)),
    ("top_3_gram_character_fraction", frequent(3, 12, 200), frequent(3, 13, 200)),
    ("top_4_gram_character_fraction", frequent(4, 8, 200), frequent(4, 9, 200)),
    *(
        (f"duplicate_{n}_gram_character_fraction", passage(share, 200), passage(share + 1, 200))
        for n, share in ((5, 15), (6, 14), (7, 13), (8, 12), (9, 11), (10, 10))
    ),
]


@pytest.mark.parametrize(("name", "at", "past"), AT_AND_BEYOND)
def test_exactly_at_a_limit_stays_and_the_next_step_beyond_goes(name: str, at: str, past: str) -> None:
    rule = LimitRule(name, FAMILIES["repetition"].limits[name])
    assert measured(at)[name] == rule.limit.maximum
    batch = measure(pa.record_batch({"text": [at, past]}))
    assert rule.broken(batch).tolist() == [False, True]


def test_a_document_of_millions_of_words_is_numbered_in_passes():
    """All of it stands there twice: 1.3 million n-grams are repeated, which no single pass numbers."""
    chance = np.random.default_rng(7)
    once = chance.integers(0, 20_000, 1_300_000)
    ids = np.concatenate([once, once])
    words = np.array([f"w{number:05d}" for number in range(20_000)])
    text = " ".join(words[ids].tolist())
    found = measure(pa.RecordBatch.from_pydict({"text": [text], "language": ["en"]})).to_pylist()[0]
    for n in range(5, 11):
        assert found[f"duplicate_{n}_gram_character_fraction"] == 1
    pairs = ids[:-1] * 20_000 + ids[1:]
    values, counts = np.unique(pairs, return_counts=True)
    covered = []
    for value in values[counts == counts.max()]:
        at = np.flatnonzero(pairs == value)
        covered.append(len(np.union1d(at, at + 1)))
    assert found["top_2_gram_character_fraction"] == max(covered) / len(ids)


PEAK = """\
import sys
import pyarrow as pa
from massivetext.filters.measure.measure import measure

def status(name):
    return next(int(line.split()[1]) << 10 for line in open("/proc/self/status") if line.startswith(name))

text = pa.array([open(sys.argv[1], "rb").read()], pa.binary()).cast(pa.string())
measure(pa.RecordBatch.from_pydict({"text": ["a few words"], "language": ["en"]}))
before = status("VmRSS")
open("/proc/self/clear_refs", "w").write("5")
measure(pa.RecordBatch.from_pydict({"text": text, "language": ["en"]}))
print((status("VmHWM") - before) / len(text[0].as_buffer()))
"""


def test_a_long_document_takes_a_few_times_its_size(tmp_path: Path):
    """Where words are drawn at random nearly all n-grams occur once: a table of all of them takes 12 times its size."""
    chance = np.random.default_rng(7)
    words = np.array([f"{number:x}" * 2 for number in range(20_000)])
    path = tmp_path / "long.txt"
    path.write_text(" ".join(words[chance.integers(0, 20_000, 3_000_000)].tolist()))
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(done.stdout) < 6
