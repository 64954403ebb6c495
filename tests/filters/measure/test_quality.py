import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from massivetext.filters.families import FAMILIES
from massivetext.filters.families.family import LimitRule
from massivetext.filters.measure.measure import measure
from tests.filters import reference


def measured(text: str) -> dict[str, float]:
    (row,) = measure(pa.record_batch({"text": [text]})).to_pylist()
    return row


def beyond(name: str, text: str) -> bool:
    """Whether the text breaks the rule with Gopher's limit."""
    batch = measure(pa.record_batch({"text": [text]}))
    return bool(LimitRule(name, FAMILIES["quality"].limits[name]).broken(batch)[0])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(the", 1),
        ("--", 0),
        ("- 1 + x = §", 2),
        ("well-known don't e.g.", 3),
        ("one\u00a0two\u2028three\u3000four", 4),
        ("one\u200btwo\x1cthree", 1),
        ("日本語 漢字 で", 6),
        ("日本語 in a page that is all of English words", 10),
        ("½ Ⅷ ٣", 3),
        ("\u0301", 0),
    ],
)
def test_word_count(text: str, words: int) -> None:
    assert measured(text)["word_count"] == words


def test_mean_word_length_is_in_code_points_without_outer_punctuation() -> None:
    assert measured("“Éclair,” (e\u0301a)")["mean_word_length"] == (6 + 3) / 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("...", 1),
        ("......", 2),
        (".....", 1),
        ("..", 0),
        (". . .", 0),
        ("…...…", 3),
        ("....…", 2),
        ("a...b....c", 2),
    ],
)
def test_ellipses_do_not_overlap(text: str, count: int) -> None:
    found = measured(f"one {text} two")
    assert found["ellipsis_ratio"] * found["word_count"] == pytest.approx(count)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(".…a \n\xa6\u2026\u2025#é"), max_size=200))
@example("a" + "." * 63 + "..")
def test_symbols_across_the_blocks_that_kernels_read(text: str) -> None:
    expected = reference.measurements(text)
    found = measured(text)
    assert found["ellipsis_ratio"] == pytest.approx(expected["ellipsis_ratio"], rel=1e-12)
    assert found["hash_ratio"] == pytest.approx(expected["hash_ratio"], rel=1e-12)


@pytest.mark.parametrize(
    ("line", "bullet"),
    [
        *((f"{sign} item", True) for sign in "•‣◦●○■□▪▫*-–—"),
        *((f"{sign}item", True) for sign in "•‣◦●○■□▪▫"),
        *((f"{sign}item", False) for sign in "*-–—"),
        *((sign, True) for sign in "*-–—•"),
        ("  \t- item", True),
        ("-1 degree", False),
        ("--verbose", False),
        ("-\titem", False),
        ("-\u00a0item", False),
        ("· item", False),
        ("† item", False),
        ("1. item", False),
    ],
)
def test_bullets(line: str, bullet: bool) -> None:
    assert measured(f"{line}\nword")["bullet_line_fraction"] == bullet / 2


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        *((line, True) for line in ("more...", "more…", "more... \t", "...", "…")),
        *((line, False) for line in ("more..", "more...)", "more....”")),
    ],
)
def test_lines_that_end_in_an_ellipsis(line: str, ends: bool) -> None:
    assert measured(f"{line}\nword")["ellipsis_line_fraction"] == ends / 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n \t\n"])
def test_a_line_ends_at_each_kind_of_newline_and_blank_ones_are_none(end: str) -> None:
    assert measured(end.join(["- a", "b", "c", "d", ""]))["bullet_line_fraction"] == 1 / 4


@pytest.mark.parametrize("other", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_other_separators_are_white_space_within_a_line(other: str) -> None:
    assert measured(f"- a{other}b")["bullet_line_fraction"] == 1


def test_alphabetic_words_hold_a_letter_of_any_script() -> None:
    assert measured("a1 漢 é 12 3,5")["alphabetic_word_fraction"] == 3 / 5


def test_stop_words_are_distinct_and_lower_cased() -> None:
    assert measured("the THE The, (the)")["stop_word_count"] == 1
    assert measured("the be to of and that have with")["stop_word_count"] == 8
    assert measured("Be, TO; w\u0130th then he")["stop_word_count"] == 3


def text_of(words: int, *, length: int = 4) -> str:
    """So many different words of the given length."""
    return " ".join(f"{place:0{length}x}"[-length:] for place in range(words))


AT_AND_BEYOND = [
    ("word_count", text_of(50), text_of(49)),
    ("word_count", text_of(100_000, length=5), text_of(100_001, length=5)),
    ("mean_word_length", "abc " * 60, "abc " * 59 + "ab"),
    ("mean_word_length", "abcdefghij " * 60, "abcdefghij " * 59 + "abcdefghijk"),
    ("hash_ratio", "word " * 60 + "# " * 6, "word " * 60 + "# " * 7),
    ("ellipsis_ratio", "word " * 60 + "... … " * 3, "word " * 60 + "... … " * 3 + "…"),
    ("bullet_line_fraction", "- word\n" * 9 + "word\n", "- word\n" * 10 + "word\n"),
    ("ellipsis_line_fraction", "word...\n" * 3 + "word\n" * 7, "word…\n" * 3 + "word\n" * 6),
    ("alphabetic_word_fraction", "word " * 80 + "12 " * 20, "word " * 79 + "12 " * 21),
    ("stop_word_count", "of the word", "the the word"),
]


@pytest.mark.parametrize(("name", "at", "past"), AT_AND_BEYOND)
def test_exactly_at_a_limit_stays_and_the_next_step_beyond_goes(name: str, at: str, past: str) -> None:
    limit = FAMILIES["quality"].limits[name]
    assert measured(at)[name] in (limit.minimum, limit.maximum)
    assert not beyond(name, at)
    assert beyond(name, past)
