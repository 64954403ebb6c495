"""Two engines at once on one machine's pool of workers, whose workers bear the same ids."""

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
