"""Plugins on an engine that has never seen their files: `make test-flink`."""

from pathlib import Path

import pytest

from massivetext.pipeline.plugins.use import NONE, use
from tests.examples.test_plugins import corpus


@pytest.mark.parametrize("engine", ["two_processes", "flink"])
def test_plugins_travel_by_content(
    engine: str, request: pytest.FixtureRequest, hashes, tmp_path: Path, massivetext
) -> None:
    """Each run has the plugins' files in another folder."""
    made = {}
    for name, options in (
        ("here", ["--direct_running_mode=in_memory"]),
        (engine, request.getfixturevalue(engine)),
    ):
        folder = tmp_path / name
        folder.mkdir()
        done = massivetext("run", str(corpus(folder)), "--output", str(folder / "out"), *options)
        assert done.returncode == 0, done.stderr
        made[name] = hashes(folder / "out")
    use(NONE)
    assert made[engine] == made["here"]
    assert made["here"]
