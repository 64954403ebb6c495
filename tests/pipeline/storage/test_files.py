"""Files that stand whole or not at all."""

import hashlib
import io
from pathlib import Path

import pytest

from massivetext.pipeline.storage import files


def test_a_written_file_says_its_size_and_hash(tmp_path: Path):
    written = files.write_bytes(str(tmp_path), "a/b.bin", b"some bytes")
    assert (tmp_path / "a/b.bin").read_bytes() == b"some bytes"
    assert written == files.Written("a/b.bin", 10, hashlib.sha256(b"some bytes").hexdigest())
    assert files.sha256(str(tmp_path / "a/b.bin")) == written.sha256


def test_after_an_error_nothing_stands(tmp_path: Path):
    files.write_bytes(str(tmp_path), "kept", b"before")

    def write_half() -> None:
        with files.write_whole(str(tmp_path), "kept") as sink:
            sink.stream.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert (tmp_path / "kept").read_bytes() == b"before"
    assert list((tmp_path / files.TEMPORARY).iterdir()) == []


def test_a_file_does_not_stand_before_its_end(tmp_path: Path):
    with files.write_whole(str(tmp_path), "slow") as sink:
        sink.stream.write(b"first half")
        assert not (tmp_path / "slow").exists()
    assert (tmp_path / "slow").exists()


def test_globs_cross_folders_and_are_sorted(tmp_path: Path):
    for name in ("b/2.txt", "a/c/1.txt", "a/3.txt", "a/skip.md"):
        files.write_bytes(str(tmp_path), name, name.encode())
    found = files.match(str(tmp_path / "**" / "*.txt"))
    assert [(Path(path).relative_to(tmp_path).as_posix(), size) for path, size in found] == [
        ("a/3.txt", 7),
        ("a/c/1.txt", 9),
        ("b/2.txt", 7),
    ]


def test_what_is_fetched_is_what_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file of another hash is neither used nor left where the next process would take it."""
    store = {"gs://bucket/model": str(tmp_path / "model")}
    monkeypatch.setattr(files, "open_read", lambda path: io.BytesIO(Path(store.get(path, path)).read_bytes()))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    wanted = hashlib.sha256(b"the model").hexdigest()
    (tmp_path / "model").write_bytes(b"another model")
    with pytest.raises(OSError, match="another SHA-256"):
        files.local("gs://bucket/model", wanted)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "model"]
    (tmp_path / "model").write_bytes(b"the model")
    assert Path(files.local("gs://bucket/model", wanted)).read_bytes() == b"the model"
