"""What is said of a run while it works is true."""

import io
import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from massivetext.pipeline.runtime import progress
from massivetext.pipeline.runtime.parts import Step
from massivetext.pipeline.runtime.progress import Display, Watch, clock
from massivetext.pipeline.runtime.steps import Planned, Worked
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.runtime.work_on import WorkOn
from massivetext.pipeline.storage.output import Output


@dataclass(frozen=True)
class Piece:
    part: int
    bytes: int


PIECES = [Piece(number, 1_000_000 * (number + 1)) for number in range(4)]


def read(item: Piece, _output: Output) -> Tally:
    tally = Tally()
    tally.add("s", "read", "", 10, item.bytes)
    return tally


def work(out: Path, items: list[Piece], code: str = "") -> None:
    for item in items:
        list(WorkOn(str(out), Step("stage", read, code=code)).process(item))


def watch(out: Path) -> Watch:
    return Watch(str(out), Step("stage", read), PIECES, lambda item: item.bytes)


def test_parts_bytes_and_documents_are_counted(tmp_path: Path) -> None:
    seen = watch(tmp_path)
    assert seen.describe() == "0 of 4 parts, 0 of 10 MB, unknown time left"
    work(tmp_path, PIECES[1:3])
    seen.look()
    assert (seen.done, seen.total) == (5_000_000, 10_000_000)
    said = re.fullmatch(
        r"2 of 4 parts, 5 of 10 MB, 20 documents, [\d.]+ MB/s, about [\d:]+ left", seen.describe()
    )
    assert said


def test_a_look_that_takes_long_is_taken_less_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many parts a listing takes seconds, which the command has better use for."""
    seen = watch(tmp_path)
    assert seen.every == 0.5

    def slow(*_: str) -> set[int]:
        time.sleep(0.1)
        return set()

    monkeypatch.setattr(progress, "finished_parts", slow)
    seen.look()
    assert seen.every >= 2


def test_what_an_earlier_run_did_is_done_but_not_speed(tmp_path: Path) -> None:
    work(tmp_path, PIECES[:3])
    seen = watch(tmp_path)
    assert seen.describe() == "3 of 4 parts, 6 of 10 MB, 30 documents, unknown time left"
    work(tmp_path, PIECES[3:])
    seen.look()
    assert "4 of 4 parts, 10 of 10 MB, 40 documents" in seen.describe()
    assert seen.describe().endswith("about 0:00 left")


def test_parts_of_another_configuration_are_not_done(tmp_path: Path) -> None:
    work(tmp_path, PIECES, code="other")
    assert watch(tmp_path).describe().startswith("0 of 4 parts, 0 of 10 MB")


def test_time_left_is_by_bytes(tmp_path: Path) -> None:
    seen = watch(tmp_path)
    work(tmp_path, PIECES[3:])
    seen._began = time.monotonic() - 60  # a minute for the first 4 MB
    seen.look()
    assert "0.1 MB/s, about 1:30 left" in seen.describe()


def test_steps_without_sizes_count_parts(tmp_path: Path) -> None:
    seen = Watch(str(tmp_path), Step("stage", read), PIECES, lambda _: 0)
    work(tmp_path, PIECES[:1])
    seen.look()
    assert seen.describe().startswith("1 of 4 parts, 10 documents, about ")
    assert (seen.done, seen.total) == (1, 4)


@pytest.mark.usefixtures("a_minute")
def test_lines_where_there_is_no_terminal(tmp_path: Path) -> None:
    file = io.StringIO()
    display = Display(Console(file=file), line_every=0.01)
    with display.steps(str(tmp_path), "stage/group", ()):
        while "stage/group, 0:00" not in file.getvalue():
            time.sleep(0.01)
    first = Worked(Step("stage", read), PIECES, lambda item: item.bytes)
    second = Planned("stage/next", lambda: Worked(Step("stage/next", read), PIECES[:2]))
    with display.steps(str(tmp_path), "stage", [first]):
        work(tmp_path, PIECES)
        while "stage: 4 of 4 parts, 10 of 10 MB" not in file.getvalue():
            time.sleep(0.01)
    with display.steps(str(tmp_path), "stage", [first, second]):
        while "stage/next: 0 of 2 parts" not in file.getvalue():
            time.sleep(0.01)


def test_clock() -> None:
    assert [clock(seconds) for seconds in (0.4, 59.6, 3599, 3600, 90061)] == [
        "0:00",
        "1:00",
        "59:59",
        "1:00:00",
        "25:01:01",
    ]
