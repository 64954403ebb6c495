"""What a command line says of where to work."""

import os

import pytest

from pipeline.load import ConfigError
from pipeline.workers import Asked

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
