"""A user's score as a mix, a run that takes everything, and runs that stop before the mix."""

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from massivetext.pipeline.cli import main
from massivetext.pipeline.export.export import Wanted, export
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.verify.verify import verify

PROSE = (
    "The library of the harbour town was to be opened again in the spring of that year, and so it was number "
)
SOURCES = """
sources:
  graded: {kind: text, paths: [graded.jsonl], columns: {keep: [score, lang]}%s}
  plain: {kind: text, paths: [plain.jsonl]%s}
language: {sources: []}
deduplicate: {sources: []}
"""
TOKENIZER = "tokenizer: {train: {vocabulary: 512}}\n"
BY_SCORE = ", weight: 3, split: {by: score, weights: {'4..': 3, '2..4': 1}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    graded = [{"text": f"{PROSE}{n}", "score": n % 6, "lang": "de" if n % 3 else "en"} for n in range(60)]
    write(tmp_path / "graded.jsonl", graded)
    write(tmp_path / "plain.jsonl", [{"text": f"{PROSE}{n} of the others"} for n in range(30)])
    return tmp_path


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def invoke(folder: Path, configuration: str, command: str = "run", *options: str) -> Result:
    (folder / "c.yaml").write_text(configuration)
    arguments = [command, str(folder / "c.yaml"), "--output", str(folder / "out")]
    return CliRunner().invoke(main, [*arguments, "--direct_running_mode=in_memory", *options])


def run(folder: Path, configuration: str, *options: str) -> Stats:
    done = invoke(folder, configuration, "run", *options)
    assert done.exit_code == 0, done.output
    assert verify(str(folder / "out")) == []
    return Stats.model_validate_json((folder / "out/report/stats.json").read_bytes())


def tokens_by(out: Path, column: str) -> Counter[object]:
    """The tokens in the shards by what a column of their documents holds."""
    (documents,) = out.glob("documents/source=graded/*.parquet")
    table = pq.read_table(documents, partitioning=None)
    value = dict(zip(table["id"].to_pylist(), table[column].to_pylist(), strict=True))
    found: Counter[object] = Counter()
    for row in pq.read_table(out / "shards/index.parquet").to_pylist():
        for id_, size in zip(row["document_ids"], row["lengths"], strict=True):
            found[value.get(id_, "plain")] += size
    return found


def test_a_weight_is_split_by_ranges_of_a_score(folder: Path) -> None:
    mix = "mix: {tokens: 1600, sequence_length: 64}\n"
    stats = run(folder, SOURCES % (BY_SCORE, ", weight: 1") + TOKENIZER + mix)
    given = tokens_by(folder / "out", "score")
    assert given[4] + given[5] == 900
    assert given[2] + given[3] == 300
    assert given["plain"] == 400
    assert not given[0] + given[1]
    graded, plain = stats.mix.sources
    assert [(one.name, one.weight, one.tokens) for one in graded.strata] == [
        ("4..", 0.5625, 900),
        ("2..4", 0.1875, 300),
    ]
    assert graded.wanted == graded.given == 1200
    assert plain.strata == []
    assert "score 4.." in (folder / "out/report/index.html").read_text("utf-8")


def test_another_split_makes_the_mix_alone_again(folder: Path) -> None:
    mix = "mix: {tokens: 800, sequence_length: 64}\n"
    run(folder, SOURCES % (BY_SCORE, "") + TOKENIZER + mix)
    split = ", weight: 3, split: {by: lang, weights: {de: 1, other: 2}}"
    done = invoke(folder, SOURCES % (split, "") + TOKENIZER + mix, "run", "--changed")
    assert done.exit_code == 0, done.output
    assert "tokenize is finished already" in done.output
    given = tokens_by(folder / "out", "lang")
    assert (given["de"], given["en"], given["plain"]) == (200, 400, 200)
    assert verify(str(folder / "out")) == []


def test_an_entry_without_tokens_is_an_error_that_names_it(folder: Path) -> None:
    split = ", split: {by: score, weights: {'9..': 1, other: 1}}"
    done = invoke(folder, SOURCES % (split, "") + TOKENIZER + "mix: {tokens: 100, sequence_length: 64}\n")
    assert done.exit_code == 1
    assert "no tokens are left of graded (9..) (0.25 of 100 tokens)" in done.output


def test_a_split_by_no_column_is_refused(folder: Path) -> None:
    split = ", split: {by: grade, weights: {a: 1}}"
    done = invoke(folder, SOURCES % (split, "") + "mix: {tokens: 100}\n")
    assert done.exit_code == 2
    assert "sources.graded.split.by: documents have no column `grade`" in done.output


def test_all_takes_everything_once(folder: Path) -> None:
    stats = run(folder, SOURCES % ("", "") + TOKENIZER + "mix: {tokens: all, sequence_length: 64}\n")
    for source in stats.mix.sources:
        assert source.given == source.tokens == source.wanted
        assert (source.epochs, source.share) == (1, source.weight)
    assert stats.mix.target == sum(source.tokens for source in stats.mix.sources)
    assert stats.verdict.state != "unfit"


def test_all_and_weights_are_refused_together(folder: Path) -> None:
    done = invoke(folder, SOURCES % (", weight: 3", "") + "mix: {tokens: all}\n")
    assert done.exit_code == 2
    assert "mix.tokens: `all` takes every kept document once" in done.output


def test_a_run_without_a_mix_stops_at_what_is_kept(folder: Path) -> None:
    stats = run(folder, SOURCES % ("", ""))
    assert {"documents", "verdicts", "report"} <= {path.name for path in (folder / "out").iterdir()}
    assert not {"tokens", "shards", "tokenizer"} & {path.name for path in (folder / "out").iterdir()}
    assert (stats.mix.target, stats.verdict.state) == (0, "fit")
    page = (folder / "out/report/index.html").read_text("utf-8")
    assert "The configuration asks for no mix" in page
    assert [one.documents for one in export(str(folder / "out"), str(folder / "to"), Wanted())] == [60, 30]
    for command, expected in (
        (["summary", str(folder / "out")], 0),
        (["plan", "--tokens", "1e9", "--output", str(folder / "out")], 2),
        (["inspect", str(folder / "out")], 0),
        (["withdraw", str(folder / "out"), "--ids", str(folder / "plain.jsonl")], 2),
    ):
        done = CliRunner().invoke(main, command)
        assert done.exit_code == expected, done.output
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception


def test_a_run_may_stop_at_tokens_and_go_on_to_a_mix(folder: Path) -> None:
    run(folder, SOURCES % ("", "") + TOKENIZER)
    assert (folder / "out/tokens").is_dir()
    assert not (folder / "out/shards").exists()
    plan = CliRunner().invoke(main, ["plan", "--tokens", "1e3", "--output", str(folder / "out")])
    assert plan.exit_code == 0, plan.output
    mix = "mix: {tokens: 100, sequence_length: 64}\n"
    stats = run(folder, SOURCES % ("", "") + TOKENIZER + mix, "--changed")
    assert stats.mix.target == 100
    run(folder, SOURCES % ("", "") + TOKENIZER, "--changed")
    assert not list((folder / "out").glob("shards/**/*.*"))


def test_a_stage_that_is_not_asked_for_is_refused(folder: Path) -> None:
    done = invoke(folder, SOURCES % ("", ""), "mix")
    assert done.exit_code == 2
    assert "mix: does not run, since the configuration has no `mix`" in done.output


def test_a_score_is_a_limit_a_what_if_and_a_weight(folder: Path) -> None:
    """What the report's slider says of another limit is what a run with that limit does."""
    limited = SOURCES % (BY_SCORE + ", limits: {score: {minimum: %d}}", "") + TOKENIZER
    mix = "mix: {tokens: 800, sequence_length: 64}\n"
    stats = run(folder, limited % 1 + mix)
    (rule,) = (one for one in stats.rules if one.name == "score")
    assert (rule.minimum, rule.sources[0].first.documents, stats.funnels[1].amount("kept").documents) == (
        1,
        10,
        50,
    )
    (sample,) = (one for one in stats.samples if one.source == "graded")
    scores = sample.values[sample.columns.index("score")]
    within = sum(score >= 3 for score in scores if score is not None)
    assert (within, sample.population.documents) == (30, 60)
    moved = run(folder, limited % 3 + mix, "--changed")
    assert moved.funnels[1].amount("kept").documents == within
    given = tokens_by(folder / "out", "score")
    assert (given[4] + given[5], given[3], given["plain"]) == (450, 150, 200)
    assert not given[2]
