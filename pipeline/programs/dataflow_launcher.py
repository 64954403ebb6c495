"""Runs the command `massivetext run` as a Dataflow job on one small worker. docker/flex-template.json starts it.

A flex template can start only one job, but a run is several jobs, one after another. So the template's job has a
single element, the command, which its worker runs. If that worker is lost, the service gives the element to another
one, and the command goes on from the finished parts.
"""

import argparse
import logging
import shlex
import subprocess
import sys
from collections.abc import Sequence

import apache_beam as beam
from apache_beam.options.pipeline_options import (
    GoogleCloudOptions,
    PipelineOptions,
    SetupOptions,
    WorkerOptions,
)

_HANDED_ON = {
    GoogleCloudOptions: ("project", "region", "temp_location", "staging_location", "service_account_email"),
    WorkerOptions: ("sdk_container_image", "network", "subnetwork"),
}
"""Options of this job that the run's jobs get, too."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--config", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--options", default="", help="Options of the run's jobs, separated by spaces.")
    given, rest = parser.parse_known_args(arguments)
    options = PipelineOptions(rest)
    options.view_as(SetupOptions).save_main_session = False
    worker = options.view_as(WorkerOptions)
    worker.num_workers = worker.max_num_workers = 1
    with beam.Pipeline(options=options) as pipeline:
        _ = (
            pipeline
            | "Command" >> beam.Create([command(given.config, given.output, given.options, options)])
            | "Run" >> beam.Map(run)
        )


def command(config: str, output: str, own: str, options: PipelineOptions) -> list[str]:
    """Returns the arguments of `massivetext`. The run's own options come last, so they override those of this job."""
    handed_on = [
        f"--{name}={value}"
        for view, names in _HANDED_ON.items()
        for name in names
        if (value := getattr(options.view_as(view), name))
    ]
    return ["run", config, "--output", output, "--runner=DataflowRunner", *handed_on, *shlex.split(own)]


def run(arguments: list[str]) -> None:
    """Run massivetext and log its output. Raises RuntimeError with its last lines if it fails."""
    process = subprocess.Popen(
        [sys.executable, "-m", "massivetext.pipeline.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    last: list[str] = []
    for line in process.stdout:
        logging.info("%s", line.rstrip())
        last = [*last[-20:], line]
    if status := process.wait():
        raise RuntimeError(f"massivetext ended with status {status}:\n{''.join(last)}")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    main()
