"""Grouping through files: what Beam's own shuffle gives, and a run that broke off goes on from its files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest

from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.shuffle import Shuffle, drop, on_this_machine

WORDS = ["grouping", "through", "files", "of", "one", "machine"]


class _Spell(beam.DoFn):
    """Sends each letter of a word to one of four groups, and the word to that of its length."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def process(self, word: str) -> Iterator[Any]:
        with self._log.open("a") as file:
            file.write(f"{word}\n")
        for letter in word:
            yield ord(letter) % 4, letter.encode()
        yield beam.pvalue.TaggedOutput("words", (len(word) % 4, word.encode()))


class _Join(beam.DoFn):
    def __init__(self, goal: Path, broken: int | None) -> None:
        self._goal, self._broken = goal, broken

    def process(self, group: tuple[int, dict[str, Iterable[bytes]]]) -> Iterator[int]:
        number, blocks = group
        if number == self._broken:
            raise ValueError("broken")
        told = [
            f"{name}: {''.join(sorted(b''.join(blocks[name]).decode()))}" for name in ("letters", "words")
        ]
        (self._goal / str(number)).write_text("; ".join(told))
        yield number


def group(folder: Path, shuffle: Shuffle, broken: int | None = None) -> dict[str, str]:
    """What each group holds, and in `log` which words were worked on."""
    goal = folder / "goal"
    goal.mkdir(exist_ok=True)
    with Engine(["--direct_running_mode=in_memory"]).grouping_pipeline("step") as pipeline:
        spelled = (
            pipeline
            | beam.Create(WORDS)
            | "Spell" >> shuffle.work(_Spell(folder / "log")).with_outputs("words", main="letters")
        )
        _ = (
            {"letters": spelled.letters, "words": spelled.words}
            | beam.CoGroupByKey()
            | "Join" >> shuffle.work(_Join(goal, broken))
        )
    return {path.name: path.read_text() for path in sorted(goal.iterdir())}


def test_gives_what_beams_own_gives(tmp_path: Path) -> None:
    for name in ("own", "files"):
        (tmp_path / name).mkdir()
    shuffle = on_this_machine(str(tmp_path / "files"), "stage/step", "key")
    found = group(tmp_path / "files", shuffle)
    assert found == group(tmp_path / "own", Shuffle())
    assert len(found) == 4
    drop(shuffle)
    assert not any(path.is_file() for path in (tmp_path / "files/.work").rglob("*"))


def test_what_is_finished_is_not_worked_on_again(tmp_path: Path) -> None:
    with pytest.raises((RuntimeError, ValueError), match="broken"):
        group(tmp_path, on_this_machine(str(tmp_path), "stage/step", "key"), broken=3)
    assert sorted((tmp_path / "log").read_text().split()) == sorted(WORDS)
    found = group(tmp_path, on_this_machine(str(tmp_path), "stage/step", "key"))
    assert len(found) == 4
    assert sorted((tmp_path / "log").read_text().split()) == sorted(WORDS)


def test_files_of_another_key_are_dropped(tmp_path: Path) -> None:
    group(tmp_path, on_this_machine(str(tmp_path), "stage/step", "key"))
    group(tmp_path, on_this_machine(str(tmp_path), "stage/step", "other"))
    assert sorted((tmp_path / "log").read_text().split()) == sorted([*WORDS, *WORDS])
    assert [path.name for path in (tmp_path / ".work/stage/step/rows").iterdir()] == ["other"]
