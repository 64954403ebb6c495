"""Datasets and buckets of the hub, as a server of the tests answers for it."""

from collections.abc import Iterator

import pytest

from massivetext.pipeline.storage import files, retries
from massivetext.pipeline.storage.object_store import StoreError
from tests.servers import Answer, Hub, Server, serving

pytest.importorskip("huggingface_hub")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def hub(server: Server, monkeypatch: pytest.MonkeyPatch) -> Hub:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.url)
    monkeypatch.setenv("HF_TOKEN", Hub.TOKEN)
    monkeypatch.setattr(retries.time, "sleep", lambda _: None)
    hub = Hub(server)
    hub.files["c1"] = {
        "data/a.jsonl": b"one\n",
        "data/b.jsonl": b"two\n",
        "data/x/c.jsonl": b"3\n",
        "README.md": b"-",
    }
    hub.bucket = {"d/a b.txt": b"in a bucket", "e.txt": b"beside"}
    return hub


@pytest.mark.usefixtures("hub")
def test_a_glob_of_a_dataset() -> None:
    assert files.match("hf://datasets/o/d/data/*.jsonl") == [
        ("hf://datasets/o/d/data/a.jsonl", 4),
        ("hf://datasets/o/d/data/b.jsonl", 4),
    ]
    assert len(files.match("hf://datasets/o/d/**/*.jsonl")) == 3
    assert files.match("hf://datasets/o/d/none/*.jsonl") == []
    assert files.read_bytes("hf://datasets/o/d/data/b.jsonl") == b"two\n"
    assert files.exists("hf://datasets/o/d/README.md")
    assert not files.exists("hf://datasets/o/d/no.md")


def test_what_is_found_stays_at_its_commit(hub: Hub) -> None:
    (found,) = files.stamped("hf://datasets/o/d/data/a.jsonl")
    assert found.name == "hf://datasets/o/d/data/a.jsonl"
    hub.files["c2"] = {"data/a.jsonl": b"another\n"}
    hub.refs["main"] = "c2"
    assert files.read_bytes(found.path) == b"one\n"
    (after,) = files.stamped("hf://datasets/o/d/data/a.jsonl")
    assert after.name == found.name
    assert after.stamp != found.stamp
    assert files.read_bytes(after.path) == b"another\n"


def test_a_commit_that_changes_other_files_leaves_the_stamp(hub: Hub) -> None:
    (before,) = files.stamped("hf://datasets/o/d/data/a.jsonl")
    hub.files["c2"] = {**hub.files["c1"], "README.md": b"written anew"}
    hub.refs["main"] = "c2"
    (after,) = files.stamped("hf://datasets/o/d/data/a.jsonl")
    assert (after.name, after.stamp) == (before.name, before.stamp)


def test_a_revision(hub: Hub) -> None:
    hub.files["c9"] = {"data/old.jsonl": b"old"}
    hub.refs["refs/pr/1"] = "c9"
    (found,) = files.stamped("hf://datasets/o/d@refs%2Fpr%2F1/data/*")
    assert found.name == "hf://datasets/o/d@refs%2Fpr%2F1/data/old.jsonl"
    assert files.read_bytes(found.path) == b"old"
    assert files.read_bytes("hf://datasets/o/d@c9/data/old.jsonl") == b"old"
    with pytest.raises(StoreError, match=r"o/d@v7/data/\*: .*404"):
        files.match("hf://datasets/o/d@v7/data/*")


@pytest.mark.usefixtures("hub")
def test_a_bucket() -> None:
    assert files.match("hf://buckets/o/b/**") == [
        ("hf://buckets/o/b/d/a b.txt", 11),
        ("hf://buckets/o/b/e.txt", 6),
    ]
    assert files.read_bytes("hf://buckets/o/b/d/a b.txt") == b"in a bucket"


@pytest.mark.usefixtures("hub")
def test_without_the_right_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_of_another")
    with pytest.raises(StoreError, match=r"hf://datasets/o/d/data/\*: .*401.*set HF_TOKEN"):
        files.match("hf://datasets/o/d/data/*")
    with pytest.raises(StoreError, match="set HF_TOKEN"):
        files.read_bytes("hf://datasets/o/d/data/a.jsonl")
    with pytest.raises(StoreError, match="401"):
        files.match("hf://datasets/o/other/*")


@pytest.mark.usefixtures("hub")
def test_a_hub_that_is_busy_is_asked_again(server: Server) -> None:
    faults = server.faults
    waiting = [Answer(429, {"Retry-After": "1"}), Answer(503)]
    faults.insert(0, lambda path, _: waiting.pop() if waiting and "/tree/" in path else None)
    assert len(files.match("hf://datasets/o/d/data/*")) == 2
    faults.insert(0, lambda path, _: Answer(429) if path.startswith("/api") else None)
    with pytest.raises(StoreError, match=r"429 .*6 attempts"):
        files.match("hf://datasets/o/d/data/*")


@pytest.mark.parametrize(
    "path", ["hf://o/d/a", "hf://datasets/d/a", "hf://buckets/o/b@main/a", "hf://datasets/o/d"]
)
def test_a_path_that_leads_nowhere_says_what_is_expected(path: str) -> None:
    with pytest.raises(StoreError, match="expected hf://datasets/OWNER/NAME/PATH"):
        files.match(path)
