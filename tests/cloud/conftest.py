"""Object stores on this machine: an emulator of Google's, and moto for Amazon's. No network, no credentials."""

import contextlib
import logging
import os
import re
import shutil
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from massivetext.pipeline.storage import files
from tests.cloud.fault_proxy import Proxy, proxied

if TYPE_CHECKING:
    from tests.cloud.dataflow_service import Service


MADE = ("contaminated", "documents", "duplicates", "failed", "shards", "tokenizer", "tokens", "verdicts")
STORES = ("gcp_storage_emulator", "moto")
CHANGES = {
    "formats: [megatron, parquet]": "formats: [array_record, mds, megatron, parquet]",
    "language:      {": "language:      {model: lid.ftz, ",
    "sequence_length: 512,": "sequence_length: 512, shard_tokens: 1000000,",
}


class Requests(logging.Handler):
    """The requests that a server answered, from its log: `GET /path`."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.named: list[str] = []  # objects that were written, if the log does not name them

    def emit(self, record: logging.LogRecord) -> None:
        # Statuses other than 200 are logged in colour.
        if found := re.search(r'"(?:\x1b\[\d+m)*([A-Z]+ \S+) HTTP', record.getMessage()):
            self.seen.append(found[1])


@dataclass
class Store:
    """A bucket, and the options that reach it."""

    url: str
    options: tuple[str, ...]
    requests: Requests = field(default_factory=Requests)
    endpoint: str = ""

    @contextlib.contextmanager
    def broken(self, share: float, **chosen: Any) -> "Iterator[tuple[Store, Proxy]]":
        """Returns the same bucket behind a proxy that breaks a share of the requests, or of the `chosen` ones."""
        with proxied(self.endpoint, share, **chosen) as proxy, pytest.MonkeyPatch.context() as patch:
            options = tuple(option.replace(self.endpoint, proxy.url) for option in self.options)
            if "STORAGE_EMULATOR_HOST" in os.environ:
                patch.setenv("STORAGE_EMULATOR_HOST", proxy.url)
            yield replace(self, options=options), proxy
        self.connect()

    def connect(self) -> None:
        """Let this process read and write the bucket."""
        from massivetext.pipeline.runtime.engine import connect
        from massivetext.pipeline.storage import object_store

        object_store._client.cache_clear()
        object_store._store.cache_clear()
        connect(self.options)

    def put(self, folder: Path, name: str) -> None:
        """Copy a folder into the bucket."""
        self.connect()
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                inside = f"{name}/{path.relative_to(folder).as_posix()}"
                files.write_bytes(self.url, inside, path.read_bytes())

    def get(self, folder: str) -> dict[str, bytes]:
        """Returns all files of a folder in the bucket, except hidden ones."""
        self.connect()
        root = f"{self.url}/{folder}/"
        return {path.removeprefix(root): files.read_bytes(path) for path, _ in files.match(root + "**")}

    def counted(self) -> Counter[str]:
        """Returns the number of requests of each method since the last call."""
        seen, self.requests.seen = self.requests.seen, []
        return Counter(request.split(" ")[0] for request in seen)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def google() -> Iterator[Store]:
    server = pytest.importorskip("gcp_storage_emulator.server", reason="needs gcp-storage-emulator")
    pytest.importorskip("google.cloud.storage", reason="needs the extra gcp")
    port = _free_port()
    store = Store("gs://lake", ("--no_auth",), endpoint=f"http://localhost:{port}")
    with pytest.MonkeyPatch.context() as patch, _logged("gcp_storage_emulator.server", store):
        patch.setenv("STORAGE_EMULATOR_HOST", f"http://localhost:{port}")
        _as_the_real_store(patch, store)
        with server.create_server("localhost", port, in_memory=True, default_bucket="lake"):
            yield store


def _as_the_real_store(patch: pytest.MonkeyPatch, store: Store) -> None:
    """Makes Google's emulator obey `ifGenerationMatch=0`, with which the real store writes an object only if there is
    none. Also records the names of written objects, which the emulator's log lacks."""
    from gcp_storage_emulator.exceptions import NotFound
    from gcp_storage_emulator.handlers import objects

    upload, one_at_a_time = objects._multipart_upload, threading.Lock()

    def conditional(request: Any, response: Any, storage: Any) -> None:
        name = (request.query.get("name") or [request.data["meta"].get("name")])[0]
        store.requests.named.append(f"PUT /{request.params['bucket_name']}/{name}")
        with one_at_a_time:
            if request.query.get("ifGenerationMatch") == ["0"]:
                with contextlib.suppress(NotFound):
                    storage.get_file_obj(request.params["bucket_name"], name)
                    response.status = HTTPStatus.PRECONDITION_FAILED
                    return
            upload(request, response, storage)

    patch.setattr(objects, "_multipart_upload", conditional)


@pytest.fixture(scope="session")
def amazon() -> Iterator[Store]:
    moto = pytest.importorskip("moto.server", reason="needs moto[server]")
    boto3 = pytest.importorskip("boto3", reason="needs the extra aws")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    store = Store(
        "s3://lake", (f"--s3_endpoint_url={endpoint}", "--s3_region_name=us-east-1"), endpoint=endpoint
    )
    with pytest.MonkeyPatch.context() as patch, _logged("werkzeug", store):
        patch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="lake")
        yield store
    server.stop()


@pytest.fixture(params=["google", "amazon"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    found.connect()
    return found


@pytest.fixture
def service(google: Store) -> "Iterator[Service]":
    """A stand-in for Dataflow that reads and writes Google's emulator."""
    from tests.cloud.dataflow_service import Service

    google.connect()
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextlib.contextmanager
def _logged(name: str, store: Store) -> Iterator[None]:
    logger = logging.getLogger(name)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(store.requests)
    yield
    logger.removeHandler(store.requests)


@pytest.fixture(scope="session")
def inputs(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with every shard format, and its own language model."""
    folder = tmp_path_factory.mktemp("cloud") / "in"
    shutil.copytree(sample, folder)
    shutil.copy(sample.parents[1] / "filters/models/lid.176.ftz", folder / "lid.ftz")
    config = folder / "massivetext.yaml"
    for old, new in CHANGES.items():
        assert config.read_text().count(old) == 1
        config.write_text(config.read_text().replace(old, new))
    return folder


@pytest.fixture(scope="session")
def on_disk(inputs: Path, massivetext_here) -> dict[str, bytes]:
    if not any(map(find_spec, STORES)):  # this comes before `store`, which serves a single test
        pytest.skip("needs a stand-in of an object store: `make test-cloud`")
    out = inputs.parent / "out"
    done = massivetext_here("run", str(inputs / "massivetext.yaml"), "--output", str(out))
    assert done.returncode == 0, done.stderr
    paths = [path for folder in MADE for path in (out / folder).rglob("*") if path.is_file()]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}
