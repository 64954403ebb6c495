import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from massivetext.pipeline.storage.local_match import match


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    for name in (
        "a.jsonl",
        "data[1].jsonl",
        "data1.jsonl",
        "[D] set/x.jsonl",
        "[D] set/y[2].jsonl",
        "sub/deep/b.jsonl",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("a.jsonl", ["a.jsonl"]),
        ("*.jsonl", ["a.jsonl", "data1.jsonl", "data[1].jsonl"]),
        ("data[1].jsonl", ["data[1].jsonl"]),
        ("data[0-9].jsonl", ["data1.jsonl"]),
        ("[D] set/*.jsonl", ["[D] set/x.jsonl", "[D] set/y[2].jsonl"]),
        ("[D] set/y[2].jsonl", ["[D] set/y[2].jsonl"]),
        ("[[]D] set/x*", ["[D] set/x.jsonl"]),
        ("**/*.jsonl", [
            "[D] set/x.jsonl", "[D] set/y[2].jsonl", "a.jsonl", "data1.jsonl", "data[1].jsonl", "sub/deep/b.jsonl",
        ]),
        ("sub/**/*.jsonl", ["sub/deep/b.jsonl"]),
        ("sub/**", ["sub/deep/b.jsonl"]),
        ("*/**/b.jsonl", ["sub/deep/b.jsonl"]),
        ("**/deep/*", ["sub/deep/b.jsonl"]),
        ("nothing*", []),
        ("sub", []),
    ],
)  # fmt: skip
def test_what_a_pattern_matches(pattern: str, found: list[str], folder: Path) -> None:
    assert match(pattern) == found
    assert match(f"{folder}/{pattern}") == [f"{folder}/{name}" for name in found]


@pytest.mark.parametrize(
    "name", ["a b.jsonl", "ü мир 世.jsonl", "q'uo\"te.jsonl", "new\nline.jsonl", "hash#?.jsonl"]
)
def test_names_of_any_characters(name: str) -> None:
    Path(name).write_text("{}")
    assert match(name) == [name]
    assert name in match("*.jsonl")


def test_hidden_files_are_matched_when_they_are_named() -> None:
    Path(".hidden.jsonl").write_text("{}")
    assert match(".*.jsonl") == [".hidden.jsonl"]
    assert ".hidden.jsonl" not in match("*.jsonl") + match("**/*.jsonl")


def test_each_file_is_found_once_whatever_links_lead_to_it() -> None:
    os.symlink("a.jsonl", "0-link.jsonl")
    os.symlink("sub", "0-folder")
    assert match("*.jsonl") == ["a.jsonl", "data1.jsonl", "data[1].jsonl"]
    assert match("*/deep/*.jsonl") == ["sub/deep/b.jsonl"]
    assert match("0-link.jsonl") == ["0-link.jsonl"]
    assert match("0-folder/**/*.jsonl") == ["0-folder/deep/b.jsonl"]
    os.symlink("nowhere", "broken.jsonl")
    assert "broken.jsonl" not in match("*.jsonl")


def test_links_to_their_own_folder_do_not_loop() -> None:
    for name in ("loop", "again", "sub/up", "sub/deep/up"):
        os.symlink(os.path.abspath("."), name)
    assert match("**/b.jsonl") == ["sub/deep/b.jsonl"]
    assert len(match("**")) == 6
