"""PDF files, read by pipeline.read.formats.pdf_text in a process of its own: a file that crashes it, or takes it too
long, fails alone."""

import contextlib
import functools
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO

import orjson

from massivetext.pipeline.read.formats import pdf_text
from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.read.formats.whole_text import whole
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped

SECONDS = 120  # of a core that a PDF may take
PATIENCE = 20  # times as long by the clock, on a machine that is busy
_KINDS = {kind.__name__: kind for kind in (Record, Failure, Skipped)}


def read(source: Input) -> Iterator[Found]:
    """The text of a PDF as one document."""
    limit = source.limits.record_bytes
    try:
        content = whole(Decompressed(source.stream, source.limits), limit)
    except BrokenError as error:
        yield Failure(0, str(error))
        return
    if content is None:
        yield Failure(0, f"the PDF takes more than {limit} bytes (limits.record_bytes)")
        return
    yield from _reader(os.getpid()).read(content, limit)


@functools.cache
def _reader(process: int) -> "_Reader":
    del process  # a fork has one of its own
    return _Reader()


class _Reader:
    """The process that reads PDFs; it is started when there is one to read, and again after a crash."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, content: bytes, limit: int) -> list[Found]:
        """What a PDF holds; a Failure where it could not be read."""
        with self._lock:
            answer = self._asked(content, limit)
        if isinstance(answer, Failure):
            return [answer]
        return [_KINDS[kind](*values) for kind, values in orjson.loads(answer)]

    def _asked(self, content: bytes, limit: int) -> bytes | Failure:
        process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        header = b"".join(number.to_bytes(8, "little") for number in (len(content), limit, SECONDS))
        try:
            process.stdin.write(header + content)
            process.stdin.flush()
            waiting = select.poll()
            waiting.register(process.stdout, select.POLLIN)
            if waiting.poll(SECONDS * PATIENCE * 1000):
                size = process.stdout.read(8)
                answer = process.stdout.read(int.from_bytes(size, "little"))
                if size and len(answer) == int.from_bytes(size, "little"):
                    return answer
        except BrokenPipeError:
            pass
        return Failure(0, self._ended(process), len(content))

    def _started(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, "-m", pdf_text.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process

    def _ended(self, process: subprocess.Popen[bytes]) -> str:
        """Why there is no answer; the process is gone."""
        self._process = None
        try:
            status = process.wait(1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return f"the PDF takes more than {SECONDS * PATIENCE} seconds to read"
        finally:
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                _close(pipe)
        if status == -signal.SIGXCPU:
            return f"the PDF takes more than {SECONDS} seconds of a core to read"
        how = signal.Signals(-status).name if status < 0 else f"status {status}"
        return f"PDFium crashed or ran out of memory as it read the PDF ({how})"


def _close(pipe: IO[bytes]) -> None:
    with contextlib.suppress(BrokenPipeError):  # what was not yet written
        pipe.close()
