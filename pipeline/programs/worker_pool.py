"""Worker processes for engines on this machine: python -m massivetext.pipeline.programs.worker_pool PORT.

An engine that is given `--environment_type=EXTERNAL --environment_config=localhost:PORT` asks here for its workers.
Beam's own pool starts a new Python for each, which takes seconds to import all, and hands it no pipeline options;
these are forked (see pipeline.programs.fork_server), and know their options.
"""

import os
import socket
import subprocess
import sys
import tempfile
import traceback
from concurrent import futures
from typing import Any

import grpc
import orjson
from apache_beam.portability.api import (
    beam_fn_api_pb2,
    beam_fn_api_pb2_grpc,
    beam_provision_api_pb2,
    beam_provision_api_pb2_grpc,
)
from google.protobuf import json_format


class WorkerPool(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    """Answers engines that want a worker; one whose engine is gone ends by itself.

    Nothing is kept of a worker: each task manager of each job counts its own from 1, so ids say not which one is meant.
    """

    def __init__(self, address: str) -> None:
        self._address = address  # of the server that forks them

    def StartWorker(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002  (Beam's name)
        """Fork a worker; an error is answered, not raised."""
        try:
            environment = {**os.environ, **_environment(request)}
            with socket.socket(socket.AF_UNIX) as server:
                server.connect(self._address)
                server.sendall(orjson.dumps(environment))
        except Exception:
            return beam_fn_api_pb2.StartWorkerResponse(error=traceback.format_exc())
        return beam_fn_api_pb2.StartWorkerResponse()

    def StopWorker(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        """Nothing is to be done: a worker ends when its engine closes the connection."""
        return beam_fn_api_pb2.StopWorkerResponse()


def _environment(request: Any) -> dict[str, str]:
    """What Beam's worker reads from its environment, as Beam's containers set it."""
    with grpc.insecure_channel(request.provision_endpoint.url) as channel:
        provision = beam_provision_api_pb2_grpc.ProvisionServiceStub(channel)
        asked = beam_provision_api_pb2.GetProvisionInfoRequest()
        info = provision.GetProvisionInfo(asked, metadata=[("worker_id", request.worker_id)], timeout=60).info
    return {
        "WORKER_ID": request.worker_id,
        "PIPELINE_OPTIONS": json_format.MessageToJson(info.pipeline_options),
        "CONTROL_API_SERVICE_DESCRIPTOR": str(request.control_endpoint),
        "LOGGING_API_SERVICE_DESCRIPTOR": str(request.logging_endpoint),
        "RUNNER_CAPABILITIES": " ".join(info.runner_capabilities),
    }


def main() -> None:
    """Serve on the port named by the first argument until it is killed."""
    with tempfile.TemporaryDirectory(prefix="massivetext-") as folder:
        address = os.path.join(folder, "workers")
        command = [sys.executable, "-m", "massivetext.pipeline.programs.fork_server", address]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as forker:
            assert forker.stdout is not None
            assert forker.stdin is not None
            forker.stdout.readline()
            server = grpc.server(futures.ThreadPoolExecutor(8))
            beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(WorkerPool(address), server)
            server.add_insecure_port(f"localhost:{sys.argv[1]}")
            server.start()
            for line in forker.stdout:
                print(line, end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
