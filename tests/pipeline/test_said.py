"""What commands say: for people, quietly, in lines of JSON; and results as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from massivetext.pipeline.cli import main
from tests.pipeline.test_outcome import PROSE, lines

RULES = "language: {sources: []}\nquality: {sources: []}\nrepetition: {sources: []}\nmix: {tokens: 100}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines(tmp_path, "a.jsonl", 300, bad=2)
    (tmp_path / "c.yaml").write_text(f"sources:\n  a: {{kind: text, paths: [a.jsonl]}}\n{RULES}")
    return tmp_path


def massivetext(folder: Path, command: str, *options: str) -> Result:
    output = [] if command == "check" else ["--output", str(folder / "out")]
    where = [str(folder / "c.yaml"), *output, *options, "--direct_running_mode=in_memory"]
    return CliRunner().invoke(main, [command, *where])


def test_quiet_says_warnings_alone(folder: Path) -> None:
    done = massivetext(folder, "curate", "--quiet")
    assert done.exit_code == 0
    told = done.stderr.splitlines()
    assert told[0].startswith("warning: a: 2 of 302 records could not be read")
    assert not any("finished" in line or "running on" in line for line in told)


def test_a_log_of_json_lines(folder: Path) -> None:
    done = massivetext(folder, "curate", "--log-format", "json")
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert {"time", "level", "message"} == {key for line in told for key in line}
    assert any(line["level"] == "info" and line["message"].startswith("curate finished in") for line in told)
    assert any(line["level"] == "warning" and line["message"].startswith("a: 2 of 302") for line in told)
    (folder / "c.yaml").write_text("sources: 1\n")
    done = massivetext(folder, "curate", "--log-format", "json")
    assert done.exit_code == 2
    assert [json.loads(line)["level"] for line in done.stderr.splitlines()] == ["error"]


def test_the_result_of_a_stage(folder: Path) -> None:
    done = massivetext(folder, "curate", "--json")
    found: dict[str, Any] = json.loads(done.stdout)
    assert (found["exit_status"], found["output"], found["sample"]) == (0, str(folder / "out"), None)
    assert found["sources"] == {"a": {"read": 302, "failed": 2, "kept": 300}}
    assert found["stages"]["curate"]["parts"] == 1
    assert [problem["is_fatal"] for problem in found["problems"]] == [False]


def test_the_result_of_an_error(folder: Path) -> None:
    (folder / "a.jsonl").unlink()
    done = massivetext(folder, "check", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["exit_status"] == 2
    assert "no file matches" in json.loads(done.stdout)["error"]
    assert "no file matches" in done.stderr


def test_the_result_of_check(folder: Path) -> None:
    done = massivetext(folder, "check", "--json")
    source = json.loads(done.stdout)["sources"]["a"]
    assert (source["kind"], source["files"], source["format"]) == ("text", 1, "JSON lines")
    assert source["records"][0] == {"offset": 0, "title": None, "url": None, "text": f"{PROSE}0"}


def test_the_results_of_verify_and_compare(tmp_path: Path, finished: Path) -> None:
    verified = CliRunner().invoke(main, ["verify", str(finished), "--json"])
    assert json.loads(verified.stdout) == {"exit_status": 0, "output": str(finished), "breaches": []}
    none = CliRunner().invoke(main, ["verify", str(tmp_path), "--json"])
    assert (none.exit_code, json.loads(none.stdout)["exit_status"]) == (2, 2)
    compared = CliRunner().invoke(main, ["compare", str(finished), str(finished), "--json"])
    assert json.loads(compared.stdout)["comparison"]["moved"] == []


def test_a_sample_is_marked_and_keyed(folder: Path) -> None:
    done = massivetext(folder, "curate", "--sample", "10%", "--json")
    found = json.loads(done.stdout)
    assert found["sample"] == 0.1
    assert 15 < found["sources"]["a"]["read"] < 50
    manifest = json.loads((folder / "out/manifest.json").read_text())
    assert '"sample":0.1' in json.dumps(manifest, separators=(",", ":"))
    other = massivetext(folder, "curate")
    assert other.exit_code == 2
    assert "sample: 0.1 -> None" in other.output
    whole = massivetext(folder, "curate", "--changed", "--json")
    assert json.loads(whole.stdout)["sources"]["a"]["read"] == 302
    wrong = massivetext(folder, "check", "--sample", "half")
    assert wrong.exit_code == 2
    assert "sample" in wrong.output
