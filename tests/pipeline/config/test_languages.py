"""Limits of languages: how they are written, what is found for them, and what is said where they are missing."""

from typing import Any

import pytest
from pydantic import ValidationError

from massivetext.filters.families.family import Limit, LimitRule
from massivetext.pipeline.config.found import is_sought, resolved, sought
from massivetext.pipeline.config.languages import english_alone
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import judges


def config(keep: list[str], kind: str = "web", **sections: Any) -> Config:
    return Config.model_validate(
        {
            "sources": {"t": {"kind": kind, "paths": ["a"], "weight": 1}},
            "language": {"keep": keep},
            "mix": {"tokens": 1e3},
            **sections,
        }
    )


def rule(config: Config, name: str) -> LimitRule:
    (found,) = [rule for rule in judges(config)["t"] if rule.name == name]
    assert isinstance(found, LimitRule)
    return found


OTHER = {"languages": {"other": "auto"}}


def test_a_language_has_the_limits_that_are_given_and_the_familys_for_the_rest() -> None:
    own = {"word_count": {"minimum": 40}, "mean_word_length": None, "stop_words": ["der", "die"]}
    made = config(["en", "de"], quality={"word_count": {"maximum": 900}, "languages": {"de": own}})
    assert rule(made, "word_count").limit == Limit(50, 900)
    assert rule(made, "word_count").languages == {"de": Limit(40, 900)}
    assert rule(made, "mean_word_length").languages == {"de": Limit()}
    assert rule(made, "hash_ratio").languages == {}
    assert not is_sought(made)


def test_other_is_every_language_that_is_kept_but_english() -> None:
    made = config(
        ["eng_Latn", "de", "fr"], quality={"languages": {"other": "auto", "de": {"word_count": None}}}
    )
    assert sought(made, "quality") == ["de", "fr"]
    assert sought(made, "repetition") == sought(made, "code_quality") == []
    assert sought(config(["en", "de"], repetition={"languages": {"de": "auto"}}), "repetition") == ["de"]


def test_what_is_given_overrides_what_is_found() -> None:
    made = config(
        ["en", "de", "fr"], quality={"languages": {"other": "auto", "de": {"word_count": {"minimum": 7}}}}
    )
    found = {
        "quality": {
            "de": {
                "stop_words": ["und"],
                "word_count": {"minimum": 30, "maximum": 999},
                "hash_ratio": {"maximum": 1},
            },
            "fr": {"word_count": None},
        }
    }
    done = resolved(made, found)
    assert rule(done, "word_count").languages == {"de": Limit(7, 100_000), "fr": Limit()}
    assert rule(done, "hash_ratio").languages == {"de": Limit(maximum=1)}
    assert not is_sought(done)
    assert Config.model_validate(done.model_dump(mode="json")) == done


@pytest.mark.parametrize(
    ("quality", "message"),
    [
        (
            {"languages": {"de": {"word_cuont": None}}},
            "quality.languages.de.word_cuont: unknown key; allowed here",
        ),
        ({"languages": {"other": {"word_count": None}}}, "languages.other: expected auto"),
        (
            {"languages": {"de": {"word_count": {"minimum": 9, "maximum": 3}}}},
            "the minimum 9 is above the maximum 3",
        ),
        ({"languages": {"english": "auto"}}, "quality.languages.english: no such language"),
    ],
)
def test_errors(quality: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        config(["en", "de"], quality=quality)


def test_only_prose_has_limits_of_languages() -> None:
    with pytest.raises(ValidationError, match=r"code_quality\.languages"):
        config(["en"], code_quality=OTHER)


def test_languages_that_limits_for_english_judge_are_named() -> None:
    (warning,) = english_alone(config(["en", "de", "zh"]))
    assert "quality: de, zh; repetition: de, zh" in warning
    assert "quality:    {languages: {other: auto}}\n    repetition: {languages: {other: auto}}" in warning
    (warning,) = english_alone(config(["en", "de"], quality=OTHER))
    assert "(repetition: de)" in warning
    assert "stop_word_count" not in warning


@pytest.mark.parametrize(
    "made",
    [
        config(["en"]),
        config(["eng_Latn"]),
        config(["en", "de"], quality=OTHER, repetition=OTHER),
        config(["en", "de"], kind="wikipedia"),  # which no limit judges
        config(["en", "de"], quality={"languages": {"deu_Latn": "auto"}}, repetition={"sources": []}),
    ],
)
def test_nothing_is_said_where_every_limit_has_a_meaning(made: Config) -> None:
    assert not list(english_alone(made))
