"""Work in a process with several threads, as Flink and Dataflow have them."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from massivetext.pipeline.runtime import for_a_step
from massivetext.pipeline.runtime.for_a_step import kept_for_a_step
from massivetext.pipeline.runtime.parts import Step, finished_parts
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.runtime.work_on import WorkOn
from massivetext.pipeline.storage.output import Output

_inside = threading.Semaphore(1)
_met: list[int] = []


@dataclass(frozen=True)
class Item:
    part: int


@dataclass(frozen=True)
class Alone:
    """Notes each item that begins while another one is worked on."""

    def __call__(self, item: Item, output: Output) -> Tally:  # noqa: ARG002
        if not _inside.acquire(blocking=False):
            _met.append(item.part)
            return Tally()
        time.sleep(0.02)
        _inside.release()
        return Tally()


def test_a_process_works_on_one_item_at_a_time(tmp_path: Path):
    _met.clear()
    workers = [WorkOn(str(tmp_path), Step.of("step", Alone())) for _ in range(4)]  # one for each bundle
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda part: list(workers[part % 4].process(Item(part))), range(12)))
    assert done == [[part] for part in range(12)]
    assert finished_parts(str(tmp_path), "step") == set(range(12))
    assert not _met


@dataclass(frozen=True)
class Builds:
    """Needs something that is built once, and notes each time that it is."""

    def __call__(self, item: Item, output: Output) -> Tally:  # noqa: ARG002
        _built()
        return Tally()


_builds: list[str] = []


@kept_for_a_step
def _built() -> object:
    _builds.append("built")
    return object()


def test_what_a_step_needs_is_built_once_and_forgotten_with_the_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(for_a_step, "give_back", lambda: _builds.append("given back"))
    works = {name: WorkOn(str(tmp_path), Step.of(name, Builds())) for name in ("one", "other")}
    for number, name in enumerate(("one", "one", "other", "one")):
        list(works[name].process(Item(number)))
    assert _builds == ["given back", "built"] * 3


def test_nothing_is_forgotten_while_another_thread_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    busy: list[bool] = []

    def look() -> None:
        busy.append(not _inside.acquire(blocking=False))
        if not busy[-1]:
            _inside.release()

    monkeypatch.setattr(for_a_step, "give_back", look)
    workers = [WorkOn(str(tmp_path), Step.of(f"step-{number}", Alone())) for number in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda part: list(workers[part % 4].process(Item(part))), range(12)))
    assert busy
    assert not any(busy)
