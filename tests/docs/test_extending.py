"""The worked examples of docs/extending.md: each is one new file in its folder, and a run does what the page says."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from massivetext.pipeline.cli import main
from massivetext.pipeline.plugins.use import NONE, use
from tests.paths import ROOT
from tests.pipeline.documents import kept, removed

PAGE = (ROOT / "docs/extending.md").read_text("utf-8")
PLUGIN = re.search(r"^```python\n# examples: my_rules\.py\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = dict(re.findall(r"^```python\n# (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
FAMILY, KIND = "filters/families/shouting.py", "pipeline/read/kinds/subtitles.py"

# The command, with one more folder as part of the package that the new file belongs to.
RUNNER = """
import sys
from importlib.machinery import PathFinder

PACKAGE, FOLDER = sys.argv[1:3]

class Beside:
    @staticmethod
    def find_spec(name, path=None, target=None):
        found = PathFinder.find_spec(name, path)
        if found and name == PACKAGE:
            found.submodule_search_locations.append(FOLDER)
        return found

sys.meta_path.insert(0, Beside)
sys.argv[1:3] = []
from massivetext.pipeline.cli import main
main()
"""


def run(example: str, folder: Path, configuration: str) -> Path:
    """A whole run with the new file in its place; its folder."""
    path = folder / "new" / Path(example).name
    path.parent.mkdir()
    path.write_text(EXAMPLES[example], "utf-8")
    (folder / "run.yaml").write_text(configuration)
    package = f"massivetext.{Path(example).parent.as_posix().replace('/', '.')}"
    command = [
        "run",
        str(folder / "run.yaml"),
        "--output",
        str(folder / "out"),
        "--direct_running_mode=in_memory",
    ]
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, package, str(path.parent), *command],
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "out"


def stats(out: Path) -> Any:
    return json.loads((out / "report/stats.json").read_bytes())


def test_every_example_is_one_file() -> None:
    assert list(EXAMPLES) == [FAMILY, KIND]
    for path in EXAMPLES:
        assert (ROOT / path).parent.is_dir()
        assert not (ROOT / path).exists()


PROSE = "The tide mill at the mouth of the creek was built by three brothers who had never seen number {} of the sea. "


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    texts = [PROSE.format(number) * 8 for number in range(20)]
    texts += [(PROSE.format(number) * 8).upper() for number in range(20, 23)] + [
        PROSE.format(99) * 8 + "!" * 21
    ]
    (tmp_path / "lines.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return tmp_path


COMMON = """
language: {sources: []}
repetition: {sources: []}
deduplicate: {sources: []}
tokenizer: {train: {vocabulary: 512, sample_bytes: 100000}}
mix: {tokens: 100, sequence_length: 16}
"""


def test_a_family_of_rules(lines: Path) -> None:
    sources = (
        "sources: {lines: {kind: text, paths: [lines.jsonl]}}\nshouting: {capital_fraction: {maximum: 0.4}}"
    )
    out = run(FAMILY, lines, sources + COMMON)
    gone = removed(out)
    assert gone.column("removed_by").to_pylist() == ["capital_fraction"] * 3 + ["exclamation_count"]
    assert gone.column("capital_fraction").to_pylist()[0] == 1
    assert gone.column("exclamation_count").to_pylist() == [0, 0, 0, 21]
    assert kept(out).num_rows == 20
    figures = stats(out)
    assert {"shouting", "capital_fraction", "exclamation_count"} <= set(
        re.findall(r"\w+", json.dumps(figures))
    )
    edges = {one["column"]: len(one["edges"]) for one in figures["histograms"]}
    assert (edges["capital_fraction"], edges["exclamation_count"]) == (51, edges["word_count"])
    assert "share of the letters that are capitals" in (out / "report/index.html").read_text("utf-8")


def test_a_plugin(lines: Path) -> None:
    assert PLUGIN is not None
    (lines / "my_rules.py").write_text(PLUGIN[1], "utf-8")
    (lines / "lines.jsonl").write_text(
        (lines / "lines.jsonl").read_text() + json.dumps({"text": "1234567890" * 20}) + "\n"
    )
    rule = "my_rules: {sources: [lines], digit_fraction: {maximum: 0.2}}"
    sources = f"plugins: [my_rules.py]\nsources: {{lines: {{kind: text, paths: [lines.jsonl]}}}}\n{rule}"
    (lines / "run.yaml").write_text(sources + COMMON)
    done = CliRunner().invoke(main, ["run", str(lines / "run.yaml"), "--output", str(lines / "out")])
    use(NONE)
    assert done.exit_code == 0, done.output
    assert removed(lines / "out").column("removed_by").to_pylist() == ["digit_fraction"]
    assert "share of the characters that are digits" in (lines / "out/report/index.html").read_text("utf-8")


def test_a_kind_of_source(tmp_path: Path) -> None:
    cues = "".join(
        f"{number + 1}\n00:00:{number:02},000 --> 00:00:{number:02},900\n<i>{PROSE.format(number).strip()}</i>\n\n"
        for number in range(30)
    )
    (tmp_path / "a.srt").write_text(cues)
    (tmp_path / "b.srt").write_text("No subtitles at all.")
    sources = "sources: {films: {kind: subtitles, paths: ['*.srt']}}\nlimits: {failed: 1}"
    out = run(KIND, tmp_path, sources + COMMON)
    (text,) = kept(out).column("text").to_pylist()
    assert text == "\n".join(PROSE.format(number).strip() for number in range(30))
    assert "expected SubRip" in json.dumps(stats(out))
