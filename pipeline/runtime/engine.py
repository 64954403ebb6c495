"""Which Beam runner runs, and how."""

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


class Engine:
    """Runs Beam pipelines with the options of the command line.

    Without `--runner`, on Beam's in-process FnApiRunner with a worker process for each core: named explicitly,
    because `DirectRunner` takes another engine on machines that can download one. Where
    `--direct_running_mode=in_memory` is given, or no worker processes are, the work is done in this process.

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
        worker = self.options.view_as(WorkerOptions)  # Java knows no WARNING
        worker.default_sdk_harness_log_level = worker.default_sdk_harness_log_level or "WARN"
        self.workers = asked.workers if processes or not self.is_local else 1
        if self.is_dataflow:
            from massivetext.pipeline.runtime import dataflow

            self.workers = dataflow.cores(self.options)
        # The runner is told its environment instead, see _pipeline.
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
        name = str(self.options.view_as(StandardOptions).runner or "")
        return name.rpartition(".")[2].lower() == "dataflowrunner"  # as Beam takes names

    def check(self, out: str, inputs: Iterator[str]) -> None:
        """Raises ConfigError where the runner cannot work as it is asked to; `inputs` are what workers read."""
        if self.is_dataflow:
            from massivetext.pipeline.runtime import dataflow

            dataflow.check(self.options, out, inputs)

    def describe(self) -> str:
        """The runner and mode, for people."""
        if not self.is_local:
            return str(self.options.view_as(StandardOptions).runner)
        return "DirectRunner, " + (
            f"{self.workers} worker processes" if self.workers > 1 else "in this process"
        )

    def pipeline(self, step: str) -> beam.Pipeline:
        """A pipeline for heavy, independent work: on all workers."""
        if self._processes is None:
            return self._pipeline(step, self.options)
        options = PipelineOptions.from_dictionary(self.options.get_all_options(drop_default=True))
        options.view_as(DirectOptions).direct_num_workers = self.workers
        return self._pipeline(step, options, workers_by(self._processes.start, self._processes.folder))

    def grouping_pipeline(self, step: str) -> beam.Pipeline:
        """A pipeline that groups ids, hashes and pointers.

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
    """Beam's options. Beam's file systems use them from now on.

    Raises ConfigError for an option that Beam does not know.
    """
    _refuse_unknown(arguments)
    options = PipelineOptions(list(arguments), pipeline_type_check=False)
    FileSystems.set_options(options)
    return options


def _refuse_unknown(arguments: Sequence[str]) -> None:
    """Beam passes over options it does not know; one that is misspelt should not be lost."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, conflict_handler="resolve")
    add_all_arguments(parser)
    _, unknown = parser.parse_known_args(list(arguments))
    if unknown:
        raise ConfigError(f"neither massivetext nor Beam knows the option {unknown[0]} (see --help)")
