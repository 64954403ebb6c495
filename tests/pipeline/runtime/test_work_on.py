"""Work in a process with several threads, as Flink and Dataflow have them."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from massivetext.pipeline.runtime import work_on
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


def test_memory_is_given_back_when_another_step_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    begun: list[str] = []
    works = {name: WorkOn(str(tmp_path), Step.of(name, Alone())) for name in ("one", "other")}
    monkeypatch.setattr(work_on, "give_back", lambda: begun.append(name))
    for number, name in enumerate(("one", "one", "other", "other", "one")):
        list(works[name].process(Item(number)))
    assert begun == ["one", "other", "one"]
