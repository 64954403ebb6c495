"""What each stage cost, when a pipeline makes parts of several stages."""

from pathlib import Path

import pytest

from massivetext.pipeline.runtime import costs
from massivetext.pipeline.runtime.costs import Costs
from massivetext.pipeline.runtime.parts import Record, write_record


class Clock:
    """Stands in for the module `time`: seconds pass only when the test says so."""

    def __init__(self) -> None:
        self.clock = self.cpu = 0.0

    def monotonic(self) -> float:
        return self.clock

    def process_time(self) -> float:
        return self.cpu


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(costs, "time", clock)
    return clock


def made(out: Path, step: str, part: int, cpu_seconds: float) -> None:
    write_record(str(out), step, Record(part, f"{step} {part}", None, [], [], cpu_seconds))


def test_a_pipeline_of_two_stages_lends_its_seconds_by_cpu(tmp_path: Path, clock: Clock):
    counted = Costs(str(tmp_path), is_in_process=False)
    made(tmp_path, "first", 0, 100.0)  # stood before
    with counted.counted("first", ["second"]):
        made(tmp_path, "first/more", 1, 5.0)
        made(tmp_path, "second", 0, 12.0)
        clock.cpu, clock.clock = 3.0, 10.0
    with counted.counted("second", []):
        clock.cpu, clock.clock = 4.0, 11.0
    assert counted.cpu_seconds == {"first": 8.0, "second": 13.0}
    assert counted.seconds == {"first": pytest.approx(4.0), "second": pytest.approx(6.0 + 1.0)}


def test_in_one_process_no_second_counts_twice(tmp_path: Path, clock: Clock):
    counted = Costs(str(tmp_path), is_in_process=True)
    with counted.counted("first", ["second"]):
        made(tmp_path, "first", 0, 2.0)
        made(tmp_path, "second", 0, 6.0)
        clock.cpu, clock.clock = 10.0, 20.0
    assert counted.cpu_seconds == {"first": 4.0}
    assert counted.seconds == {"first": pytest.approx(8.0), "second": pytest.approx(12.0)}


def test_a_stage_that_only_waited_has_its_own_seconds(tmp_path: Path, clock: Clock):
    counted = Costs(str(tmp_path), is_in_process=False)
    with counted.counted("first", ["second"]):
        clock.clock = 5.0
    assert counted.seconds == {"first": 5.0, "second": 0.0}
