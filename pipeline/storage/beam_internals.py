"""All uses of Beam beyond its public interface, in one file.

A release of Beam may move any of these parts. tests/pipeline/storage/test_beam_internals.py names those that moved.
Functions import Beam when they are called, because that takes seconds and most commands do not need it.
"""

import argparse
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from types import MethodType, SimpleNamespace
from typing import Any, cast

DATA_PLANE_LOGGER = "apache_beam.runners.worker.data_plane"
"""Beam's logger of broken connections between runner and workers."""

RAISED_LOGGER = "apache_beam.runners.common"
"""Beam's logger of exceptions in workers, which the runner raises, too."""


@dataclass(frozen=True)
class Part:
    """A part of Beam that is used here: its module, its name, and the names that it must have."""

    module: str
    name: str
    attributes: tuple[str, ...] = ()
    extra: str | None = None  # an extra of this package that installs what the module needs


USED: Mapping[str, Part] = {
    "the arguments of all options": Part(
        "apache_beam.options.pipeline_options", "PipelineOptions", ("_add_argparse_args",)
    ),
    "the in-process runner": Part("apache_beam.runners.portability.fn_api_runner.fn_runner", "FnApiRunner"),
    "what its workers are told": Part(
        "apache_beam.runners.portability.fn_api_runner.fn_runner", "ExtendedProvisionInfo"
    ),
    "how options are encoded": Part(
        "apache_beam.runners.portability.portable_runner", "JobServiceHandle", ("encode_pipeline_options",)
    ),
    "an environment of workers": Part(
        "apache_beam.transforms.environments", "SubprocessSDKEnvironment", ("from_command_string",)
    ),
    "how an environment's workers are started": Part(
        "apache_beam.runners.portability.fn_api_runner.worker_handlers",
        "WorkerHandler",
        ("register_environment", "start_worker", "stop_worker"),
    ),
    "how workers reach the runner": Part(
        "apache_beam.runners.portability.fn_api_runner.worker_handlers",
        "GrpcWorkerHandler",
        ("host_from_worker", "control_api_service_descriptor", "logging_api_service_descriptor"),
    ),
    "the servers that workers reach": Part(
        "apache_beam.runners.portability.fn_api_runner.worker_handlers", "grpc", ("server",)
    ),
    "whether work has state or timers": Part("apache_beam.transforms.userstate", "get_dofn_specs"),
    "whether a notebook is asked for labels": Part("apache_beam.utils.interactive_utils", "is_in_ipython"),
    "a worker's main function": Part("apache_beam.runners.worker.sdk_worker_main", "main"),
    "what prints a worker's errors": Part("apache_beam.runners.worker.sdk_worker", "SdkHarness"),
    "what prints that logs cannot be sent": Part(
        "apache_beam.runners.worker.log_handler", "FnApiLogRecordHandler"
    ),
    "the command's options": Part("apache_beam.io.filesystems", "FileSystems", ("_pipeline_options",)),
    "a worker's options": Part(
        "apache_beam.options.value_provider", "RuntimeValueProvider", ("runtime_options",)
    ),
    "the logger of what is raised": Part("apache_beam.runners.common", "_LOGGER"),
    "the logger of lost connections": Part("apache_beam.runners.worker.data_plane", "_LOGGER"),
    "how the client of gs:// is made": Part("apache_beam.io.gcp.gcsio", "create_storage_client", extra="gcp"),
    "the client of s3://": Part("apache_beam.io.aws.clients.s3.boto3_client", "Client", extra="aws"),
}
"""The parts, by their uses."""


def leave_notebooks_alone() -> None:
    """Keep Beam from labelling transforms by the cells of a notebook: it imports pandas for that, and fails on pandas
    3."""
    from apache_beam.utils import interactive_utils

    interactive_utils.is_in_ipython = lambda: False


def inspect_work_once() -> None:
    """Keep what Beam finds out of a class of DoFns, its states and timers.

    Beam looks at the signature of every method, several times for each transform and again for each bundle: a tenth of
    the CPU seconds of a small run. A DoFn with methods of its own, which its class does not have, is looked at anew.
    """
    from apache_beam.transforms import userstate

    if hasattr(userstate.get_dofn_specs, "__wrapped__"):
        return
    look = userstate.get_dofn_specs
    known: dict[type, tuple[set[Any], set[Any]]] = {}

    @wraps(look)
    def specs(dofn: Any) -> tuple[set[Any], set[Any]]:
        if any(isinstance(value, MethodType) for value in vars(dofn).values()):
            return look(dofn)
        if type(dofn) not in known:
            known[type(dofn)] = look(dofn)
        states, timers = known[type(dofn)]
        return {*states}, {*timers}

    userstate.get_dofn_specs = specs


def add_all_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of every group of Beam's options to a parser."""
    from apache_beam.options.pipeline_options import PipelineOptions

    for options in PipelineOptions.__subclasses__():
        options._add_argparse_args(cast(Any, parser))


def local_runner(options: Any, environment: Any = None) -> Any:
    """Returns Beam's in-process runner, which passes the options to its workers; a bare FnApiRunner does not.

    `environment` is that of the workers, such as the result of `workers_by`; None: this process.
    """
    from apache_beam.portability.api import beam_provision_api_pb2
    from apache_beam.runners.portability.fn_api_runner import fn_runner
    from apache_beam.runners.portability.portable_runner import JobServiceHandle

    inspect_work_once()
    encoded = JobServiceHandle.encode_pipeline_options(options.get_all_options())
    info = beam_provision_api_pb2.ProvisionInfo(pipeline_options=encoded)
    return fn_runner.FnApiRunner(environment, provision_info=fn_runner.ExtendedProvisionInfo(info))


Start = Callable[[Mapping[str, str]], Callable[[], None]]
"""Starts a worker with these variables in its environment. Returns a function that waits for the worker's end."""


def workers_by(start: Start, sockets: str) -> Any:
    """Returns the environment of workers that `start` starts.

    The workers and the runner talk by Unix sockets in the folder `sockets`, which only this user may enter. Beam's own
    servers listen to the whole network, and unpickle whatever they are sent.
    """
    from apache_beam.portability import python_urns
    from apache_beam.runners.portability.fn_api_runner import worker_handlers
    from apache_beam.transforms.environments import SubprocessSDKEnvironment
    from google.protobuf import json_format

    class Started(worker_handlers.GrpcWorkerHandler):
        def __init__(self, _payload: bytes, *rest: Any) -> None:
            super().__init__(*rest)

        def start_worker(self) -> None:
            options = json_format.MessageToJson(self.provision_info.provision_info.pipeline_options)
            self._wait = start(
                {
                    "WORKER_ID": self.worker_id,
                    "PIPELINE_OPTIONS": options,
                    "CONTROL_API_SERVICE_DESCRIPTOR": str(self.control_api_service_descriptor()),
                    "LOGGING_API_SERVICE_DESCRIPTOR": str(self.logging_api_service_descriptor()),
                }
            )

        def stop_worker(self) -> None:
            self._wait()

        def host_from_worker(self) -> str:
            return "unix"

    worker_handlers.WorkerHandler.register_environment(python_urns.SUBPROCESS_SDK, bytes)(Started)
    _serve_in(sockets, worker_handlers)
    return SubprocessSDKEnvironment.from_command_string("")


def _serve_in(folder: str, module: Any) -> None:
    """Make the servers of a module of Beam listen on Unix sockets. The path of the socket takes the place of the
    port."""
    grpc = import_module("grpc")

    def server(*arguments: Any, **options: Any) -> Any:
        made = grpc.server(*arguments, **options)
        listen = made.add_insecure_port

        def add_socket(_address: str) -> str:
            path = f"{folder}/{uuid.uuid4().hex[:8]}"
            listen(f"unix:{path}")
            return path

        made.add_insecure_port = add_socket
        return made

    module.grpc = SimpleNamespace(**vars(grpc) | {"server": server})


def load_worker() -> None:
    """Import all that `run_worker` needs, so that processes forked from this one need not."""
    from apache_beam.runners.worker import sdk_worker_main  # noqa: F401

    inspect_work_once()


def run_worker() -> None:
    """Run as a worker, with the settings in this process's environment variables, until the runner ends it.

    Beam's worker prints the traceback of each error, and also sends it to the command, which tells the user. Its client
    that sends logs prints that it has no memory for a thread, which the command tells, too.
    """
    from apache_beam.runners.worker import log_handler, sdk_worker, sdk_worker_main

    for module in (sdk_worker, log_handler):
        vars(module)["print"] = lambda *_, **__: None
    sdk_worker_main.main([])


def options_in_force() -> Any:
    """Returns Beam's options: in the command those of the command line, on a worker those that the runner sent."""
    from apache_beam.io.filesystems import FileSystems
    from apache_beam.options.pipeline_options import PipelineOptions
    from apache_beam.options.value_provider import RuntimeValueProvider

    given = FileSystems._pipeline_options or RuntimeValueProvider.runtime_options
    return given if isinstance(given, PipelineOptions) else PipelineOptions.from_dictionary(given or {})


def store_client(scheme: str, options: Any) -> Any:
    """Returns the client of an object store's own library; None for a file system without one."""
    if scheme == "gs":
        from apache_beam.io.gcp.gcsio import create_storage_client
        from apache_beam.options.pipeline_options import GoogleCloudOptions

        with_credentials = not options.view_as(
            GoogleCloudOptions
        ).no_auth  # Beam's own client does not pass it on
        return create_storage_client(options, with_credentials)
    if scheme == "s3":
        from apache_beam.io.aws.clients.s3.boto3_client import Client

        return Client(options).client
    return None
