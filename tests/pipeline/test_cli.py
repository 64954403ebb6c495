"""The command line as a user meets it: what is wrong is said before any work, with exit status 2."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from massivetext.pipeline.cli import main

GOOD = """\
sources:
  c4: {kind: text, paths: ["*.jsonl"], weight: 1}
tokenizer: {train: {vocabulary: 512}}
mix: {tokens: 100, sequence_length: 8}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.jsonl").write_text('{"text": "the one document of this corpus"}\n')
    (tmp_path / "folder").mkdir()
    return tmp_path


def command(*arguments: str) -> Result:
    """Run the command line in this process, which has imported all it needs."""
    return CliRunner().invoke(main, arguments)


def refused(folder: Path, text: str, *arguments: str) -> str:
    """What `run` says of a configuration that it must refuse before any work."""
    (folder / "c.yaml").write_text(text)
    done = command("run", str(folder / "c.yaml"), "--output", str(folder / "out"), *arguments)
    assert done.exit_code == 2, done.output
    assert not (folder / "out").exists()
    return done.output.strip()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "weight: 1",
            "weigth: 1",
            "c.yaml, line 2: sources.c4.weigth: unknown key; allowed here: kind, paths, records, weight, ",
        ),
        (
            "sequence_length: 8",
            "sequence_length: long",
            "c.yaml, line 4: mix.sequence_length: Input should be a valid integer",
        ),
        ("weight: 1", "weight: 0", "c.yaml, line 1: sources: no weight is above 0"),
        (
            "weight: 1",
            "weight: -1",
            "c.yaml, line 2: sources.c4.weight: Input should be greater than or equal to 0",
        ),
        ("*.jsonl", "*.parquet", "c.yaml, line 2: sources.c4.paths.0: no file matches `*.parquet`"),
        (
            "kind: text",
            "kind: texts",
            "c.yaml, line 2: sources.c4.kind: there is no such kind of source: expected one of books, code, ",
        ),
        ("mix: {tokens: 100, ", "mix: {", "c.yaml, line 4: mix: give either `tokens` or `parameters`"),
        ("tokenizer:", "sources:", "c.yaml, line 3: the key `sources` occurs twice"),
        (
            "mix:",
            "quality: {sources: [web]}\nmix:",
            "c.yaml, line 4: quality.sources: no source is named `web`; there are c4",
        ),
        ("mix:", "quality: {word_count: {least: 3}}\nmix:", "quality.word_count.least: unknown key"),
        ("mix:", "language: {model: m.bin}\nmix:", "language.model: no such file: "),
        (
            "mix:",
            "decontaminate: {test_sets: {x: y.jsonl}}\nmix:",
            "decontaminate.test_sets.x: no such file: ",
        ),
        ("mix:", ": [", "c.yaml: not valid YAML"),
        (
            "mix:",
            "quality:\nmix:",
            "line 4: quality: expected a mapping with some of the keys sources, word_count, ",
        ),
        (
            "weight: 1",
            "weight: 1, columns: {txt: body}",
            "sources.c4.columns.txt: unknown key; allowed here: text, ",
        ),
        ("weight: 1", "weight: yes", "line 2: sources.c4.weight: expected a value other than true or false"),
        (
            "  c4:",
            "  4:",
            "line 2: sources.4: expected text, but YAML reads this value as something else: put it in quotes",
        ),
        ("  c4:", "  C 4:", "line 2: sources.C 4: expected a name of a-z, 0-9, _ and -"),
        (
            "mix:",
            "language: {keep: [no]}\nmix:",
            "language.keep.0: expected text, but YAML reads this value as something else",
        ),
        (
            "mix:",
            "language: {keep: [en, english]}\nmix:",
            "line 4: language.keep.1: the model does not know the language `english`: expected an ISO 639 code",
        ),
        ("mix:", "language: {model: a.jsonl}\nmix:", "line 4: language.model: "),
        (
            "mix:",
            "licence: {keep: [Foo-1.0]}\nmix:",
            "licence.keep: `Foo-1.0` is not the SPDX id of a licence",
        ),
        (
            "mix:",
            "licence: {keep: [mit]}\nmix:",
            "licence.keep: `mit` is not the SPDX id of a licence, but `MIT` is",
        ),
        (
            "mix:",
            "quality: {word_count: {maximum: 9}}\nmix:",
            "line 4: quality.word_count: the minimum 50 is above the maximum 9",
        ),
        (
            "mix:",
            "limits: {record_bytes: 0}\nmix:",
            "line 4: limits: `record_bytes`, `window_bytes` and `expansion_ratio`: expected numbers of at least 1",
        ),
        (
            "mix:",
            "decontaminate: {test_sets: {x: {path: y, txt: z}}}\nmix:",
            "c.yaml, line 4: decontaminate.test_sets.x.txt: unknown key; allowed here: path, ",
        ),
        ("*.jsonl", "folder", "no file matches `folder` (looked for "),
        ("*.jsonl", "folder", "; it is a folder: for its files, write `folder/*`)"),
        ("*.jsonl", "ftp://a/b", "line 2: sources.c4.paths.0: ftp:// is not a known file system"),
        ("sources:", "sources: &all\n  again: *all", "sources.again.kind: Field required"),
    ],
)
def test_a_wrong_configuration_is_refused(folder: Path, old: str, new: str, expected: str):
    assert expected in refused(folder, GOOD.replace(old, new))


def test_an_error_of_one_of_two_types_is_told_once(folder: Path):
    text = GOOD.replace("mix:", "decontaminate: {test_sets: {x: {path: a.jsonl, format: yaml}}}\nmix:")
    assert len(refused(folder, text).splitlines()) == 1


def test_a_missing_configuration_is_refused(tmp_path: Path, massivetext):
    done = massivetext("run", "none.yaml", "--output", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("massivetext: none.yaml: cannot be read: ")


def test_a_running_mode_that_loses_data_is_refused(folder: Path):
    assert "multi_threading loses data" in refused(folder, GOOD, "--direct_running_mode=multi_threading")


def test_an_option_that_nobody_knows_is_refused(folder: Path):
    assert "Beam has an option --direct_num_worker=2" in refused(folder, GOOD, "--direct_num_worker=2")


def test_a_runner_that_nobody_knows_is_refused(folder: Path):
    assert "--runner: Unexpected pipeline runner: Flonk. Valid values are " in refused(
        folder, GOOD, "--runner=Flonk"
    )


def test_an_output_that_is_a_file_is_refused(folder: Path):
    (folder / "c.yaml").write_text(GOOD)
    done = command("run", str(folder / "c.yaml"), "--output", str(folder / "a.jsonl"))
    assert done.exit_code == 2
    assert "a.jsonl: expected a folder (it need not exist yet)" in done.output


def test_a_test_set_that_is_none_is_refused(folder: Path):
    (folder / "t.jsonl").write_text('{"question": "?"}\n')
    text = GOOD.replace("mix:", "decontaminate: {test_sets: {x: t.jsonl}}\nmix:")
    assert "t.jsonl, line 1: no field `text`; it has: question" in refused(folder, text)


def test_an_output_of_another_configuration_is_refused(folder: Path):
    (folder / "c.yaml").write_text(GOOD)
    arguments = (str(folder / "c.yaml"), "--output", str(folder / "out"), "--direct_running_mode=in_memory")
    assert command("curate", *arguments).exit_code == 0
    before = (folder / "out/manifest.json").read_bytes()
    (folder / "c.yaml").write_text("seed: 18\n" + GOOD)
    done = command("curate", *arguments)
    assert done.exit_code == 2
    assert "holds results of another configuration, of other inputs or of other code:\n" in done.output
    assert "\n- the configuration: seed: 17 -> 18\n" in done.output
    assert (folder / "out/manifest.json").read_bytes() == before
    assert command("curate", *arguments, "--changed").exit_code == 0
    assert (folder / "out/manifest.json").read_bytes() != before


def test_a_folder_of_something_else_is_refused(folder: Path):
    (folder / "c.yaml").write_text(GOOD)
    done = command("run", str(folder / "c.yaml"), "--output", str(folder))
    assert done.exit_code == 2
    assert "is not empty, and is not an output of massivetext" in done.output


def test_a_run_that_cannot_be_read_is_told_without_advice_for_a_run(tmp_path: Path):
    (tmp_path / "manifest.json").mkdir()
    done = command("verify", str(tmp_path))
    assert (done.exit_code, done.output) == (1, f"massivetext: {tmp_path}/manifest.json: Is a directory\n")


def test_a_stage_alone_needs_those_before_it(folder: Path):
    (folder / "c.yaml").write_text(GOOD)
    done = command("tokenize", str(folder / "c.yaml"), "--output", str(folder / "out"))
    assert done.exit_code == 2
    assert "tokenize needs curate, which is not finished" in done.output


def test_init_writes_a_configuration_that_is_valid_but_for_its_paths(tmp_path: Path):
    path = str(tmp_path / "massivetext.yaml")
    assert command("init", "--to", path).exit_code == 0
    done = command("run", path, "--output", str(tmp_path / "out"))
    assert "sources.web.paths.0: no file matches `crawl/*.warc.gz`" in done.output
    assert command("init", "--to", path).exit_code == 2, "never overwrites"
    done = command("init", "--to", str(tmp_path / "nowhere/massivetext.yaml"))
    assert (done.exit_code, done.output.count("nowhere/massivetext.yaml: No such file")) == (2, 1)
