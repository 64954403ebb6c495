"""Memory that a process holds and does not use."""

import platform
import subprocess
import sys

import pytest

ARENAS = """
import ctypes, threading
from pathlib import Path
{before}
together = threading.Barrier(9)
def allocate():
    ctypes.CDLL(None).malloc(1000)
    together.wait()
    together.wait()
for _ in range(8):
    threading.Thread(target=allocate).start()
together.wait()
maps = [line.split()[:2] for line in Path("/proc/self/maps").read_text().splitlines()]
ends = [[int(end, 16) for end in place.split("-")] for place, _ in maps]
# An arena reserves 64 MiB, of which the first part can be written to.
print(sum(rights == "---p" and end % (64 << 20) == 0 and start % (64 << 20) != 0 for (start, end), (_, rights)
      in zip(ends, maps)))
together.wait()
"""


def arenas(before: str) -> int:
    return int(subprocess.check_output([sys.executable, "-c", ARENAS.format(before=before)]))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas")
def test_threads_share_arenas() -> None:
    shared = "from massivetext.pipeline.storage.memory import share_arenas; share_arenas()"
    assert arenas("") >= 4
    assert arenas(shared) <= 1
