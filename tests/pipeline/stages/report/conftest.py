"""The page of many sources."""

from pathlib import Path

import pytest

from massivetext.pipeline.stages.report.page import page
from massivetext.pipeline.stages.report.stats import Stats
from tests.pipeline.stages.report.crowd import crowded


@pytest.fixture(scope="session")
def crowd(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Stats, Path]:
    """Figures as if the demo had 40 crawls, and their page."""
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    many, path = crowded(stats, "web", 40), tmp_path_factory.mktemp("crowd") / "index.html"
    path.write_text(page.render(many))
    return many, path
