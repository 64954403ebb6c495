"""A stand-in of the Dataflow service, which executes what is submitted.

It knows of the service what the client asks it: it takes a job, downloads the very pipeline that was staged, has
Beam's own runner execute it in place of containers, and says how it went.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_provision_api_pb2, beam_runner_api_pb2
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.portability.fn_api_runner.fn_runner import ExtendedProvisionInfo
from apache_beam.runners.portability.portable_runner import JobServiceHandle
from apache_beam.transforms.environments import EmbeddedPythonEnvironment, Environment

from massivetext.pipeline.storage import files


class Service(ThreadingHTTPServer):
    """The stand-in. `submitted` holds every job as it was received."""

    def __init__(self) -> None:
        super().__init__(("localhost", 0), _Answer)
        self.submitted: list[dict[str, Any]] = []
        self.jobs: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.fails = ""  # the name of a step whose job fails
        self.environment: Environment = (
            EmbeddedPythonEnvironment.default()
        )  # of workers, whatever was asked for
        self.pool = ThreadPoolExecutor(1)

    @property
    def endpoint(self) -> str:
        """The option by which the client finds it."""
        return f"--dataflow_endpoint=http://localhost:{self.server_port}"

    def submit(self, job: dict[str, Any]) -> dict[str, Any]:
        self.submitted.append(job)
        answer = {
            "id": f"job-{len(self.submitted)}",
            "name": job["name"],
            "currentState": "JOB_STATE_RUNNING",
        }
        self.jobs[answer["id"]] = answer
        done = self.pool.submit(self.execute, job, answer)
        if len(self.submitted) > 1:  # all but the first are done when the client asks, which asks every 5 s
            done.result()
        return answer

    def execute(self, job: dict[str, Any], answer: dict[str, Any]) -> None:
        """Run the pipeline that a job has staged, and note in the answer how it went."""
        if self.fails and self.fails in job["name"]:
            answer["currentState"] = "JOB_STATE_FAILED"
            return
        staged = files.read_bytes(job["environment"]["sdkPipelineOptions"]["options"]["pipelineUrl"])
        proto = beam_runner_api_pb2.Pipeline.FromString(staged)
        instead = self.environment.to_runner_api(None)
        for environment in proto.components.environments.values():
            assert environment.urn == common_urns.environments.DOCKER.urn
            environment.CopyFrom(instead)
        options = PipelineOptions(["--no_auth"])
        info = beam_provision_api_pb2.ProvisionInfo(
            pipeline_options=JobServiceHandle.encode_pipeline_options(options.get_all_options())
        )
        runner = FnApiRunner(
            provision_info=ExtendedProvisionInfo(info)
        )  # which workers in containers ask for
        try:
            runner.run_via_runner_api(proto, options).wait_until_finish()
            answer["currentState"] = "JOB_STATE_DONE"
        except Exception:
            answer["currentState"] = "JOB_STATE_FAILED"
            raise


class _Answer(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        assert re.fullmatch(r"/v1b3/projects/my-project/locations/us-central1/jobs", self.path.split("?")[0])
        job = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._send(self.server.submit(job))

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.server.asked.append(path)
        job = path.split("/jobs/")[1].split("/")[0]
        self._send({} if path.endswith("/messages") else self.server.jobs[job])

    def _send(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""
