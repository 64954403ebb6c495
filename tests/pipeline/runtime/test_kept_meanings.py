"""Fingerprints of code are kept between commands, and found anew for other source."""

from pathlib import Path

import pytest

from massivetext.filters.kernels import kernel, source
from massivetext.pipeline.runtime import kept_meanings
from massivetext.pipeline.runtime.kept_meanings import NAME, meanings


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the module `one`. A process begins that knows nothing yet."""
    path = tmp_path / "one.py"
    path.write_text("ONE = 1\n")
    monkeypatch.setattr(kernel, "cache_folder", lambda: tmp_path / "kernels")
    monkeypatch.setattr(
        kept_meanings, "path_of", lambda name: path if name == "one" else source.path_of(name)
    )
    monkeypatch.setattr(kept_meanings, "_known", {})
    return path


@pytest.mark.usefixtures("module")
def test_the_next_process_finds_it_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    [first] = meanings(["one"])
    monkeypatch.setattr(kept_meanings, "_known", {})
    monkeypatch.setattr(kept_meanings.finder, "meaning", lambda _: pytest.fail("found anew"))
    assert meanings(["one"]) == [first]


def test_other_source_has_another_fingerprint(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [first] = meanings(["one"])
    module.write_text("ONE = 2\n")
    [second] = meanings(["one"])
    assert second != first
    monkeypatch.setattr(kept_meanings, "_known", {})
    assert meanings(["one"]) == [second]


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"one": ["a", "b"], "seal": "c"}'])
@pytest.mark.usefixtures("module")
def test_a_damaged_file_is_written_again(damage: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    [first] = meanings(["one"])
    kept = Path(kernel.cache_folder()) / NAME
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    monkeypatch.setattr(kept_meanings, "_known", {})
    assert meanings(["one"]) == [first]
    assert kept.read_bytes() == whole


def test_what_cannot_be_kept_is_found_each_time(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [first] = meanings(["one"])
    (module.parent / "file").touch()
    monkeypatch.setattr(kernel, "cache_folder", lambda: module.parent / "file" / "kernels")
    monkeypatch.setattr(kept_meanings, "_known", {})
    assert meanings(["one"]) == [first]
