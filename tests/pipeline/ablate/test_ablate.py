"""An ablation of a finished run, by the command."""

import json
import re
from pathlib import Path

import pytest
import yaml

from massivetext.filters.kernels.source import closure
from massivetext.pipeline.ablate.settings import load
from massivetext.pipeline.config.load import ConfigError
from tests.conftest import Command

pytest.importorskip("jax", reason="jax is not installed")

TINY = {
    "held_out": 0.2,
    "evaluation_bytes": 3000,
    "model": {"layers": 1, "width": 16, "heads": 2, "context": 32},
    "training": {"tokens": 4000, "batch": 4, "seeds": [1, 2]},
}


def settings(folder: Path, run: Path, **given: object) -> Path:
    path = folder / "ablation.yaml"
    path.write_text(yaml.safe_dump({"run": str(run), **TINY, **given}))
    return path


def test_an_ablation_goes_on_where_it_stopped(
    tmp_path: Path, finished: Path, massivetext_here: Command
) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text(
        "".join(json.dumps({"text": f"The harbour was opened again in {year}."}) + "\n" for year in range(9))
    )
    path = settings(tmp_path, finished, evaluate={"harbour": {"path": "items.jsonl", "text": ["text"]}})
    first = massivetext_here("ablate", str(path), "--to", str(tmp_path / "to"))
    assert first.returncode == 0, first.stderr
    assert first.stderr.count("bits per byte") == 3 * 2
    found = json.loads((tmp_path / "to/ablation.json").read_text())
    assert [curve["arm"] for curve in found["curves"]] == ["raw", "filtered", "deduplicated"]
    assert {"held-out documents", "c4, held out", "harbour"} <= {row["measure"] for row in found["rows"]}
    assert found["facts"]["tokens"] <= 4000
    page = (tmp_path / "to/ablation.html").read_text()
    assert "bits per byte" in page
    assert not re.search(r"<(script|img|link|iframe)\b[^>]*\b(src|href)=", page), (
        "the page needs no other file"
    )
    models = sorted((tmp_path / "to/models").iterdir())
    models[0].unlink()
    again = massivetext_here("ablate", str(path), "--to", str(tmp_path / "to"))
    assert again.stderr.count("bits per byte") == 1, "only what was lost is trained again"
    after = json.loads((tmp_path / "to/ablation.json").read_text())
    assert after["rows"] == found["rows"]


def test_an_arm_with_too_few_tokens_is_told_before_any_training(
    tmp_path: Path, finished: Path, massivetext_here: Command
) -> None:
    path = settings(tmp_path, finished, training={"tokens": 10**9, "seeds": [1]})
    done = massivetext_here("ablate", str(path), "--to", str(tmp_path / "to"))
    assert done.returncode == 2
    assert "arms.raw: " in done.stderr
    assert "training.tokens can be " in done.stderr
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"model": {"width": 30, "heads": 4}}, "width is 30: expected a multiple of 8"),
        ({"arms": {"raw": {"documents": "raw"}}}, "expected at least two"),
        ({"arms": {"raw": {"documents": "all"}, "b": {}}}, "arms.raw.documents"),
        ({"sedes": 3}, "sedes"),
    ],
)
def test_wrong_settings_name_the_key(tmp_path: Path, given: dict[str, object], expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        load(str(settings(tmp_path, tmp_path, **given)))


def test_a_run_that_is_not_finished_is_refused(tmp_path: Path, massivetext_here: Command) -> None:
    done = massivetext_here(
        "ablate", str(settings(tmp_path, tmp_path / "none")), "--to", str(tmp_path / "to")
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_no_stage_can_read_what_an_ablation_found() -> None:
    """It only measures: a filter that were chosen by it would be trained on a reference."""
    reached = closure("massivetext.pipeline.run")
    assert "massivetext.pipeline.stages.curate.stage" in reached
    assert not [name for name in reached if ".ablate" in name]
