"""A browser for the tests of the page, and the page of many sources."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from massivetext.pipeline.stages.report.page import page
from massivetext.pipeline.stages.report.stats import Stats
from tests.pipeline.stages.report.crowd import crowded

QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1200,1500",
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Headless Chromium, driven by Selenium."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("no Chromium: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in (*QUIET, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def crowd(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Stats, Path]:
    """Figures as if the demo had 40 crawls, and their page."""
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    many, path = crowded(stats, "web", 40), tmp_path_factory.mktemp("crowd") / "index.html"
    path.write_text(page.render(many))
    return many, path
