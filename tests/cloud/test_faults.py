"""Object stores that break: nothing is lost, nothing is left behind, and a run ends with the same bytes."""

import os
import time

import pytest

from massivetext.pipeline.storage import files, object_store, retries
from massivetext.pipeline.storage.object_store import StoreError
from tests.cloud.conftest import MADE


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retries.time, "sleep", lambda _: None)


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_every_request_is_made_again(store, share: float):
    """Files small, large and empty; lists, locks and deletions."""
    large = os.urandom((40 << 20) + 17)
    with store.broken(share) as (broken, proxy):
        broken.connect()
        names = [f"faults/{number}" for number in range(40)]
        for name in names:
            files.write_bytes(store.url, name, name.encode() * 1000)
        files.write_bytes(store.url, "faults/large", large)
        assert [files.read_bytes(f"{store.url}/{name}") for name in names] == [
            name.encode() * 1000 for name in names
        ]
        assert files.read_bytes(f"{store.url}/faults/large") == large
        assert len(files.match(f"{store.url}/faults/*")) == 41
        assert [files.put_new(f"{store.url}/lock/{n}", str(n).encode()) for n in range(20)] == [True] * 20
        if store.url.startswith("s3"):  # Google's emulator writes whatever the condition says
            assert [files.put_new(f"{store.url}/lock/{n}", b"other") for n in range(20)] == [False] * 20
        files.delete_tree(f"{store.url}/faults")
        files.delete_tree(f"{store.url}/lock")
        assert files.match(f"{store.url}/faults/*") == []
        assert not files.exists(f"{store.url}/faults/large")
    print(f"\n{store.url} {share:.0%}: {dict(proxy.counts)}")
    assert sum(proxy.counts.values()) - proxy.counts["requests"] > 0.5 * share * proxy.counts["requests"]


def test_an_upload_that_cannot_be_finished_leaves_nothing(amazon):
    amazon.connect()
    client = object_store._client("s3", os.getpid())
    with amazon.broken(1, only="partNumber=2", faults=["503"]) as (broken, _):
        broken.connect()
        with pytest.raises(StoreError, match="upload"):
            files.write_bytes(amazon.url, "upload/large", os.urandom(40 << 20))
    assert client.list_multipart_uploads(Bucket="lake").get("Uploads", []) == []
    assert not files.exists(f"{amazon.url}/upload/large")


def test_what_will_not_pass_is_not_tried_again(store):
    with store.broken(0) as (broken, proxy):
        broken.connect()
        with pytest.raises(FileNotFoundError):
            files.read_bytes(f"{store.url}/not there")
    assert proxy.counts["requests"] == 1


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_the_sample_through_a_store_that_breaks(store, share: float, inputs, on_disk, massivetext):
    store.put(inputs, "in")
    folder = f"out-{share:g}"
    with store.broken(share) as (broken, proxy):
        began = time.monotonic()
        config, out = f"{store.url}/in/massivetext.yaml", f"{store.url}/{folder}"
        done = massivetext("run", config, "--output", out, *broken.options)
        took = time.monotonic() - began
        assert done.returncode == 0, done.stderr
    found = {name: data for name, data in store.get(folder).items() if name.split("/")[0] in MADE}
    faults = {name: count for name, count in proxy.counts.items() if name != "requests"}
    print(
        f"\n| {store.url} | {share:.0%} | {proxy.counts['requests']} requests | {faults} | {took:.0f} s | ",
        end="",
    )
    assert found == on_disk
    assert store.get(f"{folder}/.temporary") == {}
    print("same bytes |")
    files.delete_tree(f"{store.url}/{folder}")
