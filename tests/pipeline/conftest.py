"""A browser, and a tiny run: a source without documents, one with one document, and one that loses all."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.conftest import Command, Once

HOSTILE = (
    '</pre></script><script>window.wasRun = 1</script><img src=x onerror="window.wasRun = 2"> "onerror=3'
    "[bold]\x1b[31m"
)
PROSE = "The library of the harbour town was to be opened again in the spring of that year. " * 2
CONFIGURATION = """
sources:
  nothing: {{kind: text, paths: [nothing.jsonl], weight: 0}}
  single:  {{kind: text, paths: [single.jsonl],  weight: 1}}
  gone:    {{kind: text, paths: [gone.jsonl],    weight: 0}}
language:   {{sources: []}}
quality:    {{sources: [gone]}}
repetition: {{sources: []}}
tokenizer:  {{model: {model}}}
mix:        {{tokens: 20, sequence_length: 16}}
"""


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


class Run(Protocol):
    """Runs a configuration and returns `out`. Its paths start from the folder that holds `out`."""

    def __call__(self, out: Path, configuration: str) -> Path: ...


@pytest.fixture(scope="session")
def little(finished: Path, once: Once, run_here: Run) -> Path:
    """The output of the tiny run. The texts of `gone` are HTML that must not become part of the report's page."""

    def make(folder: Path) -> None:
        (folder / "nothing.jsonl").touch()
        (folder / "single.jsonl").write_text(json.dumps({"text": PROSE}) + "\n")
        (folder / "gone.jsonl").write_text(
            "".join(json.dumps({"text": HOSTILE + "!" * n}) + "\n" for n in range(3))
        )
        run_here(folder / "out", CONFIGURATION.format(model=finished / "tokenizer/tokenizer.model"))

    return once("little", make) / "out"


@pytest.fixture(scope="session")
def lenient(finished: Path, little: Path, once: Once, run_here: Run) -> Path:
    """The output of a run of the same files in which no rule removes anything."""

    def make(folder: Path) -> None:
        for path in little.parent.glob("*.jsonl"):
            shutil.copy(path, folder)
        configuration = CONFIGURATION.format(model=finished / "tokenizer/tokenizer.model")
        run_here(folder / "out", configuration.replace("[gone]", "[]"))

    return once("lenient", make) / "out"


@pytest.fixture(scope="session")
def run_here(massivetext_here: Command) -> Run:
    def run(out: Path, configuration: str) -> Path:
        path = out.with_suffix(".yaml")
        path.write_text(configuration)
        done = massivetext_here("run", str(path), "--output", str(out))
        assert done.returncode == 0, done.stderr
        return out

    return run
