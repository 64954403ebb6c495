"""What a command line says of where to work, and the server of worker processes."""

import os
import signal

import pytest

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime.local_workers import Asked, Workers

CORES = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("arguments", "is_local", "workers"),
    [
        ([], True, CORES),
        (["--seed=1", "--direct_num_workers", "3"], True, 3),
        (["--direct_num_workers=3", "--direct_running_mode", "in_memory"], True, 1),
        (["--direct_num_workers=1"], True, 1),
        (["--runner", "DirectRunner", "--direct_num_workers=2"], True, 2),
        (["--runner=FlinkRunner"], False, CORES),
    ],
)
def test_every_core_works_unless_options_say_otherwise(
    arguments: list[str], is_local: bool, workers: int
) -> None:
    asked = Asked.by(arguments)
    assert (asked.is_local, asked.workers) == (is_local, workers)
    assert asked.for_processes == (is_local and workers > 1)


def test_a_number_of_workers_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="direct_num_workers"):
        Asked.by(["--direct_num_workers=many"])


def test_a_command_that_is_refused_does_not_wait_for_workers_to_start() -> None:
    workers = Workers()
    workers.close()
    assert workers._server.returncode == -signal.SIGKILL
