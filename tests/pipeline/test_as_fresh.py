"""A run that went on after a change leaves the shards that a fresh run leaves, to the byte."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from massivetext.pipeline.verify.verify import verify
from tests.conftest import Command
from tests.pipeline.runs import hashes

CONFIG = """\
sources:
  most: {kind: text, paths: ["most/*.jsonl"], weight: 0.75}
  rest: {kind: text, paths: ["rest/*.jsonl"], weight: 0.25}
part_bytes: 60000
limits: {failed: 0.1}
language: {sources: []}
quality: {sources: [most, rest], word_count: {minimum: 150}}
repetition: {sources: [most, rest]}
deduplicate: {threshold: 0.8}
decontaminate: {test_sets: {quiz: {path: quiz.jsonl, text: [text]}}}
tokenizer: {train: {vocabulary: 800, sample_bytes: 60000}}
mix: {tokens: 40000, sequence_length: 64, shard_tokens: 20000, formats: [megatron, parquet], validation: 0.1}
"""
FILES = 4


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, sample: Path, massivetext_here: Command) -> Path:
    """A corpus of several files, and the output of its run."""
    folder = tmp_path_factory.mktemp("as-fresh") / "ran"
    lines = (sample / "c4/c4-01.json").read_text(errors="replace").splitlines(keepends=True)
    long = max(lines[1 :: FILES + 1], key=len)
    lines.append(long.replace(" the ", " that ", 1 + long.count(" the ") // 5))  # .7 of its shingles stay
    for name in ("most", "rest"):
        (folder / name).mkdir(parents=True)
    for number in range(FILES):
        text = "".join(lines[number :: FILES + 1])
        (folder / ("rest" if number == 0 else "most") / f"{number}.jsonl").write_text(text)
    (folder / "one-more").write_text("".join(lines[FILES :: FILES + 1]))
    words = json.loads(lines[1])["text"].split()[:40]
    (folder / "quiz.jsonl").write_text(json.dumps({"text": " ".join(words)}) + "\n")
    (folder / "c.yaml").write_text(CONFIG)
    _run(massivetext_here, folder)
    return folder


def _run(massivetext_here: Command, folder: Path) -> None:
    done = massivetext_here("run", str(folder / "c.yaml"), "--output", str(folder / "out"), "--changed")
    assert done.returncode == 0, done.stderr


def _edit(folder: Path, old: str, new: str) -> None:
    text = (folder / "c.yaml").read_text()
    assert old in text
    (folder / "c.yaml").write_text(text.replace(old, new))


def limits(folder: Path) -> None:
    """One limit takes documents that stayed, the other brings back some that went."""
    _edit(folder, "{minimum: 150}", "{minimum: 60}, mean_word_length: {maximum: 4.8}")


def weights(folder: Path) -> None:
    _edit(folder, "weight: 0.75", "weight: 0.6")
    _edit(folder, "weight: 0.25", "weight: 0.4")


def threshold(folder: Path) -> None:
    _edit(folder, "threshold: 0.8", "threshold: 0.5")


def one_more(folder: Path) -> None:
    (folder / "one-more").rename(folder / "most/9.jsonl")


def one_less(folder: Path) -> None:
    (folder / "most/2.jsonl").unlink()


def replaced(folder: Path) -> None:
    path = folder / "most/1.jsonl"
    text = path.read_text()
    size = path.stat().st_size
    path.write_text(text.replace(" the ", " teh ", 3))
    assert path.stat().st_size == size


def moved(_: Path) -> None:
    """The copy that every case works on lies elsewhere, and its files have other times."""


@pytest.mark.parametrize("change", [limits, weights, threshold, one_more, one_less, replaced, moved])
def test_a_changed_run_is_as_a_fresh_one(
    ran: Path, tmp_path: Path, massivetext_here: Command, change: Callable[[Path], None]
) -> None:
    goes_on, fresh = tmp_path / "goes-on", tmp_path / "fresh"
    shutil.copytree(ran, goes_on, copy_function=shutil.copyfile)
    change(goes_on)
    shutil.copytree(goes_on, fresh, ignore=shutil.ignore_patterns("out"))
    _run(massivetext_here, goes_on)
    _run(massivetext_here, fresh)
    found, wanted, before = (hashes(folder / "out") for folder in (goes_on, fresh, ran))
    moving = (
        ("documents/", "verdicts/", "tokens/", "contaminated/", "duplicates/") if change is limits else ()
    )
    for of in (
        found,
        wanted,
        before,
    ):  # a limit moves no text: rows stand in the order of the day they were written
        for path in [path for path in of if path.startswith(moving)]:
            del of[path]
    assert found == wanted
    assert (found == before) == (change is moved)
    assert verify(str(goes_on / "out")) == []
