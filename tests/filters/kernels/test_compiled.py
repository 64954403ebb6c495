"""Whether all kernels are compiled is noted, for this very code; the halves of filters.compile are all of it."""

import inspect
import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from massivetext.filters import compile as whole
from massivetext.filters.kernels import compiled, kernel


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kernel, "cache_folder", lambda: tmp_path / "kernels")
    return tmp_path / "kernels"


def test_what_is_compiled_is_noted_for_this_code(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not compiled.are_compiled()
    compiled.note_compiled()
    assert compiled.are_compiled()
    assert len(list(cache.iterdir())) == 1, "one mark"
    with monkeypatch.context() as moved:
        moved.setattr(compiled, "ROOT", Path("/elsewhere"))
        assert not compiled.are_compiled(), "numba uses no cache of another place"
    monkeypatch.setattr(compiled, "fingerprint", lambda _: "other")
    assert not compiled.are_compiled()


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("statuses", [[0, 0], [0, 1]])
def test_two_processes_compile_a_half_each(statuses: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    class Started:
        def __init__(self, command: list[str], **_: Any) -> None:
            started.append(command)
            self.wait = lambda: statuses[len(started) - 1]

    monkeypatch.setattr(subprocess, "Popen", Started)
    compiled.compile_at_once()
    assert [command[-1] for command in started] == ["0", "1"]
    assert compiled.are_compiled() == (statuses == [0, 0])


@pytest.mark.usefixtures("cache")
def test_of_commands_that_start_at_once_one_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []

    class Started:
        def __init__(self, command: list[str], **_: Any) -> None:
            started.append(command[-1])

        def wait(self) -> int:
            time.sleep(0.2)  # so that the others come meanwhile
            return 0

    monkeypatch.setattr(subprocess, "Popen", Started)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: compiled.compile_at_once(), range(4)))
    assert started == ["0", "1"]


def test_the_halves_call_every_filter_that_is_imported() -> None:
    source = inspect.getsource(whole)
    names = re.findall(r"^from massivetext\S+ import (.+)$", source, re.MULTILINE)
    called = source.partition("def main()")[2]
    assert len(whole.HALF) == compiled.HALVES
    for name in (each.split(" as ")[-1].strip() for line in names for each in line.split(",")):
        assert re.search(rf"\b{name}\b", called), name


def test_without_room_for_the_kernels_nothing_is_compiled(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where none can be kept, each worker would compile all of them."""
    monkeypatch.setattr(compiled.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 3 << 20))
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("something is compiled"))
    with pytest.raises(compiled.NoRoomError, match=f"3 MB are free for the compiled kernels.*{cache}"):
        compiled.compile_at_once()
