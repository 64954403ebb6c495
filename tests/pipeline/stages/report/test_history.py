"""The earlier runs of an output folder: noted, shown, and no part of any result."""

import json
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.pipeline.conftest import PROSE

CONFIGURATION = """
run: {{name: {name}}}
sources:
  prose: {{kind: text, paths: [prose.jsonl]}}
language:   {{sources: []}}
quality:    {{sources: [prose], word_count: {{minimum: {minimum}}}, stop_word_count: {{minimum: 0}}}}
repetition: {{sources: []}}
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, massivetext_here: Command) -> Path:
    """Three runs in one folder: the second has another limit, the third another name alone."""
    folder = tmp_path_factory.mktemp("history")
    texts = [PROSE, "The harbour was opened again in the spring of that year."]
    (folder / "prose.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    for name, minimum in (("first", 5), ("second", 20), ("third", 20)):
        path = folder / "massivetext.yaml"
        path.write_text(CONFIGURATION.format(name=name, minimum=minimum))
        done = massivetext_here("run", str(path), "--output", str(folder / "out"), "--changed")
        assert done.returncode == 0, done.stderr
    return folder / "out"


def test_a_run_that_came_out_the_same_is_one_run(out: Path) -> None:
    runs = [run["figures"] for run in json.loads((out / "history.json").read_text())["runs"]]
    assert [(run["name"], run["read"], run["kept"]) for run in runs] == [("first", 2, 2), ("third", 2, 1)]


def test_the_report_shows_what_changed_since(out: Path) -> None:
    [earlier] = json.loads((out / "report/stats.json").read_text())["facts"]["earlier"]
    assert earlier["name"] == "first"
    assert earlier["changed"] == ["quality.word_count.minimum: 5.0 -> 20.0"]
    assert "Earlier runs in this folder" in (out / "report/index.html").read_text()


def test_compare_with_nothing_lists_them(out: Path, massivetext_here: Command) -> None:
    done = massivetext_here("compare", str(out))
    assert done.returncode == 0
    assert "first" in done.stdout
    assert "2 documents read, 2 kept" in done.stdout
    assert "quality.word_count.minimum: 5.0 -> 20.0" in done.stdout
    found = json.loads(massivetext_here("compare", str(out), "--json").stdout)
    assert [one["name"] for one in found["earlier"]] == ["first"]


def test_verify_tells_of_a_damaged_history_and_the_next_report_begins_another(
    out: Path, massivetext_here: Command
) -> None:
    assert massivetext_here("verify", str(out)).returncode == 0
    path = out / "history.json"
    whole = path.read_text()
    try:
        path.write_text(whole.replace("first", "worst"))
        done = massivetext_here("verify", str(out))
        assert done.returncode == 1
        assert "history.json: damaged" in done.stdout + done.stderr
        again = massivetext_here("report", str(out.with_name("massivetext.yaml")), "--output", str(out))
        assert again.returncode == 0, again.stderr
        assert [run["figures"]["name"] for run in json.loads(path.read_text())["runs"]] == ["third"]
        assert massivetext_here("verify", str(out)).returncode == 0
    finally:
        path.write_text(whole)
