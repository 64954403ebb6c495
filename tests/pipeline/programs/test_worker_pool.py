"""Two engines at once on one machine's pool of workers, whose workers bear the same ids."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import orjson
import pytest
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc

from massivetext.pipeline.programs.worker_pool import is_ours

JOB = """\
import os, sys, time
from pathlib import Path
import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

name, pool, folder, awaited = sys.argv[1:]

def work(element):
    Path(folder, f"{name}-works").write_text("")
    while awaited and not Path(folder, awaited).exists():
        time.sleep(0.05)
    return os.environ["WORKER_ID"], os.environ["PIPELINE_OPTIONS"]

def write(seen):
    Path(folder, name).write_text("\\n".join(seen))

options = PipelineOptions(
    runner="PortableRunner", job_endpoint="embed", environment_type="EXTERNAL", environment_config=pool, job_name=name
)
with beam.Pipeline(options=options) as pipeline:
    pipeline | beam.Create([1]) | beam.Map(work) | beam.Map(write)
"""


@pytest.fixture
def pool() -> Iterator[str]:
    """The address of a pool that is up."""
    with socket.create_server(("localhost", 0)) as probe:
        port = probe.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "massivetext.pipeline.programs.worker_pool", str(port)]
    ) as process:
        with grpc.insecure_channel(f"localhost:{port}") as channel:
            grpc.channel_ready_future(channel).result(timeout=120)
        yield f"localhost:{port}"
        process.terminate()


def test_a_job_outlives_another_with_the_same_worker_ids(pool: str, tmp_path: Path):
    """The other's worker is stopped by its id while this one works, as Flink's task managers stop theirs."""

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", JOB, *arguments]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def end(job: subprocess.Popen[str]) -> None:
        _, errors = job.communicate(timeout=300)
        assert job.returncode == 0, errors

    long = start("long", pool, str(tmp_path), "stopped")
    while not (tmp_path / "long-works").exists():
        assert long.poll() is None, long.communicate()[1]
        time.sleep(0.05)
    end(start("short", pool, str(tmp_path), ""))
    worker, options = (tmp_path / "short").read_text().split("\n", 1)
    with grpc.insecure_channel(pool) as channel:
        stub = beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub(channel)
        stub.StopWorker(beam_fn_api_pb2.StopWorkerRequest(worker_id=worker), timeout=60)
    (tmp_path / "stopped").touch()
    end(long)
    other, others = (tmp_path / "long").read_text().split("\n", 1)
    assert worker == other
    names = [orjson.loads(each)["beam:option:job_name:v1"] for each in (options, others)]
    assert names == ["short", "long"]


ASK = """\
import os, sys
import grpc
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc, endpoints_pb2

os.setuid(int(sys.argv[2]))  # only now: another user may not read what is imported
control = endpoints_pb2.ApiServiceDescriptor(url="localhost:1")
with grpc.insecure_channel(sys.argv[1]) as channel:
    stub = beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub(channel)
    request = beam_fn_api_pb2.StartWorkerRequest(worker_id="1", control_endpoint=control, provision_endpoint=control)
    print(stub.StartWorker(request, timeout=60).error)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another user")
@pytest.mark.parametrize(
    ("user", "said"), [(65534, "answers only its own user, 0, and root"), (0, "UNAVAILABLE")]
)
def test_only_its_own_user_is_given_workers(pool: str, user: int, said: str):
    """A worker runs what it is sent; the one that may ask gets as far as its engine, which is not there."""
    command = [sys.executable, "-c", ASK, pool, str(user)]
    asked = subprocess.run(command, capture_output=True, text=True)
    assert said in asked.stdout, asked.stderr


def test_whose_a_connection_is_does_not_depend_on_how_its_address_is_written():
    with (
        socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server,
        socket.create_connection(("127.0.0.1", server.getsockname()[1])) as client,
    ):
        port = client.getsockname()[1]
        assert is_ours(f"ipv4:127.0.0.1:{port}")
        assert is_ours(f"ipv6:%5B::ffff:127.0.0.1%5D:{port}")
        assert not is_ours(f"ipv4:127.0.0.2:{port}")
        assert not is_ours("unix:")
