"""Which plugins a configuration uses: files by their paths, installed ones by their names."""

import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner

from massivetext.filters.families import FAMILIES
from massivetext.pipeline.cli import main
from massivetext.pipeline.plugins import find as module
from massivetext.pipeline.plugins.find import find, found_again, opened, place_of
from massivetext.pipeline.plugins.guard import PluginError
from massivetext.pipeline.plugins.use import NONE, Plugins, code_of, use
from massivetext.pipeline.runtime.manifest import Manifest

SOURCE = """
import pyarrow as pa
from massivetext.plugins import Measurement
LONG = Measurement("length", "characters", lambda batch: [1] * len(batch), pa.int64(), maximum=9)
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A package with an entry point in each group, of which only `lengths` can be loaded."""
    (tmp_path / "team_rules").mkdir()
    (tmp_path / "team_rules/__init__.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    points = [
        EntryPoint("lengths", "team_rules:LONG", "massivetext.measurements"),
        EntryPoint("mail", "team_mail", "massivetext.readers"),
        EntryPoint("tape", "team_tape", "massivetext.formats"),
        EntryPoint("runes", "team_runes", "massivetext.tokenizers"),
        EntryPoint("web", "team_web", "massivetext.readers"),
    ]
    monkeypatch.setattr(module, "entry_points", lambda group: [one for one in points if one.group == group])
    yield tmp_path
    use(NONE)
    sys.modules.pop("team_rules", None)


def stems(values: dict[str, object]) -> list[str]:
    return [plugin.stem for plugin in find(values, str)]


@pytest.mark.usefixtures("installed")
def test_an_installed_plugin_is_used_where_its_name_is() -> None:
    assert stems({"sources": {"a": {"kind": "web"}}, "mix": {"formats": ["parquet"]}, "quality": {}}) == []
    assert stems({"lengths": {}}) == ["lengths"]
    assert stems({"sources": {"a": {"kind": "mail"}}}) == ["mail"]
    assert stems({"mix": {"formats": ["parquet", "tape"]}}) == ["tape"]
    assert stems({"tokenizer": {"kind": "runes"}}) == ["runes"]
    assert stems({"sources": "nonsense", "mix": None, "tokenizer": []}) == []


def test_an_entry_point_brings_its_measurement_under_its_own_name(installed: Path) -> None:
    found = find({"lengths": {}}, str)
    use(Plugins(found))
    assert list(FAMILIES["lengths"].limits) == ["length"]
    before = code_of("families", ["lengths"])
    (installed / "team_rules/other.py").write_text("x = 1\n")
    assert code_of("families", ["lengths"]) != before, "the whole package counts"
    assert found_again(place_of(found[0]), []) == found[0]
    for forged in ({"value": "antigravity"}, {"group": "console_scripts"}, {"stem": "other"}):
        with pytest.raises(PluginError, match="which is not installed"):
            found_again(place_of(found[0]) | forged, [])


def test_comments_of_a_file_are_not_in_its_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(SOURCE)
    first = opened(str(path))
    path.write_text('"""What it is."""\n' + SOURCE + "# a note\n")
    assert opened(str(path)).fingerprint == first.fingerprint
    path.write_text(SOURCE.replace("[1]", "[2]"))
    assert opened(str(path)).fingerprint != first.fingerprint


def test_a_file_is_used_again_where_the_user_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not because an output names it: whoever can write to an output must not be able to run code."""
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text(SOURCE)
    plugin = opened("a.py")
    place = place_of(plugin)
    assert place == {"path": str(tmp_path / "a.py"), "fingerprint": plugin.fingerprint}
    assert found_again(place, [plugin]) == plugin
    with pytest.raises(
        PluginError, match=rf"If you trust it, name it: massivetext --plugin {tmp_path}/a\.py"
    ):
        found_again(place, [])
    Path("a.py").write_text(SOURCE.replace("[1]", "[2]"))
    with pytest.raises(PluginError, match=r"made with another version of the plugin a\.py"):
        found_again(place, [opened("a.py")])


READERS = (
    "inspect",
    "verify",
    "serve",
    "export",
    "limits",
    "figures",
    "summary",
    "plan",
    "withdraw",
    "compare",
)


@pytest.mark.parametrize("name", READERS)
def test_a_forged_manifest_runs_no_code(name: str, tmp_path: Path) -> None:
    """Though it names a file of the user's, and its fingerprint."""
    (tmp_path / "mine.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    (tmp_path / "urls").write_text("https://example.org/\n")
    configuration = {"sources": {"a": {"kind": "text", "paths": ["a.jsonl"], "weight": 1}}}
    forged = Manifest(configuration, {}, {}, plugins=[place_of(opened(str(tmp_path / "mine.py")))])
    out = str(tmp_path / "out")
    forged.write(out)
    options = {
        "export": [out, "--to", str(tmp_path / "to")],
        "plan": ["--tokens", "9", "--output", out],
        "withdraw": [out, "--urls", str(tmp_path / "urls")],
        "compare": [out, out],
    }
    done = CliRunner().invoke(main, [name, *options.get(name, [out])])
    assert done.exit_code != 0, done.output
    assert not (tmp_path / "ran").exists()


def test_a_file_that_is_named_on_the_command_line_is_used(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    done = CliRunner().invoke(main, ["--plugin", str(tmp_path / "mine.py"), "inspect", str(tmp_path)])
    assert (tmp_path / "ran").exists(), done.output
    use(NONE)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(PluginError, match=r"plugins: none\.py: cannot be read"):
        find({"plugins": ["none.py"]}, str)


def test_threads_that_begin_together_use_the_same(tmp_path: Path) -> None:
    """An engine's worker has several threads: none may find a plugin that another one is still executing."""
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(0.3)\n" + SOURCE)
    plugins = Plugins((opened(str(tmp_path / "slow.py")),))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: (use(plugins), "slow" in FAMILIES)[1], range(4))) == [True] * 4
    use(NONE)
