"""What a plugin does wrong is told by its name, and costs no other record."""

import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO

import pytest

from massivetext.pipeline.plugins import guard
from massivetext.pipeline.plugins.guard import PluginError, StuckError, called, reader
from massivetext.pipeline.read.record import Failure, Found, Input, Record


@pytest.fixture(autouse=True)
def _forget() -> None:
    guard._stuck.clear()


def read(found: Iterator[Found], seconds: float = 60) -> list[Found]:
    return list(reader("plugin x.py", "x", seconds, lambda _: found)(Input("a", BytesIO())))


def forever() -> None:
    while True:
        pass


def test_a_call_gives_what_it_makes() -> None:
    assert called("plugin x.py", "x", 60, lambda: 3) == 3


def test_what_it_raises_names_the_plugin() -> None:
    with pytest.raises(PluginError, match=r"plugin x\.py: rule: ZeroDivisionError: integer division"):
        called("plugin x.py", "rule", 60, lambda: 1 // 0)


@pytest.mark.parametrize("never", [forever, lambda: time.sleep(3600)], ids=["computes", "sleeps"])
def test_a_call_that_never_returns_is_given_up(never) -> None:
    with pytest.raises(StuckError, match=r"plugin x\.py: rule did not return within 0\.2 s"):
        called("plugin x.py", "rule", 0.2, never)


def test_code_that_was_given_up_is_interrupted() -> None:
    steps = []

    def work() -> None:
        while True:
            steps.append(1)
            time.sleep(0.01)

    with pytest.raises(StuckError):
        called("plugin x.py", "rule", 0.1, work)
    time.sleep(0.2)
    count = len(steps)
    time.sleep(0.2)
    assert len(steps) == count


def test_a_plugin_that_is_stuck_again_and_again_is_not_called_any_more() -> None:
    for _ in range(guard.MOST_STUCK):
        with pytest.raises(StuckError, match="did not return"):
            called("plugin x.py", "rule", 0.01, forever)
    with pytest.raises(StuckError, match="is not called any more"):
        called("plugin x.py", "rule", 0.01, lambda: 3)
    assert called("plugin y.py", "rule", 60, lambda: 3) == 3


def test_code_that_holds_the_interpreter_ends_its_process_and_is_named() -> None:
    script = """
import re, sys
from massivetext.pipeline.plugins import guard
later = guard.faulthandler.dump_traceback_later
guard.faulthandler.dump_traceback_later = lambda _, exit, file: later(1, exit=exit, file=file)
exec(compile("def stuck(): import re; re.match(r'(a+)+b', 'a' * 60)", "my_rules.py", "exec"))
guard.called("plugin my_rules.py", "rule", 0.2, stuck)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 1
    assert 'File "my_rules.py", line 1 in stuck' in done.stderr


def test_records_before_and_after_a_wrong_one_are_kept() -> None:
    def found() -> Iterator[object]:
        yield Record(0, "a")
        yield {"text": "b"}
        yield Record(0, "c")
        yield Record(3, 4)  # type: ignore[arg-type]
        yield Record(5, "\ud800")
        yield Record(7, "d")
        raise ValueError("no more")

    got = read(found())  # type: ignore[arg-type]
    assert [one.text for one in got if isinstance(one, Record)] == ["a", "d"]
    assert [one.error.split(": kind x")[1] for one in got if isinstance(one, Failure)] == [
        " yielded a dict: expected Record, Failure or Skipped",
        " yielded the offset 0 after 0: expected increasing integers",
        " yielded a Record whose text is a int: expected str",
        " yielded a text that is not Unicode: 'utf-8' codec can't encode character '\\ud800' in position 0: "
        "surrogates not allowed",
        ": ValueError: no more",
    ]


def test_a_reader_that_never_yields_again_keeps_what_it_yielded() -> None:
    def found() -> Iterator[Found]:
        yield Record(0, "a")
        yield Record(1, "b")
        forever()

    *records, last = read(found(), 0.3)
    assert [one.text for one in records if isinstance(one, Record)] == ["a", "b"]
    assert isinstance(last, Failure)
    assert last.error == "plugin x.py: kind x did not return within 0.3 s (limits.plugin_seconds)"


def test_a_slow_reader_that_goes_on_is_not_given_up() -> None:
    def found() -> Iterator[Found]:
        for offset in range(4):
            time.sleep(0.3)
            yield Record(offset, "a")

    assert len(read(found(), 1)) == 4


def test_a_reader_of_many_records_yields_all_in_order() -> None:
    many = [Record(offset, str(offset)) for offset in range(3 * guard.AT_ONCE + 1)]
    assert read(iter(many)) == many
