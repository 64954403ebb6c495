"""Worker processes for engines on this machine: python -m massivetext.pipeline.programs.worker_pool PORT.

An engine with `--environment_type=EXTERNAL --environment_config=localhost:PORT` asks this pool for its workers. Beam's
own pool starts a new Python process for each worker, which takes seconds to import everything and gets no pipeline
options. This pool forks its workers (see pipeline.programs.fork_server), and passes them their options.

A worker runs whatever its engine sends. So the pool answers only processes of its own user and of root: the system
kernel knows which user owns the other end of a local connection.
"""

import ipaddress
import os
import socket
import struct
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import grpc
import orjson
from apache_beam.portability.api import (
    beam_fn_api_pb2,
    beam_fn_api_pb2_grpc,
    beam_provision_api_pb2,
    beam_provision_api_pb2_grpc,
)
from google.protobuf import json_format

from massivetext.pipeline.runtime.local_workers import FORKED, short_folder

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class WorkerPool(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    """Answers engines that want a worker. A worker ends by itself when its engine is gone.

    The pool keeps no list of workers: each task manager of each job numbers its workers from 1, so ids are ambiguous.
    """

    def __init__(self, address: str) -> None:
        self._address = address  # of the fork server

    def StartWorker(self, request: Any, context: Any) -> Any:  # noqa: N802  (Beam's name)
        """Fork a worker. Returns an error in the response instead of raising it."""
        if not is_ours(context.peer()):
            return beam_fn_api_pb2.StartWorkerResponse(
                error=f"this pool answers only its own user, {os.getuid()}, and root: start the engine as that user"
            )
        try:
            environment = {**os.environ, **_environment(request)}
            with socket.socket(socket.AF_UNIX) as server:
                server.connect(self._address)
                server.sendall(orjson.dumps(environment))
                server.shutdown(socket.SHUT_WR)
                if (answer := server.recv(1 << 12)) != FORKED:
                    raise RuntimeError(answer.decode())
        except Exception:
            return beam_fn_api_pb2.StartWorkerResponse(error=traceback.format_exc())
        return beam_fn_api_pb2.StartWorkerResponse()

    def StopWorker(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        """Do nothing: a worker ends when its engine closes the connection."""
        return beam_fn_api_pb2.StopWorkerResponse()


def is_ours(peer: str) -> bool:
    """Whether the other end of a connection belongs to this user or to root. `peer` is gRPC's name for it, such as
    `ipv4:127.0.0.1:40312`."""
    family, _, address = unquote(peer).partition(":")
    host, _, port = address.rpartition(":")
    if family not in ("ipv4", "ipv6"):
        return False
    asked = _plain(ipaddress.ip_address(host.strip("[]"))), int(port)
    users = {user for local, user in _sockets() if local == asked}
    return bool(users) and users <= {os.getuid(), 0}


def _sockets() -> Iterator[tuple[tuple[Address, int], int]]:
    """Yields the address, the port and the user of each TCP socket of this machine."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            _, local, _, _, _, _, _, user, *_ = line.split()
            host, port = local.split(":")
            words = [
                int(host[at : at + 8], 16) for at in range(0, len(host), 8)
            ]  # each in the machine's order
            packed = struct.pack(f"={len(words)}I", *words)
            yield (_plain(ipaddress.ip_address(packed)), int(port, 16)), int(user)


def _plain(address: Address) -> Address:
    """Returns an IPv4 address that is written as IPv6 in IPv4's form: the two ends may see different forms."""
    return getattr(address, "ipv4_mapped", None) or address


def _environment(request: Any) -> dict[str, str]:
    """Returns the environment variables that Beam's worker reads, as Beam's containers set them."""
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
    """Serve on the port that the first argument names, until the process is killed."""
    with tempfile.TemporaryDirectory(prefix="massivetext-", dir=short_folder()) as folder:
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
