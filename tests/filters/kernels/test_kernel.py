"""Where compiled kernels are kept."""

from pathlib import Path

import pytest

from massivetext.filters.kernels import kernel
from massivetext.filters.kernels.source import fingerprint

MODULE = "massivetext.filters.measure.words"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache of a build that this process may read but not write."""
    monkeypatch.setattr(kernel, "_BESIDE", tmp_path / "beside")
    monkeypatch.setattr(kernel, "cache_folder", lambda: tmp_path / "user" / "kernels")
    folder = tmp_path / "beside" / "kernels" / fingerprint(MODULE)
    folder.mkdir(parents=True)
    (folder / "kernel.nbi").write_bytes(b"index")
    return folder


def test_what_was_built_is_copied_where_it_cannot_be_written(built: Path, tmp_path: Path):
    folder = kernel._cache(MODULE)
    assert folder == tmp_path / "user" / "kernels" / built.name
    assert (folder / "kernel.nbi").read_bytes() == b"index"
    assert [path.name for path in folder.parent.iterdir()] == [built.name]  # nothing temporary is left


def test_a_copy_is_not_made_twice(built: Path):
    (kernel._cache(MODULE) / "own.nbc").write_bytes(b"compiled here")
    (built / "kernel.nbi").unlink()
    folder = kernel._cache(MODULE)
    assert {path.name for path in folder.iterdir()} == {"kernel.nbi", "own.nbc"}


def test_nothing_built_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kernel, "_BESIDE", tmp_path / "nothing")
    monkeypatch.setattr(kernel, "cache_folder", lambda: tmp_path / "kernels")
    assert not kernel._cache(MODULE).exists()
