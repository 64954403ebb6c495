from pathlib import Path

from click.testing import CliRunner

from massivetext.pipeline.cli import main


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
