"""Exactly at each limit stays, the next value that a column can hold beyond it goes."""

import math

import numpy as np
import pyarrow as pa
import pytest

from massivetext.filters.families import limits
from massivetext.filters.families.blocklist import BlocklistRule
from massivetext.filters.families.family import Limit, LimitRule
from massivetext.filters.families.language import LanguageRule
from massivetext.filters.families.licence import LicenceRule
from massivetext.filters.families.robots import RobotsRule
from massivetext.filters.judge import judge, reasons
from massivetext.filters.language.language import Kept
from massivetext.schemas.document import LANGUAGE
from massivetext.schemas.measurement import CHARACTERS, CODE, MEASUREMENT, READINGS

TYPES = {field.name: field.type for field in (*MEASUREMENT, *READINGS, *CODE, *CHARACTERS)}
Case = tuple[str, float, float]


def beyond(column: str, value: float, direction: float) -> float:
    """The next count, or the next float64."""
    if pa.types.is_integer(TYPES[column]):
        return value + math.copysign(1, direction)
    return math.nextafter(value, direction)


SIDES: list[Case] = [
    *((column, limit.minimum, -math.inf) for column, limit in limits().items() if limit.minimum is not None),
    *((column, limit.maximum, math.inf) for column, limit in limits().items() if limit.maximum is not None),
]


def broken(rule: LimitRule, values: list[float | None]) -> list[bool]:
    column = pa.array(values, pa.float64()).cast(TYPES[rule.name])
    return rule.broken(pa.record_batch({rule.name: column})).tolist()


def test_every_measurement_has_a_limit_and_every_limit_a_measurement() -> None:
    assert list(limits()) == [*MEASUREMENT.names, *READINGS.names, *CODE.names, *CHARACTERS.names[:2]]
    assert {column for column, *_ in SIDES} == set(limits())


@pytest.mark.parametrize(("column", "limit", "direction"), SIDES)
def test_at_the_limit_stays_and_beyond_goes(column: str, limit: float, direction: float) -> None:
    rule = LimitRule(column, limits()[column])
    values = [limit, beyond(column, limit, direction), beyond(column, limit, -direction), None]
    assert broken(rule, values) == [False, True, False, False]


# Limits as the paper states them, not as the module does.
STATED = {
    "word_count": (50, 100_000),
    "mean_word_length": (3, 10),
    "hash_ratio": (None, 0.1),
    "ellipsis_ratio": (None, 0.1),
    "bullet_line_fraction": (None, 0.9),
    "ellipsis_line_fraction": (None, 0.3),
    "alphabetic_word_fraction": (0.8, None),
    "stop_word_count": (2, None),
    "duplicate_line_fraction": (None, 0.3),
    "duplicate_paragraph_fraction": (None, 0.3),
    "duplicate_line_character_fraction": (None, 0.2),
    "duplicate_paragraph_character_fraction": (None, 0.2),
    "top_2_gram_character_fraction": (None, 0.2),
    "top_3_gram_character_fraction": (None, 0.18),
    "top_4_gram_character_fraction": (None, 0.16),
    "duplicate_5_gram_character_fraction": (None, 0.15),
    "duplicate_6_gram_character_fraction": (None, 0.14),
    "duplicate_7_gram_character_fraction": (None, 0.13),
    "duplicate_8_gram_character_fraction": (None, 0.12),
    "duplicate_9_gram_character_fraction": (None, 0.11),
    "duplicate_10_gram_character_fraction": (None, 0.1),
    "maximum_line_length": (None, 1000),
    "mean_line_length": (None, 100),
    "alphanumeric_fraction": (0.25, None),
    "encoded_data_fraction": (None, 0.5),
    "longest_encoded_run": (None, 1024),
}
READ = {"alphabetic_token_fraction": (0.8, None), "stop_word_occurrences": (2, None)} | {
    f"copied_{n}_gram_character_fraction": STATED[f"duplicate_{n}_gram_character_fraction"]
    for n in range(5, 11)
}
OWN = {"control_character_count": (None, 0), "replacement_character_count": (None, 0)}


def test_limits_are_those_of_the_papers() -> None:
    assert {
        column: (limit.minimum, limit.maximum) for column, limit in limits().items()
    } == STATED | READ | OWN


def test_a_language_exactly_as_probable_as_asked_stays() -> None:
    asked = np.float32(0.5)
    probabilities = [asked, np.nextafter(asked, np.float32(0)), np.nextafter(asked, np.float32(1)), asked]
    batch = pa.record_batch(
        {
            "language": ["en", "en", "en", "de"],
            "language_probability": pa.array(probabilities, pa.float32()),
            "languages": pa.array([[]] * 4, LANGUAGE.field("languages").type),
        }
    )
    assert LanguageRule(Kept(("en",), 0.5)).broken(batch).tolist() == [False, True, False, True]


def test_no_licence_is_not_a_kept_one() -> None:
    batch = pa.record_batch({"licence": pa.array(["MIT", "GPL-3.0-only", None])})
    assert LicenceRule(("MIT",)).broken(batch).tolist() == [False, True, True]


def test_the_first_broken_rule_in_order_is_the_reason() -> None:
    rules = [LimitRule("b", Limit(maximum=1)), LimitRule("a", Limit(minimum=1))]
    verdicts = judge(pa.record_batch({"a": [0.0, 0.0, 1.0], "b": [2.0, 1.0, 2.0]}), rules)
    first, failed = reasons(verdicts, rules)
    assert first.to_pylist() == ["b", "a", "b"]
    assert failed.to_pylist() == [["b", "a"], ["a"], ["b"]]


def test_no_rules_break_nothing() -> None:
    assert judge(pa.record_batch({"a": [1.0]}), []).shape == (1, 0)


def test_robots_rule() -> None:
    asked = pa.array(
        [["noai"], None, [], ["max-snippet:-1", "noindex"], ["none"], ["all"]], pa.list_(pa.string())
    )
    batch = pa.record_batch({"robots": asked})
    assert RobotsRule(("NoAI",)).broken(batch).tolist() == [True, False, False, False, False, False]
    assert RobotsRule(("noindex",)).broken(batch).tolist() == [False, False, False, True, True, False]
    assert RobotsRule(("max-snippet",)).broken(batch.slice(1)).tolist() == [False, False, True, False, False]


def test_blocklist_rule() -> None:
    batch = pa.record_batch({"blocklisted": pa.array(["a.example", None])})
    assert BlocklistRule().broken(batch).tolist() == [True, False]


def measured(*rows: tuple[str | None, int | None]) -> pa.RecordBatch:
    return pa.record_batch(
        {
            "language": pa.array([language for language, _ in rows], pa.string()),
            "word_count": pa.array([words for _, words in rows], pa.int64()),
        }
    )


def test_a_language_may_have_a_limit_of_its_own() -> None:
    rule = LimitRule("word_count", Limit(50, 1000), {"de": Limit(40), "ja": Limit(), "zh": Limit(80, 900)})
    batch = measured(
        *(
            ("en", 49),
            ("en", 50),
            ("de", 39),
            ("deu_Latn", 40),
            ("de", 5000),
            ("ja", 1),
            ("zh", 79),
            ("zh", 901),
        ),
        *((None, 49), (None, 50), ("fr", 49), ("de", None)),
    )
    expected = [True, False, True, False, False, False, True, True, True, False, True, False]
    assert rule.broken(batch).tolist() == expected
    assert rule.has_own(batch).tolist() == [
        label not in ("en", "fr", None) for label in batch["language"].to_pylist()
    ]
    assert rule.limit_of("cmn_Hani") == Limit(80, 900)
    assert rule.limit_of(None) == rule.limit_of("en") == Limit(50, 1000)
    assert set(rule.columns) == {"word_count", "language"}
    assert rule.description == (
        "below 50 or above 1,000 (de: below 40; ja: no limit; zh: below 80 or above 900)"
    )


def test_limits_of_many_languages_are_counted_where_the_rule_is_described() -> None:
    rule = LimitRule("word_count", Limit(50), {language: Limit(40) for language in ("cs", "de", "fr", "pl")})
    assert rule.description == "below 50; 4 languages have limits of their own"


def test_without_limits_of_languages_no_language_is_needed() -> None:
    rule = LimitRule("word_count", Limit(50))
    assert rule.columns == ("word_count",)
    assert rule.broken(pa.record_batch({"word_count": [49, 50, None]})).tolist() == [True, False, False]
