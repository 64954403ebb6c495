"""Steps of a stage as a run asks for them: where files are far away, what failed is tried once more."""

import io
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console

from massivetext.pipeline.config.load import Loaded
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.parts import StageError
from massivetext.pipeline.runtime.progress import Display
from massivetext.pipeline.runtime.stage import Run
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.storage.output import Output


@dataclass(frozen=True)
class Number:
    part: int


@dataclass(frozen=True)
class Flaky:
    """Notes each try of an item in a file. The first `failures` tries of item 1 fail."""

    folder: str = field(repr=False)
    failures: int

    def __call__(self, item: Number, _output: Output) -> Tally:
        tries = Path(self.folder) / str(item.part)
        count = len(tries.read_text()) if tries.exists() else 0
        tries.write_text("x" * (count + 1))
        if item.part == 1 and count < self.failures:
            raise ConnectionResetError(104, "Connection reset by peer")
        return Tally()


def work(folder: Path, path: str, failures: int) -> tuple[list[int], list[int]]:
    """Work on three items where the configuration names one input; returns the finished parts and the tries of each."""
    values = {"sources": {"a": {"kind": "text", "paths": [path], "weight": 1}}}
    loaded = Loaded(Config.model_validate(values), str(folder / "c.yaml"), None)
    run = Run(loaded, str(folder / "out"), Engine([]), Display(Console(file=io.StringIO())))
    try:
        done = run.work_on("stage", [Number(0), Number(1), Number(2)], Flaky(str(folder), failures))
        parts = [record.part for record in done]
    except StageError:
        parts = []
    return parts, [len((folder / str(part)).read_text()) for part in range(3)]


@pytest.mark.parametrize(
    ("path", "failures", "parts", "tries"),
    [
        ("https://example.org/a.jsonl", 1, [0, 1, 2], [1, 2, 1]),
        ("https://example.org/a.jsonl", 2, [], [1, 2, 1]),
        ("a.jsonl", 1, [], [1, 1, 1]),
    ],
    ids=["afar", "afar for good", "on this machine"],
)
def test_what_failed_afar_is_tried_once_more(
    tmp_path: Path, path: str, failures: int, parts: list[int], tries: list[int]
) -> None:
    assert work(tmp_path, path, failures) == (parts, tries)
