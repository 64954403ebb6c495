"""A changed configuration: what runs again, and what the command says of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from massivetext.pipeline.cli import main

CONFIG = """\
sources: {c4: {kind: text, paths: ["*.jsonl"], weight: 1}}
language: {sources: []}
tokenizer: {train: {vocabulary: 512}}
mix: {tokens: 8, sequence_length: 8}
"""
STAGES = ("curate", "deduplicate", "decontaminate", "tokenizer", "tokenize", "mix", "report")


def run(folder: Path, text: str, *options: str) -> str:
    (folder / "c.yaml").write_text(text)
    arguments = (str(folder / "c.yaml"), "--output", str(folder / "out"), "--direct_running_mode=in_memory")
    done = CliRunner().invoke(main, ["run", *arguments, *options], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("changed") / "ran"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"text": "the one document of this corpus"}\n')
    run(folder, CONFIG)
    return folder


@pytest.fixture
def folder(ran: Path) -> Iterator[Path]:
    """A run's input and output, put back afterwards: a copy elsewhere would have other input files."""
    kept = ran.with_name("kept")
    shutil.copytree(ran, kept)
    yield ran
    shutil.rmtree(ran)
    kept.rename(ran)


@pytest.mark.parametrize(
    ("changed", "said", "why"),
    [
        (
            CONFIG + "quality: {word_count: {minimum: 40}}\n",
            "quality.word_count.minimum: None -> 40.0",
            {
                "curate": "`quality` changed",
                "deduplicate": "curate changed",
                "decontaminate": "deduplicate changed",
                "tokenizer": "decontaminate changed",
                "tokenize": "decontaminate, tokenizer changed",
                "mix": "tokenize changed",
            },
        ),
        (
            CONFIG + "deduplicate: {threshold: 0.7}\n",
            "deduplicate.threshold: 0.8 -> 0.7",
            {"deduplicate": "`deduplicate` changed", "tokenize": "decontaminate, tokenizer changed"},
        ),
        (
            CONFIG.replace("tokens: 8", "tokens: 16"),
            "mix.tokens: 8.0 -> 16.0",
            {"mix": "`mix` changed", "report": "mix changed"},
        ),
    ],
)
def test_what_depends_on_a_change_runs_again(folder: Path, changed: str, said: str, why: dict[str, str]):
    parts = {path: path.stat().st_mtime_ns for path in folder.glob("out/.work/**/part-*.json")}
    output = run(folder, changed, "--changed")
    assert f"changed: {said}\n" in output
    first = STAGES.index(next(iter(why)))
    for stage, because in why.items():
        assert f"{stage} runs again: {because}\n" in output
    for index, stage in enumerate(STAGES):
        assert (f"{stage} runs again: " in output) == (index >= first), stage
        assert (f"{stage} is finished already" in output) == (index < first), stage
        of_stage = [path for path in parts if f"/.work/{stage}/" in str(path)]
        assert all((path.stat().st_mtime_ns == parts[path]) == (index < first) for path in of_stage), stage


def test_a_changed_input_is_told(folder: Path):
    (folder / "b.jsonl").write_text('{"text": "another document"}\n')
    assert "curate runs again: `input files` changed\n" in run(folder, CONFIG)


def test_the_code_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("massivetext.pipeline.runtime.manifest.code", lambda: "other")
    assert "curate runs again: the code changed\n" in run(folder, CONFIG)
