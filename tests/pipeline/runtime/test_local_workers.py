"""What a command line says of where to work, and the server of worker processes."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime.local_workers import Asked, Workers
from tests.paths import ROOT

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


def test_the_server_that_is_forked_has_a_single_thread() -> None:
    """Python 3.12 warns of any other: a lock that a thread holds at the fork is held for ever in the worker."""
    with contextlib.closing(Workers()) as workers:
        assert workers._is_ready.wait(300)
        threads = [
            (each / "comm").read_text().strip()
            for each in Path(f"/proc/{workers._server.pid}/task").iterdir()
        ]
    assert len(threads) == 1, threads


PIPELINE = """\
import contextlib, os, sys
from pathlib import Path

import apache_beam as beam

from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.local_workers import Workers

def open_ports(process):
    fds = Path(f"/proc/{process}/fd").iterdir()
    sockets = {os.readlink(each)[8:-1] for each in fds if os.path.lexists(each)}
    tables = [Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    rows = [row.split() for table in tables for row in table]
    return [row[1] for row in rows if row[3] == "0A" and row[9] in sockets]

def work(process):
    import tempfile
    return f"worked for {process}, listening: {open_ports(process)}, in {tempfile.gettempdir()}"

with contextlib.closing(Workers()) as workers:
    engine = Engine(["--direct_num_workers=2"], workers)
    with engine.pipeline("step") as pipeline:
        _ = pipeline | beam.Create([os.getpid()]) | beam.Map(work) | beam.Map(Path(sys.argv[1]).write_text)
"""


@pytest.mark.parametrize("name", ["a b; touch $(echo made) 'it' & \"", "l" * 120])
def test_workers_start_whatever_the_paths_are(tmp_path: Path, name: str) -> None:
    """Of the temporary directory, and of Python. And neither they nor the command can be reached by others."""
    folder, answer = tmp_path / name, tmp_path / "answer"
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    ran = subprocess.run(
        [folder / "python", "-c", PIPELINE, answer],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert re.fullmatch(rf"worked for \d+, listening: \[\], in {re.escape(str(folder))}", answer.read_text())
    assert not (tmp_path / "made").exists()
    assert [path.name for path in folder.iterdir() if not path.name.startswith("massivetext-0")] == ["python"]


ASKED = """\
import os, signal
from massivetext.pipeline.runtime.local_workers import Workers

workers = Workers(patience=0.5)
workers._is_ready.wait()
os.kill(workers._server.pid, signal.{signal})
workers.start({{}})
"""


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("SIGSTOP", "no worker process came within 0.5 seconds"),
        # The thread that listens to the server may tell it, or the one that asks it.
        ("SIGKILL", "the server of worker processes was killed|no worker process could be started"),
    ],
)
def test_a_worker_that_never_comes_ends_the_command(number: str, said: str) -> None:
    command = [sys.executable, "-c", ASKED.format(signal=number)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert re.match(f"massivetext: ({said}).*Finished parts are kept", ran.stderr)
    assert ran.returncode == 1
