"""A run of next to nothing: an empty source, one of a single document, and one of which nothing is kept."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HOSTILE = (
    '</pre></script><script>window.wasRun = 1</script><img src=x onerror="window.wasRun = 2"> "onerror=3'
    "[bold]\x1b[31m"
)
PROSE = "The library of the harbour town was to be opened again in the spring of that year. " * 2
CONFIGURATION = """
sources:
  nothing: {{kind: text, paths: [nothing.jsonl], weight: 0.2}}
  single:  {{kind: text, paths: [single.jsonl],  weight: 0.5}}
  gone:    {{kind: text, paths: [gone.jsonl],    weight: 0.3}}
language:   {{sources: []}}
quality:    {{sources: [gone]}}
repetition: {{sources: []}}
tokenizer:  {{model: {model}}}
mix:        {{tokens: 20, sequence_length: 16}}
"""


@pytest.fixture(scope="session")
def little(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of that run; the texts of `gone` are HTML that must not be taken for the page's own."""
    folder = tmp_path_factory.mktemp("little")
    (folder / "nothing.jsonl").touch()
    (folder / "single.jsonl").write_text(json.dumps({"text": PROSE}) + "\n")
    (folder / "gone.jsonl").write_text(
        "".join(json.dumps({"text": HOSTILE + "!" * n}) + "\n" for n in range(3))
    )
    return run(folder / "out", CONFIGURATION.format(model=finished / "tokenizer/tokenizer.model"))


@pytest.fixture(scope="session")
def lenient(finished: Path, little: Path) -> Path:
    """The output of a run of the same files of which no rule removes anything."""
    configuration = CONFIGURATION.format(model=finished / "tokenizer/tokenizer.model")
    return run(little.parent / "lenient", configuration.replace("[gone]", "[]"))


def run(out: Path, configuration: str) -> Path:
    """Run a configuration as a user does; its paths start from the folder that holds `out`."""
    path = out.with_suffix(".yaml")
    path.write_text(configuration)
    command = [sys.executable, "-m", "pipeline.cli", "run", str(path), "--output", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return out
