"""Steps of a stage as a run asks for them: where files are far away, what failed is tried once more."""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from rich.console import Console

from massivetext.pipeline.config.load import Loaded
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.parts import StageError
from massivetext.pipeline.runtime.progress import Display
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.runtime.stage import Run
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.storage.object_store import StoreError
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


def run_of(folder: Path, path: str) -> Run:
    """A run whose configuration names one input."""
    values = {"sources": {"a": {"kind": "text", "paths": [path], "weight": 1}}}
    loaded = Loaded(Config.model_validate(values), str(folder / "c.yaml"), None)
    return Run(loaded, str(folder / "out"), Engine([]), Display(Console(file=io.StringIO())))


def work(folder: Path, path: str, failures: int) -> tuple[list[int], list[int]]:
    """Work on three items of a run; returns the finished parts and the tries of each."""
    run = run_of(folder, path)
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


def tries(folder: Path) -> int:
    return len((folder / "tries").read_text()) if (folder / "tries").exists() else 0


@dataclass(frozen=True)
class FlakyGrouping:
    """Groups nothing. Its first `failures` tries fail, as where a store cannot be reached."""

    folder: str = field(repr=False)
    failures: int

    def grouped(self, elements: "beam.PCollection[Any]", _shuffle: Shuffle) -> "beam.PCollection[Any]":
        return elements | beam.Map(self._tried)

    def _tried(self, element: int) -> int:
        with (Path(self.folder) / "tries").open("a") as file:
            file.write("x")
        if tries(Path(self.folder)) <= self.failures:
            raise StoreError("gs://lake/a.npy: ConnectionError: reset by peer")
        return element


def test_a_grouping_that_failed_afar_is_tried_once_more(tmp_path: Path) -> None:
    run_of(tmp_path, "s3://lake/a.jsonl").group("stage/group", [1], FlakyGrouping(str(tmp_path), 1), [], 8)
    assert tries(tmp_path) == 2


def test_a_store_that_fails_for_good_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(
        StageError, match=r"^stage/group: gs://lake/a.npy: ConnectionError: reset by peer"
    ) as error:
        run_of(tmp_path, "a.jsonl").group("stage/group", [1], FlakyGrouping(str(tmp_path), 1), [], 8)
    assert len(str(error.value).splitlines()) == 2
    assert tries(tmp_path) == 1
