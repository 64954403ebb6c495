"""A rule that takes the short texts of a group is seen, though no short text has enough features to be in the group."""

import json
import random

import pytest
from click.testing import CliRunner

from massivetext.pipeline.cli import main
from massivetext.pipeline.stages.report.stats import Stats

CONFIG = """
sources:
  messages: {kind: text, paths: [messages.jsonl], weight: 1}
language: {sources: []}
quality: {sources: [messages]}
repetition: {sources: []}
deduplicate: {sources: []}
tokenizer: {train: {vocabulary: 512}}
mix: {tokens: 100000, sequence_length: 128}
audit: {groups: {
    african_american_english: "bundled:african_american_english",
    nigerian_pidgin: "bundled:nigerian_pidgin"}}
"""
WORDS = "people went home early because rain came down hard all over town last night near our old school"
PLAIN = WORDS.split()
STOP_WORDS = ("the", "and", "of", "that")
FEATURES = (
    "finna go",
    "they tryna leave",
    "he gon stay",
    "she be working",
    "ain't nobody",
    "imma wait",
    "deadass tired",
)
PORTUGUESE = (
    "A menina abriu a janela e olhou para o jardim, onde o avô lia o jornal. Sorriu-lhe, e ele acenou com a mão. "
    "Depois foram os dois passear na praça, e na me moria dela ficou para sempre aquela tarde de domingo, com o "
    "cheiro das laranjas e o som dos sinos da igreja. Ninguém sabia ainda que seria a última vez que se viam."
)


def message(chance: random.Random, stop_words: int, feature: str) -> str:
    words = [chance.choice(PLAIN) for _ in range(52 - stop_words)]
    words += chance.sample(STOP_WORDS, stop_words)
    chance.shuffle(words)
    return " ".join([*words[:26], ".", feature, *words[26:]])


@pytest.fixture(scope="module")
def stats(tmp_path_factory: pytest.TempPathFactory) -> Stats:
    """3,000 messages without a feature, of which 3 lack stop words, and 300 with one, of which 21 do; and prose in
    Portuguese, in which `na me` stands."""
    folder, chance = tmp_path_factory.mktemp("short"), random.Random(5)
    texts = [message(chance, 0 if number < 3 else 3, "") for number in range(3000)]
    texts += [message(chance, 0 if number < 21 else 3, chance.choice(FEATURES)) for number in range(300)]
    texts += [PORTUGUESE] * 5
    (folder / "messages.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    (folder / "c.yaml").write_text(CONFIG)
    out = folder / "out"
    arguments = ["run", str(folder / "c.yaml"), "--output", str(out), "--direct_running_mode=in_memory"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return Stats.model_validate_json((out / "report/stats.json").read_bytes())


def test_a_rule_that_takes_short_texts_of_a_group_is_flagged(stats: Stats) -> None:
    group = next(group for group in stats.audit if group.name == "african_american_english")
    [source] = group.sources
    assert source.members == 0
    assert 290 <= source.with_feature <= 310
    [rule] = [rule for rule in source.rules if rule.rule == "stop_word_count"]
    assert rule.members.documents == 0
    assert rule.features.value == pytest.approx((21 / 24) / (300 / 3300), rel=0.1)
    assert rule.features.decided
    assert rule.features_flagged
    assert any(
        warning.subject == "african_american_english" and "stop word count" in warning.message
        for warning in stats.warnings
    )


def test_prose_that_is_surely_in_another_language_is_not_searched(stats: Stats) -> None:
    groups = {group.name: group.sources[0] for group in stats.audit}
    assert groups["nigerian_pidgin"].searched == 3300
    assert groups["nigerian_pidgin"].with_feature == 0
    assert stats.audit[0].languages == ["en"]
