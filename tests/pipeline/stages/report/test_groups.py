"""Groups as they are configured, and which documents belong to them."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner

from massivetext.pipeline.cli import main
from massivetext.pipeline.config.audit import Audit
from massivetext.pipeline.config.load import ConfigError, Loaded, load
from massivetext.pipeline.stages.report.groups import Group, configured, members, store, stored

CONFIGURATION = """
sources: {{s: {{kind: text, paths: [s.jsonl], weight: 1}}}}
mix: {{tokens: 10}}
audit:
  groups:
    {group}
"""


def loaded(folder: Path, group: str) -> Loaded:
    path = folder / "massivetext.yaml"
    path.write_text(CONFIGURATION.format(group=group))
    return load(str(path))


def test_patterns_and_lexicons(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("finna\n")
    assert configured(loaded(tmp_path, "one: ['a+b', c]")) == (Group("one", ("a+b", "c")),)
    (group,) = configured(loaded(tmp_path, "two: words.txt"))
    assert group == Group("two", (r"\bfinna\b",))
    store(str(tmp_path), [group])
    assert stored(str(tmp_path)) == (group,)


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ("one: ['a', '(b']", r"massivetext.yaml, line 6: audit.groups.one.1: not a pattern: missing \)"),
        ("one: nowhere.txt", r"line 6: audit.groups.one: lexicon .*nowhere.txt: cannot be read"),
        ("one: 'bundled:none'", "line 6: audit.groups.one: no lexicon `none` is bundled"),
    ],
)
def test_what_cannot_be_searched_for(tmp_path: Path, group: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        configured(loaded(tmp_path, group))


@pytest.mark.parametrize("group", ["one: []", "One: [a]", "one: 3"])
def test_what_is_no_group(tmp_path: Path, group: str) -> None:
    with pytest.raises(ConfigError, match=r"line 6: audit\.groups"):
        loaded(tmp_path, group)


def test_a_bad_group_is_fatal_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_text('{"text": "a"}\n')
    loaded(tmp_path, "one: ['(b']")
    done = CliRunner().invoke(
        main, ["run", str(tmp_path / "massivetext.yaml"), "--output", str(tmp_path / "out")]
    )
    assert done.exit_code == 2
    assert "line 6: audit.groups.one.0: not a pattern" in done.output
    assert not (tmp_path / "out").exists()


def test_members_have_enough_features_in_all_and_for_their_length() -> None:
    audit = Audit(minimum_features=2, minimum_per_1000_words=1)
    features = np.array([0, 1, 2, 2, 3, 0])
    words = np.array([10, 10, 2000, 2001, 100, 0])
    assert members(audit, features, words).tolist() == [False, False, True, False, True, False]


def test_a_lexicon_names_its_languages(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("# About it.\n\nlanguages: en, pcm\n\nwetin\n")
    (group,) = configured(loaded(tmp_path, "two: words.txt"))
    assert group == Group("two", (r"\bwetin\b",), ("en", "pcm"))
    store(str(tmp_path), [group])
    assert stored(str(tmp_path)) == (group,)


def test_a_word_that_is_no_language_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("wetin\nlanguages: English\n")
    with pytest.raises(ConfigError, match="line 2: `English` is not the code of a language"):
        configured(loaded(tmp_path, "two: words.txt"))


def test_documents_that_are_surely_in_another_language_are_not_searched() -> None:
    columns = pa.record_batch(
        {
            "language": pa.array(["en", "pt", "pt", "eng_Latn", None, "de"], pa.string()),
            "language_probability": pa.array([0.9, 0.97, 0.6, 0.5, 0.0, None], pa.float32()),
        }
    )
    assert Group("g", ("a",), ("en",)).may_hold(columns).tolist() == [True, False, True, True, True, True]
    assert Group("g", ("a",)).may_hold(columns).all()
