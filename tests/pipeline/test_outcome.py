"""What a run says of itself when it ends, and its exit status."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from massivetext.pipeline.cli import main
from massivetext.pipeline.read.record import EMPTY_FILE
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Figure

PROSE = "The library of the harbour town was to be opened again in the spring of that year, and so it was. "


def curate(folder: Path, sources: str, more: str = "", changed: bool = False) -> Result:
    """`curate` of sources, without rules unless `more` has some."""
    rules = "language: {sources: []}\nquality: {sources: []}\nrepetition: {sources: []}\n"
    (folder / "c.yaml").write_text(f"sources:\n{sources}\nmix: {{tokens: 100}}\n{more or rules}")
    where = [str(folder / "c.yaml"), "--output", str(folder / "out"), "--direct_running_mode=in_memory"]
    return CliRunner().invoke(main, ["curate", *where, *(["--changed"] if changed else [])])


def lines(folder: Path, name: str, good: int, bad: int = 0) -> None:
    rows = [json.dumps({"text": f"{PROSE}{n}"}) for n in range(good)] + [f"{{bad {n}" for n in range(bad)]
    (folder / name).write_text("".join(row + "\n" for row in rows))


def test_all_faults_of_sources_are_told_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,body\n1,a text\n2,another\n")
    (tmp_path / "dump.xml").write_text("<mediawiki><page/></mediawiki>")
    (tmp_path / "b.jsonl").write_text('{"content": "a text", "n": 1}\n')
    (tmp_path / "p.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "code.jsonl").write_text('{"text": "a text"}\n')
    lines(tmp_path, "good.jsonl", 3)
    done = curate(
        tmp_path,
        "  table: {kind: text, paths: [a.csv], weight: 0.2}\n"
        "  dump: {kind: text, paths: [dump.xml], weight: 0.2}\n"
        "  rows: {kind: text, paths: [b.jsonl], weight: 0.2}\n"
        "  image: {kind: books, paths: [p.png], weight: 0.2}\n"
        "  pages: {kind: web, paths: [code.jsonl], weight: 0.1}\n"
        "  good: {kind: text, paths: [good.jsonl], weight: 0.1}\n",
    )
    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()
    told = done.output.splitlines()
    assert len(told) == 5
    for line, expected in zip(
        told,
        (
            "line 2: sources.table: no record of a.csv could be read: field 'text' should hold the text, is missing or "
            "null (fields: id, body)",
            "line 3: sources.dump: no record of dump.xml could be read: the file is a MediaWiki dump, and kind text",
            "line 4: sources.rows: no record of b.jsonl could be read: field 'text' should hold the text, is missing "
            "or null (fields: content, n)",
            "the file is a PNG image, and kind books reads text",
            "It is JSON lines: kind text or news or code reads it",
        ),
        strict=True,
    ):
        assert expected in line


def test_all_patterns_that_match_nothing_are_told_at_once(tmp_path: Path) -> None:
    done = curate(
        tmp_path,
        "  a: {kind: text, paths: [a.jsonl, b.jsonl], weight: 0.5}\n  c: {kind: text, paths: [c.jsonl], weight: 0.5}\n",
    )
    assert done.exit_code == 2
    assert [
        f"`{name}.jsonl`" in line for name, line in zip("abc", done.output.splitlines(), strict=True)
    ] == [True] * 3


def test_a_broken_first_file_is_no_fault_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "0.jsonl").write_bytes(b"\0" * 100)
    lines(tmp_path, "1.jsonl", 300)
    done = curate(tmp_path, '  a: {kind: text, paths: ["*.jsonl"], weight: 1}\n')
    assert done.exit_code == 0
    assert "warning: a: 1 of 301 records could not be read; most often: 0.jsonl at 0: " in done.output
    assert (
        f"massivetext inspect {tmp_path}/out --failed lists the records that could not be read" in done.output
    )


@pytest.mark.parametrize(("more", "status"), [("", 1), ("limits: {failed: 0.2}\n", 0)])
def test_more_failures_than_allowed_are_an_error(tmp_path: Path, more: str, status: int) -> None:
    lines(tmp_path, "a.jsonl", 90, bad=10)
    rules = "language: {sources: []}\n"
    done = curate(tmp_path, "  a: {kind: text, paths: [a.jsonl], weight: 1}\n", rules + more)
    assert done.exit_code == status
    assert "a: 10 of 100 records could not be read" in done.output
    assert (
        "error: a: 10 of 100 records could not be read, which is more than limits.failed (1.00%)"
        in done.output
    ) == (status == 1)


def test_a_source_that_is_wholly_unread_is_an_error(tmp_path: Path) -> None:
    """Here only its middle, which is not looked at before the work, can be read as JSON: there it has no text."""
    for number in range(5):
        (tmp_path / f"{number}.jsonl").write_text("" if number in (0, 2, 4) else '{"txt": "a"}\n')
    done = curate(tmp_path, '  a: {kind: text, paths: ["*.jsonl"], weight: 1}\n')
    assert done.exit_code == 1
    assert (
        "error: a: could not be read: all its 2 records failed; most often: 1.jsonl at 0: field 'text'"
        in done.output
    )


def test_a_source_of_which_nothing_is_kept_names_the_rules(tmp_path: Path) -> None:
    lines(tmp_path, "a.jsonl", 9)
    done = curate(
        tmp_path,
        "  a: {kind: text, paths: [a.jsonl], weight: 1}\n",
        "language: {sources: []}\nquality: {sources: [a], word_count: {minimum: 5000}}\n",
    )
    assert done.exit_code == 0
    assert "warning: a: none of 9 documents is kept: word_count removed 9" in done.output


def test_failures_are_listed_by_kind(tmp_path: Path) -> None:
    lines(tmp_path, "a.jsonl", 5, bad=3)
    with (tmp_path / "a.jsonl").open("a") as stream:
        stream.write('{"txt": "a"}\n')
    curate(tmp_path, "  a: {kind: text, paths: [a.jsonl], weight: 1}\n")
    listed = CliRunner().invoke(main, ["inspect", str(tmp_path / "out"), "--failed"]).output.splitlines()
    assert listed[0] == "a: 4 records could not be read"
    assert listed[1].startswith("  3 like a.jsonl at ")
    assert "invalid JSON: " in listed[1]
    assert listed[2].startswith("  1 like a.jsonl at ")
    assert "field 'text' should hold the text, is missing or null (fields: txt)" in listed[2]
    as_json = (
        CliRunner().invoke(main, ["inspect", str(tmp_path / "out"), "--failed", "--json"]).output.splitlines()
    )
    assert [json.loads(line)["records"] for line in as_json] == [3, 1]


def test_an_empty_source_is_an_error_unless_its_weight_is_zero(tmp_path: Path) -> None:
    lines(tmp_path, "good.jsonl", 3)
    (tmp_path / "none.jsonl").write_text("")
    (tmp_path / "head.csv").write_text("text,score\n")
    good = "  good: {kind: text, paths: [good.jsonl], weight: 1}\n"
    done = curate(tmp_path, f"{good}  none: {{kind: text, paths: [none.jsonl], weight: 1}}\n")
    assert done.exit_code == 2
    assert "line 3: sources.none: its files (1) are empty" in done.output
    done = curate(tmp_path, f"{good}  none: {{kind: text, paths: [none.jsonl], weight: 0}}\n")
    assert done.exit_code == 0
    assert "warning: none: its files hold no documents" in done.output
    done = curate(tmp_path, f"{good}  rows: {{kind: text, paths: [head.csv], weight: 1}}\n", changed=True)
    assert done.exit_code == 1
    assert "error: rows: its files hold no documents" in done.output


def test_a_file_without_a_record_is_counted(tmp_path: Path) -> None:
    lines(tmp_path, "a.jsonl", 3)
    (tmp_path / "b.jsonl").write_text("\n")
    done = curate(tmp_path, "  good: {kind: text, paths: ['?.jsonl'], weight: 1}\n")
    assert done.exit_code == 0
    counted = [row for row in rows(str(tmp_path / "out"), "curate") if row.figure == Figure.SKIPPED]
    assert [(row.key, row.documents) for row in counted] == [(EMPTY_FILE, 1)]


def test_a_sample_without_a_record_says_so(tmp_path: Path) -> None:
    lines(tmp_path, "good.jsonl", 3)
    good = "  good: {kind: text, paths: [good.jsonl], weight: 1}\n"
    done = curate(tmp_path, f"{good}sample: 0.000001\n")
    assert done.exit_code == 1
    told = "error: good: the sample of 0.0001% holds none of its records: give a larger --sample"
    assert told in done.output.replace("\n", " ")
