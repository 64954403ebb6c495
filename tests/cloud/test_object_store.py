"""Files in object stores: whole or not at all, found as Python's glob finds them, with few requests."""

import os
from pathlib import Path

import pytest

from massivetext.pipeline.storage import files, object_store

NAMES = ("a/3.txt", "a/c/1.txt", "a/.hidden/4.txt", "a/skip.md", "b/2.txt", "b/.5.txt", "bb.txt")


def test_a_written_file_comes_back(store):
    written = files.write_bytes(store.url, "back/one.bin", b"some bytes")
    assert (written.bytes, files.read_bytes(f"{store.url}/back/one.bin")) == (10, b"some bytes")
    assert files.sha256(f"{store.url}/back/one.bin") == written.sha256
    assert files.match(f"{store.url}/back/*") == [(f"{store.url}/back/one.bin", 10)]


def test_an_empty_file_stands(store):
    files.write_bytes(store.url, "empty/done", b"")
    assert files.exists(f"{store.url}/empty/done")
    assert files.read_bytes(f"{store.url}/empty/done") == b""
    with files.write_whole(store.url, "empty/never written to"):
        pass
    assert files.match(f"{store.url}/empty/*")[1][1] == 0


def test_a_file_that_is_not_there(store):
    assert not files.exists(f"{store.url}/absent")
    assert files.match(f"{store.url}/absent*") == []
    with pytest.raises(FileNotFoundError, match="absent"):
        files.read_bytes(f"{store.url}/absent")


@pytest.mark.parametrize("size", [1000, 9 << 20])
def test_after_an_error_nothing_stands(store, size):
    files.write_bytes(store.url, f"kept/{size}", b"before")

    def write_half() -> None:
        with files.write_whole(store.url, f"kept/{size}") as sink:
            sink.stream.write(os.urandom(size))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert files.read_bytes(f"{store.url}/kept/{size}") == b"before"
    assert files.match(f"{store.url}/{files.TEMPORARY}/*") == []


def test_a_large_file_is_whole_and_leaves_nothing_else(store):
    data = os.urandom((9 << 20) + 17)
    with files.write_whole(store.url, "large/one") as sink:
        for start in range(0, len(data), 100_000):
            sink.stream.write(data[start : start + 100_000])
        assert not files.exists(f"{store.url}/large/one")
    assert files.read_bytes(f"{store.url}/large/one") == data
    assert files.match(f"{store.url}/{files.TEMPORARY}/*") == []


def test_stretches_are_read_alone(store):
    data = os.urandom(1 << 20)
    files.write_bytes(store.url, "stretches", data)
    for open_it in (files.open_read, files.open_ranges):
        with open_it(f"{store.url}/stretches") as stream:
            assert stream.seek(500_000) == 500_000
            assert stream.read(7) == data[500_000:500_007]
            assert stream.seek(-5, os.SEEK_END) == len(data) - 5
            assert stream.read(100) == data[-5:]
            assert stream.read(100) == b""
            assert stream.seek(-10, os.SEEK_CUR) == len(data) - 10
            assert stream.read() == data[-10:]


@pytest.mark.parametrize(
    "pattern", ["**/*.txt", "*.txt", "*/*.txt", "a/**", "**", "b*/?.txt", "[!a]*/*", "a/.hidden/*"]
)
def test_globs_find_what_they_find_on_a_disk(store, tmp_path: Path, pattern):
    for name in NAMES:
        files.write_bytes(str(tmp_path), name, name.encode())
        files.write_bytes(store.url, f"globs/{name}", name.encode())
    here = [(path[len(str(tmp_path)) + 1 :], size) for path, size in files.match(str(tmp_path / pattern))]
    there = files.match(f"{store.url}/globs/{pattern}")
    assert [(path.removeprefix(f"{store.url}/globs/"), size) for path, size in there] == here


def test_a_folder_is_deleted_whole(store):
    for name in ("gone/1", "gone/in/2", "gone/.work/3", "gone.txt"):
        files.write_bytes(store.url, name, b"x")
    files.delete_tree(f"{store.url}/gone")
    files.delete_tree(f"{store.url}/gone")
    assert [path for path, _ in files.match(f"{store.url}/gone*")] == [f"{store.url}/gone.txt"]
    assert not files.exists(f"{store.url}/gone/.work/3")


def test_small_files_take_few_requests(store):
    files.write_bytes(store.url, "few", b"x" * 1000)
    files.read_bytes(f"{store.url}/few")  # a client's first question may be about the bucket
    store.counted()
    files.write_bytes(store.url, "few", b"x" * 1000)
    written = sum(store.counted().values())
    assert written == 1
    files.read_bytes(f"{store.url}/few")
    assert sum(store.counted().values()) == 2  # its size, then all of it


@pytest.mark.parametrize("is_coloured", [True, False])
def test_requests_are_counted_in_colour_or_not(amazon, is_coloured, monkeypatch: pytest.MonkeyPatch):
    """The server colours what is not found, where it thinks that it may."""
    monkeypatch.setattr("werkzeug.serving._log_add_style", is_coloured)
    amazon.connect()
    amazon.counted()
    assert not files.exists(f"{amazon.url}/not there")
    assert sum(amazon.counted().values()) == 1


def test_an_error_of_the_store_names_the_file(store):
    bucket = store.url.replace("lake", "no-such-bucket")
    with pytest.raises(OSError, match="no-such-bucket"):
        files.write_bytes(bucket, "one", b"x")


def test_many_are_read_in_order(store):
    for number in range(20):
        files.write_bytes(store.url, f"many/{number:02d}", str(number).encode())
    paths = [path for path, _ in files.match(f"{store.url}/many/*")]
    calls = [lambda path=path: files.read_bytes(path) for path in paths]
    assert [int(data) for data in files.at_once(store.url, calls)] == list(range(20))


def test_a_scheme_that_nobody_knows():
    with pytest.raises(object_store.StoreError, match=r"ftp://.*expected gs://"):
        files.exists("ftp://somewhere/file")


def test_one_client_of_amazons_serves_all_calls(amazon, monkeypatch: pytest.MonkeyPatch):
    """To make one takes as long as thirty requests."""
    session = pytest.importorskip("boto3.session", reason="needs the extra aws").Session
    made, make = [], session.client
    monkeypatch.setattr(session, "client", lambda *args, **options: made.append(1) or make(*args, **options))
    amazon.connect()
    with files.write_whole(amazon.url, "once/one") as sink:
        sink.stream.write(b"x")
    assert files.exists(f"{amazon.url}/once/one")
    assert files.match(f"{amazon.url}/once/*") == [(f"{amazon.url}/once/one", 1)]
    assert files.read_bytes(f"{amazon.url}/once/one") == b"x"
    files.delete_tree(f"{amazon.url}/once")
    assert len(made) == 1


def test_a_stamp_is_of_the_content(store):
    """Within one second: the same bytes, written again, have the stamp that they had, others of their size another."""
    stamps = []
    for data in (b"first", b"first", b"other"):
        files.write_bytes(store.url, "stamped/one", data)
        [found] = files.stamped(f"{store.url}/stamped/*")
        stamps.append(found.stamp)
    assert stamps[0] == stamps[1] != stamps[2]
