"""The engine: chooses and configures the Beam runner."""

import argparse
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import (
    DirectOptions,
    PipelineOptions,
    StandardOptions,
    WorkerOptions,
)
from apache_beam.runners.runner import create_runner

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime.local_workers import Asked, Workers
from massivetext.pipeline.storage.beam_internals import (
    RAISED_LOGGER,
    add_all_arguments,
    local_runner,
    workers_by,
)

_PERHAPS_FLINK = ("flinkrunner", "portablerunner")  # the second sends jobs to a server of any runner
_MOST_STEPS_ON_FLINK = 5


class Engine:
    """Runs Beam pipelines with the options of the command line.

    Without `--runner` they run on Beam's in-process FnApiRunner with a worker process for each core. It is named
    explicitly, because `DirectRunner` chooses another engine on machines that can download one. With
    `--direct_running_mode=in_memory`, or without worker processes, this process does the work.

    Raises ConfigError for an option or a runner that Beam does not know, and for a running mode that loses data.
    """

    def __init__(self, arguments: Sequence[str], processes: Workers | None = None) -> None:
        asked = Asked.by(arguments)
        if asked.mode == "multi_threading":
            raise ConfigError(
                "--direct_running_mode=multi_threading loses data in Beam 2.77: use multi_processing"
            )
        self.options = connect(arguments)
        self.is_local = asked.is_local
        if self.is_local:
            logging.getLogger(RAISED_LOGGER).setLevel(logging.CRITICAL)
        if not self.is_local:
            self._refuse_unknown_runner()
        worker = self.options.view_as(WorkerOptions)  # Java has no level WARNING
        worker.default_sdk_harness_log_level = worker.default_sdk_harness_log_level or "WARN"
        self.workers = asked.workers if processes or not self.is_local else 1
        if self.is_dataflow:
            from massivetext.pipeline.runtime import dataflow

            self.workers = dataflow.cores(self.options)
        # The runner gets its environment instead, see _pipeline.
        direct = self.options.view_as(DirectOptions)
        direct.direct_running_mode, direct.direct_num_workers = "in_memory", 1
        self._processes = processes

    def _refuse_unknown_runner(self) -> None:
        try:
            create_runner(self.options.view_as(StandardOptions).runner)
        except ValueError as error:
            raise ConfigError(f"--runner: {error}") from error

    @property
    def is_in_process(self) -> bool:
        """Whether the command itself does all the work."""
        return self.is_local and self.workers == 1

    @property
    def is_dataflow(self) -> bool:
        return self._runner == "dataflowrunner"

    @property
    def most_steps(self) -> int | None:
        """The most steps in a pipeline; None: any number.

        Flink's optimizer walks a graph as if it were a tree, along the data and along the barrier of each step. So its
        time doubles with every step: the sixteen steps of deduplicate and what follows took longer than ten minutes.
        """
        return _MOST_STEPS_ON_FLINK if self._runner in _PERHAPS_FLINK else None

    @property
    def _runner(self) -> str:
        """The name of the runner, as Beam reads it."""
        return str(self.options.view_as(StandardOptions).runner or "").rpartition(".")[2].lower()

    def check(self, out: str, inputs: Iterator[str]) -> None:
        """Raises ConfigError if the runner cannot work with its options. `inputs` are the files that workers read."""
        if self.is_dataflow:
            from massivetext.pipeline.runtime import dataflow

            dataflow.check(self.options, out, inputs)

    def describe(self) -> str:
        """Describes the runner and its mode, for people."""
        if not self.is_local:
            return str(self.options.view_as(StandardOptions).runner)
        return "DirectRunner, " + (
            f"{self.workers} worker processes" if self.workers > 1 else "in this process"
        )

    def pipeline(self, step: str) -> beam.Pipeline:
        """Returns a pipeline for heavy, independent work, on all workers."""
        if self._processes is None:
            return self._pipeline(step, self.options)
        options = PipelineOptions.from_dictionary(self.options.get_all_options(drop_default=True))
        options.view_as(DirectOptions).direct_num_workers = self.workers
        return self._pipeline(step, options, workers_by(self._processes.start, self._processes.folder))

    def grouping_pipeline(self, step: str) -> beam.Pipeline:
        """Returns a pipeline that groups ids, hashes and pointers.

        On this machine it runs in this process, which needs half the memory of several processes."""
        return self._pipeline(step, self.options)

    def _pipeline(self, step: str, options: PipelineOptions, environment: Any = None) -> beam.Pipeline:
        if self.is_dataflow:
            from massivetext.pipeline.runtime import dataflow

            return dataflow.Job(options, step)
        if not self.is_local:
            return beam.Pipeline(options=options)
        return beam.Pipeline(runner=local_runner(options, environment), options=options)


def connect(arguments: Sequence[str]) -> PipelineOptions:
    """Read Beam's options, which Beam's file systems use from now on, and return them.

    Raises ConfigError for an option that Beam does not know.
    """
    _refuse_unknown(arguments)
    options = PipelineOptions(list(arguments), pipeline_type_check=False)
    FileSystems.set_options(options)
    return options


def _refuse_unknown(arguments: Sequence[str]) -> None:
    """Raises ConfigError for an option that Beam does not know: Beam itself would ignore a misspelt one."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, conflict_handler="resolve")
    add_all_arguments(parser)
    _, unknown = parser.parse_known_args(list(arguments))
    if unknown:
        raise ConfigError(
            f"neither massivetext nor Beam has an option {unknown[0]}: check its spelling (see --help)"
        )
