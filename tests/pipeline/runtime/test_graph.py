"""Steps of one pipeline: each begins when the one before has ended, and none after one that failed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest

from massivetext.pipeline.runtime import groups
from massivetext.pipeline.runtime.parts import StageError, Step, records
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.runtime.stage import Run
from massivetext.pipeline.runtime.steps import Planned, Worked
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.storage.output import Output
from tests.pipeline.runtime.test_stage import Number, run_of


@dataclass(frozen=True)
class Write:
    """Writes a file of each part. Fails on one of them."""

    name: str
    fails: int = -1

    def __call__(self, item: Number, output: Output) -> Tally:
        if item.part == self.fails:
            raise ValueError("cannot be worked on")
        with output.file(f"{self.name}/{item.part}") as stream:
            stream.write(b"x" * item.part)
        return Tally()


@dataclass(frozen=True)
class Noted:
    """Groups nothing, and notes its elements."""

    folder: str = field(repr=False)

    def grouped(self, elements: "beam.PCollection[Any]", _: Shuffle) -> "beam.PCollection[Any]":
        return elements | beam.Map(self._note)

    def _note(self, element: int) -> int:
        with (Path(self.folder) / "noted").open("a") as file:
            file.write(f"{element} ")
        return element


def after(out: str, name: str, step: str) -> Worked:
    """Plans a step that works on as many items as the parts of another step wrote bytes."""
    size = sum(each.bytes for record in records(out, step) for each in record.files)
    return Worked(Step(name, Write(name)), [Number(part) for part in range(size)])


def parts(out: str, step: str) -> list[int]:
    return sorted(record.part for record in records(out, step))


def numbers(out: str, step: str) -> Sequence[int]:
    return parts(out, step)


def together(run: Run, fails: int = -1, holds: bool = True) -> None:
    out = run.out
    with run.together("stage", is_last=True):
        run.work_on("stage/first", [Number(1), Number(2)], Write("first", fails))
        run.plan(Planned("stage/second", partial(after, out, "stage/second", "stage/first")))
        run.group("stage/group", partial(numbers, out, "stage/second"), Noted(str(Path(out).parent)), [], 8)
        run.only_if("stage/holds", partial(bool, holds))
        run.plan(Planned("stage/third", partial(after, out, "stage/third", "stage/second")))


def noted(folder: Path) -> list[str]:
    return sorted((folder / "noted").read_text().split()) if (folder / "noted").exists() else []


def test_a_step_is_planned_from_what_the_steps_before_wrote(tmp_path: Path) -> None:
    run = run_of(tmp_path, "a.jsonl")
    run.next = [Planned("next", partial(after, run.out, "next", "stage/third"))]
    together(run)
    assert parts(run.out, "stage/second") == [0, 1, 2]
    assert noted(tmp_path) == ["0", "1", "2"]
    assert parts(run.out, "stage/third") == [0, 1, 2]
    assert parts(run.out, "next") == [0, 1, 2], "the next stage begins in the same pipeline"


def test_no_step_begins_after_one_that_failed(tmp_path: Path) -> None:
    run = run_of(tmp_path, "a.jsonl")
    with pytest.raises(StageError, match="cannot be worked on"):
        together(run, fails=2)
    assert parts(run.out, "stage/first") == [1]
    assert parts(run.out, "stage/second") == []
    assert noted(tmp_path) == []
    assert groups.read(run.out, "stage/group") is None, "a grouping that never began is not finished"
    together(run)
    assert parts(run.out, "stage/third") == [0, 1, 2]


def test_steps_after_a_condition_that_does_not_hold_are_left_out(tmp_path: Path) -> None:
    run = run_of(tmp_path, "a.jsonl")
    together(run, holds=False)
    assert groups.read(run.out, "stage/group") is not None
    assert parts(run.out, "stage/third") == []
    together(run, holds=False)
    assert noted(tmp_path) == ["0", "1", "2"], "what is finished is not done again"


def test_parts_of_other_items_are_gone_before_a_step_is_planned(tmp_path: Path) -> None:
    run = run_of(tmp_path, "a.jsonl")
    run.work_on("stage/first", [Number(5)], Write("first"))
    together(run)
    assert parts(run.out, "stage/first") == [1, 2]
    assert parts(run.out, "stage/second") == [0, 1, 2]
