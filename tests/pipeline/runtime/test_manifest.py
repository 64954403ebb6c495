"""An output of another version is told as such by every command that reads outputs."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from massivetext.pipeline.cli import main
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.storage import sealed

READING = (
    ("inspect", "OUT"),
    ("inspect", "OUT", "--failed"),
    ("inspect", "OUT", "--sequence", "0:0"),
    ("verify", "OUT"),
    ("compare", "OUT", "OUT"),
    ("figures", "OUT"),
    ("serve", "OUT"),
    ("plan", "--tokens", "100", "--output", "OUT"),
    ("export", "OUT", "--to", "OUT/../exported"),
    ("summary", "OUT"),
    ("limits", "OUT"),
    ("withdraw", "OUT", "--ids", "OUT/manifest.json"),
    ("compare-tokenizers", "OUT", "--tokenizer", "OUT/tokenizer/tokenizer.model"),
)


@pytest.fixture
def older(little: Path, tmp_path: Path) -> Path:
    """An output whose manifest is that of a version which did not know of plugins, nor of its tables."""
    out = tmp_path / "out"
    shutil.copytree(little, out)
    value = sealed.read(str(out / "manifest.json"))
    for key in ("plugins", "tables", "limits"):
        del value[key]
    sealed.write(str(out), "manifest.json", value)
    return out


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_every_reading_command_tells_another_version(older: Path, command: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, [one.replace("OUT", str(older)) for one in command])
    assert done.exit_code == 2, done.output
    assert "was written by another massivetext" in done.stderr
    assert isinstance(done.exception, SystemExit), "no traceback"


def test_the_output_of_this_version_is_opened(little: Path, tmp_path: Path) -> None:
    state = manifest.opened(str(little))
    assert state.tables == json.loads((little / "manifest.json").read_text())["tables"]
    with pytest.raises(ConfigError, match="holds no run"):
        manifest.opened(str(tmp_path))
