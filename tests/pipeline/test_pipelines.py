"""A run is few pipelines, since a service takes minutes to start each one."""

from pathlib import Path

import pytest

from massivetext.pipeline.runtime import pipelines
from massivetext.pipeline.runtime.engine import Engine
from tests.conftest import Command
from tests.paths import SAMPLE
from tests.pipeline.runs import hashes

STAGES = ("curate", "deduplicate", "decontaminate", "tokenizer", "tokenize", "mix", "report")


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the pipelines that are begun."""
    names: list[str] = []
    run_in_one = pipelines.run_in_one

    def noted(where: pipelines.Where, name: str, steps: list[pipelines.AStep]) -> None:
        names.append(name)
        run_in_one(where, name, steps)

    monkeypatch.setattr(pipelines, "run_in_one", noted)
    return names


def test_a_run_is_three_pipelines(tmp_path: Path, begun: list[str], massivetext_here: Command) -> None:
    config, out = str(SAMPLE / "massivetext.yaml"), str(tmp_path / "out")
    done = massivetext_here("run", config, "--output", out)
    assert done.returncode == 0, done.stderr
    assert begun == ["curate", "deduplicate", "mix"]
    begun.clear()
    assert massivetext_here("run", config, "--output", out).returncode == 0
    assert begun == []


def test_an_engine_of_few_steps_gives_the_same_files(
    tmp_path: Path,
    begun: list[str],
    massivetext_here: Command,
    finished: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Engine, "most_steps", 2)
    out = tmp_path / "out"
    done = massivetext_here("run", str(SAMPLE / "massivetext.yaml"), "--output", str(out))
    assert done.returncode == 0, done.stderr
    assert begun.count("deduplicate") > 2
    assert hashes(out) == hashes(finished)


def test_stages_alone_have_their_own_pipelines(
    tmp_path: Path, begun: list[str], massivetext_here: Command
) -> None:
    for stage in STAGES:
        done = massivetext_here(stage, str(SAMPLE / "massivetext.yaml"), "--output", str(tmp_path / "out"))
        assert done.returncode == 0, done.stderr
    assert begun == [
        "curate",
        *("deduplicate/signatures", "deduplicate", "decontaminate", "tokenizer", "tokenize"),
        *("mix/lengths", "mix", "report/survey"),
    ]
