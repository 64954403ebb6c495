"""A changed configuration: what runs again, and what the command says of it."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from massivetext.pipeline.cli import main
from massivetext.pipeline.verify.verify import verify

CONFIG = """\
sources: {c4: {kind: text, paths: ["*.jsonl"], weight: 1}}
language: {sources: []}
tokenizer: {train: {vocabulary: 512}}
mix: {tokens: 8, sequence_length: 8}
"""
DOCUMENTS = """\
{"text": "the one document of this corpus"}
{"text": "the other one, which has a few more words than the first of them has"}
"""
STAGES = ("curate", "deduplicate", "decontaminate", "tokenizer", "tokenize", "mix", "report")


def arguments(folder: Path, text: str) -> list[str]:
    (folder / "c.yaml").write_text(text)
    return [str(folder / "c.yaml"), "--output", str(folder / "out"), "--direct_running_mode=in_memory"]


def run(folder: Path, text: str, *options: str) -> str:
    done = CliRunner().invoke(main, ["run", *arguments(folder, text), *options], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("changed") / "ran"
    folder.mkdir()
    (folder / "a.jsonl").write_text(DOCUMENTS)
    run(folder, CONFIG)
    return folder


@pytest.fixture
def folder(ran: Path, tmp_path: Path) -> Path:
    """A copy of a run's input and output, which knows the times of its files."""
    shutil.copytree(ran, tmp_path / "ran")
    run(tmp_path / "ran", CONFIG)
    return tmp_path / "ran"


LIMIT = CONFIG + "quality: {sources: [c4], stop_word_count: {minimum: 0}, word_count: {minimum: 5}}\n"


@pytest.mark.parametrize(
    ("changed", "said", "why"),
    [
        (
            LIMIT,
            "quality.word_count: None -> {'minimum': 5.0, 'maximum': None}",
            {"curate": "`quality` changed", "report": "`configuration` changed"},
        ),
        (
            CONFIG + "deduplicate: {threshold: 0.7}\n",
            "deduplicate.threshold: 0.8 -> 0.7",
            {"deduplicate": "`deduplicate` changed", "report": "`configuration` changed"},
        ),
        (
            CONFIG.replace("tokens: 8", "tokens: 16"),
            "mix.tokens: 8.0 -> 16.0",
            {"mix": "`mix` changed", "report": "`configuration`, mix changed"},
        ),
    ],
)
def test_what_depends_on_a_change_runs_again(folder: Path, changed: str, said: str, why: dict[str, str]):
    """And nothing else: a limit that removes no other document than before leaves all stages as they are."""
    refused = CliRunner().invoke(main, ["run", *arguments(folder, changed)])
    assert refused.exit_code == 2
    assert f"- the configuration: {said}" in refused.output
    output = run(folder, changed, "--changed")
    assert f"changed: {said}" in output
    for stage in STAGES:
        assert (
            f"{stage} runs again: {why[stage]}\n" if stage in why else f"{stage} is finished already"
        ) in output


def test_a_limit_that_removes_a_document_reads_nothing_again(folder: Path):
    [before] = folder.glob("out/documents/*/part-*")
    changed = before.stat().st_mtime_ns
    output = run(folder, LIMIT.replace("minimum: 5", "minimum: 8"), "--changed")
    assert "deduplicate runs again: curate changed" in output
    assert before.stat().st_mtime_ns == changed
    assert verify(str(folder / "out")) == []
    run(folder, CONFIG, "--changed")
    assert verify(str(folder / "out")) == []


def test_explain_says_what_would_run_and_runs_nothing(folder: Path):
    files = {path: path.stat().st_mtime_ns for path in folder.rglob("out/**/*") if path.is_file()}
    explained = run(folder, CONFIG.replace("tokens: 8", "tokens: 16"), "--explain").splitlines()
    assert explained == [
        "the configuration: mix.tokens: 8.0 -> 16.0",
        "mix: runs again, since these changed: `mix`",
        "report: runs again, since these changed: `configuration`",
        "curate: would read and measure 0 of 1 parts",
    ]
    assert files == {path: path.stat().st_mtime_ns for path in folder.rglob("out/**/*") if path.is_file()}


def test_another_place_is_no_change(folder: Path, tmp_path: Path):
    """The corpus, the configuration and the output may all lie elsewhere, and the files have another time."""
    shutil.copytree(folder, tmp_path / "moved", copy_function=shutil.copyfile)
    output = run(tmp_path / "moved", CONFIG)
    assert "curate runs again: `input files` changed\n" in output
    for stage in STAGES[1:]:
        assert f"{stage} is finished already" in output


def test_a_replaced_input_of_the_same_size_is_noticed(folder: Path):
    (folder / "a.jsonl").write_text(DOCUMENTS.replace("the one document", "the two document"))
    run(folder, CONFIG)
    [path] = folder.glob("out/documents/*/part-*")
    assert (
        pq.read_table(path, partitioning=None).column("text")[0].as_py() == "the two document of this corpus"
    )
    assert verify(str(folder / "out")) == []


def test_a_lost_input_is_asked_about(folder: Path):
    (folder / "b.jsonl").write_text('{"text": "another document"}\n')
    run(folder, CONFIG)
    (folder / "b.jsonl").unlink()
    refused = CliRunner().invoke(main, ["run", *arguments(folder, CONFIG)])
    assert refused.exit_code == 2
    assert "- source c4: b.jsonl was read, but is no longer among its files" in refused.output
    run(folder, CONFIG, "--changed")
    assert verify(str(folder / "out")) == []


def test_a_changed_input_is_told(folder: Path):
    (folder / "b.jsonl").write_text('{"text": "another document"}\n')
    assert "curate runs again: `input files` changed\n" in run(folder, CONFIG)


def test_changed_code_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("massivetext.pipeline.runtime.manifest.code_of", lambda _: "other")
    refused = CliRunner().invoke(main, ["run", *arguments(folder, CONFIG)])
    assert "- curate: runs again, since these changed: the code of its work\n" in refused.output
    assert "curate runs again: its code, the code of its work changed\n" in run(folder, CONFIG, "--changed")
