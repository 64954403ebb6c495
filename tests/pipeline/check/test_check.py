import io
from pathlib import Path

from click.testing import CliRunner
from rich.console import Console

from massivetext.pipeline.check.check import _show
from massivetext.pipeline.cli import main
from massivetext.pipeline.read.first_records import First
from massivetext.pipeline.read.formats.recognise import JSON_LINES
from massivetext.pipeline.read.record import Record


def check(config: Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["check", str(config)])
    return done.exit_code, done.output


def test_the_first_records_are_shown_as_they_would_be_read(sample: Path) -> None:
    status, said = check(sample / "massivetext.yaml")
    assert status == 0
    assert "news: kind news, 1 files, " in said
    assert "news/news-00.jsonl.zst is JSON lines" in said
    assert "title George Washington: annual message, 1790" in said
    assert said.endswith("massivetext.yaml: no fault found\n")


def test_a_terminal_gets_a_line_for_each_record() -> None:
    records = [Record(0, "many words " * 90, title="A title"), Record(1000, "few words")]
    first = First("a.jsonl", JSON_LINES, records, [], [], 1)
    for is_terminal, most in ((True, 80), (False, 300)):
        out = io.StringIO()
        _show(first, Console(file=out, width=80, force_terminal=is_terminal, color_system=None))
        printed = out.getvalue().splitlines()
        assert len(printed) == 2
        assert 80 <= max(map(len, printed)) <= most


def test_faults_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,body\n1,b\n")
    config = tmp_path / "c.yaml"
    config.write_text("sources: {a: {kind: text, paths: [a.csv], weight: 3}}\nmix: {tokens: 10}\n")
    status, said = check(config)
    assert status == 2
    assert "sources.a: no record of a.csv could be read: field 'text' should hold the text" in said
    assert "(fields: id, body)" in said


def test_rules_without_meaning_for_a_language_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "ein Text"}\n')
    config = tmp_path / "c.yaml"
    source = "sources: {a: {kind: text, paths: [a.jsonl]}}\nlanguage: {keep: [en, de]}\n"
    judged = "quality: {sources: [a]%s}\nrepetition: {sources: [a]%s}\n"
    config.write_text(source + judged % ("", ""))
    status, said = check(config)
    assert status == 0
    assert "limits for English judge languages that are kept (quality: de; repetition: de)" in said
    assert "quality:    {languages: {other: auto}}" in said
    config.write_text(source + judged % (2 * (", languages: {other: auto}",)))
    assert "limits for English" not in check(config)[1]
