"""What syncing costs a run: the calls of fsync, the CPU seconds and the seconds in them, beside those of the whole run.

    python -m benchmarks.syncing CONFIG OUT

The calls of all processes are timed within the run itself, so that both figures are of the same machine and load.
Workers sync at the same time: their seconds are added up, so that the share of a run's seconds is at most what is told.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WRAPPED = """\
import os, time
_fsync, _log = os.fsync, os.open({log!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def fsync(file):
    began, cpu = time.monotonic(), time.thread_time()
    _fsync(file)
    os.write(_log, f"{{time.monotonic() - began}} {{time.thread_time() - cpu}}\\n".encode())
os.fsync = fsync
"""


def main(config: str, out: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        (Path(folder) / "sitecustomize.py").write_text(WRAPPED.format(log=str(log)))
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "massivetext.pipeline.cli", "run", config, "--output", out],
            env={**os.environ, "PYTHONPATH": folder},
            check=True,
        )
        seconds, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        calls = [tuple(map(float, line.split())) for line in log.read_text().splitlines()]
    cpu = used.ru_utime + used.ru_stime
    synced, synced_cpu = (sum(column) for column in zip(*calls, strict=True))
    print(f"load {os.getloadavg()[0]:.1f}; {len(calls):,} calls of fsync")
    print(f"CPU seconds: {synced_cpu:.3f} of {cpu:.1f} ({synced_cpu / cpu:.2%})")
    print(f"seconds: {synced:.2f} of {seconds:.1f} ({synced / seconds:.2%})")


if __name__ == "__main__":
    main(*sys.argv[1:])
