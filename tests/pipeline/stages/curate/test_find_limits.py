"""Limits of languages that a run finds: the same text gets the same verdict, and a frozen run repeats them."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pyarrow.dataset as ds
import pytest
import yaml

from massivetext.filters.calibrate import FEWEST
from tests.pipeline.runs import hashes

ENGLISH = """the wheel of the mill turned all day and nobody could say that it had ever stopped; with the spring came
the flood, and the people of the valley had to carry their goods to the church; the old man would have told you of the
bridge that was lost, and of the miller who built it again with his own hands; to be honest, few of them believed it"""
GERMAN = """das Rad der Mühle drehte sich den ganzen Tag und niemand konnte sagen, dass es je gestanden hatte; mit dem
Frühling kam das Hochwasser, und die Leute aus dem Tal mussten ihre Sachen in die Kirche tragen; der alte Mann hätte
dir von der Brücke erzählt, die verloren war, und von dem Müller, der sie mit seinen Händen wieder baute; um ehrlich
zu sein, glaubten es nur wenige von ihnen"""
CHINESE = """磨坊的轮子整天都在转，没有人能说它曾经停过；春天来了，洪水也来了，
山谷里的人们不得不把他们的东西搬到教堂里去；那个老人会告诉你那座失去的桥，还有那个用自己的双手重新把它建起来的磨坊主；说实话，他们当中很少有人相信这件事"""
CONFIG = """\
sources: {t: {kind: text, paths: [docs.jsonl], weight: 1}}
language: {keep: [en, de, zh, fr]}
quality: {sources: [t]%s}
repetition: {sources: [t]%s}
tokenizer: {train: {vocabulary: 2000, sample_bytes: 100000}}
mix: {tokens: 1000, sequence_length: 16}
"""
AUTO = ", languages: {other: auto}"


def pages(text: str, joint: str, seed: int) -> Iterator[str]:
    """600 pages of shuffled words (of Chinese, characters); one in six is short, and one in six repeats itself."""
    words, chance = text.split() if joint else list(text.replace("\n", "")), random.Random(seed)
    for number in range(600):
        lines = [joint.join(chance.choices(words, k=15)) + f" {chance.randint(0, 99)}." for _ in range(12)]
        if number % 6 == 0:
            lines = lines[:1]
        elif number % 6 == 1:
            lines = lines[:2] * 6
        yield "\n".join(lines)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, massivetext_here) -> Path:
    folder = tmp_path_factory.mktemp("limits")
    with (folder / "docs.jsonl").open("w") as docs:
        for language, text, joint in (("en", ENGLISH, " "), ("de", GERMAN, " "), ("zh", CHINESE, "")):
            for page in pages(text, joint, 7):
                docs.write(json.dumps({"text": page, "url": f"https://{language}.example/"}) + "\n")
    for name, languages in (("auto", AUTO), ("paper", "")):
        (folder / f"{name}.yaml").write_text(CONFIG % (languages, languages))
        done = massivetext_here("curate", f"{name}.yaml", "--output", name, cwd=folder)
        assert done.returncode == 0, done.stderr
        (folder / f"{name}.log").write_text(done.stderr)
    return folder


def removed(folder: Path, out: str) -> dict[str, float]:
    """The share of documents that limits remove, by the language that they were written in."""
    columns = ds.dataset(folder / out / "documents").to_table(columns=["id", "url"]).to_pylist()
    failed = {
        row["id"]: row["failed_rules"] for row in ds.dataset(folder / out / "verdicts").to_table().to_pylist()
    }
    shares: dict[str, list[bool]] = {}
    for row in columns:
        rules = set(failed[row["id"]]) - {"language"}
        shares.setdefault(row["url"][8:10], []).append(bool(rules))
    return {language: sum(values) / len(values) for language, values in shares.items()}


def test_the_same_text_gets_the_same_verdict(made: Path) -> None:
    paper, auto = removed(made, "paper"), removed(made, "auto")
    assert 0.2 < auto["en"] == paper["en"] < 0.6
    assert paper["de"] > 0.9
    assert paper["zh"] > 0.9
    for language in ("de", "zh"):
        assert auto["en"] / 2 < auto[language] <= 2 * auto["en"] + 0.02


def test_what_was_found_stands_in_the_manifest(made: Path) -> None:
    limits = json.loads((made / "auto/manifest.json").read_bytes())["limits"]
    assert list(limits) == ["quality", "repetition"]
    assert {"und", "der"} <= set(limits["quality"]["de"]["stop_words"])
    assert "的" in limits["quality"]["zh"]["stop_words"]
    assert limits["quality"]["zh"]["mean_word_length"]["minimum"] < 2


def test_a_language_with_few_documents_is_not_judged_and_is_named(made: Path) -> None:
    log = " ".join((made / "auto.log").read_text().split())
    assert "no rule of quality judges documents in fr (0): the sample holds only as many" in log
    assert f"limits need {FEWEST}" in log
    limits = json.loads((made / "auto/manifest.json").read_bytes())["limits"]
    assert set(limits["quality"]["fr"].values()) == {None}


def test_a_run_warns_where_limits_for_english_judge_other_languages(made: Path) -> None:
    assert "limits for English judge languages that are kept" in (made / "paper.log").read_text()
    assert "limits for English judge" not in (made / "auto.log").read_text()


def test_frozen_limits_give_the_same_verdicts(made: Path, massivetext_here) -> None:
    frozen = massivetext_here("limits", "auto", cwd=made)
    assert frozen.returncode == 0
    values = yaml.safe_load((made / "auto.yaml").read_text())
    for family, section in yaml.safe_load(frozen.stdout).items():
        values[family] = {"sources": ["t"], **section}
    (made / "frozen.yaml").write_text(yaml.safe_dump(values))
    done = massivetext_here("curate", "frozen.yaml", "--output", "frozen", cwd=made)
    assert done.returncode == 0, done.stderr
    assert hashes(made / "frozen/documents") == hashes(made / "auto/documents")
    assert hashes(made / "frozen/verdicts") == hashes(made / "auto/verdicts")
    assert massivetext_here("limits", "frozen", cwd=made).returncode == 2


def test_another_run_finds_the_same(made: Path, massivetext_here) -> None:
    assert massivetext_here("curate", "auto.yaml", "--output", "again", cwd=made).returncode == 0
    assert hashes(made / "again/verdicts") == hashes(made / "auto/verdicts")


def test_a_whole_run_ends_in_a_report_and_keeps_its_promises(made: Path, massivetext_here) -> None:
    done = massivetext_here("run", "auto.yaml", "--output", "auto", cwd=made)
    assert done.returncode == 0, done.stderr
    stats = json.loads((made / "auto/report/stats.json").read_bytes())
    found = stats["configuration"]["quality"]["languages"]["zh"]
    assert "的" in found["stop_words"]
    (rule,) = (rule for rule in stats["rules"] if rule["name"] == "word_count")
    assert rule["own_limits"]["zh"] == found["word_count"]
    page = (made / "auto/report/index.html").read_text()
    assert f"Limits of {len(rule['own_limits'])} languages" in page
    verified = massivetext_here("verify", "auto", cwd=made)
    assert verified.returncode == 0, verified.stderr
