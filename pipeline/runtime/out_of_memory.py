"""Recognises errors that mean that no memory is left, which libraries express in many ways."""

import errno
import sys
import threading
import traceback
from types import TracebackType

ADVICE = (
    "use fewer workers (--direct_num_workers), a lower limits.record_bytes, or more memory (see ulimit -v)"
)
_SAID = (
    "failed to map segment",
    "Cannot allocate memory",
    "can't start new thread",
    "bad_alloc",
    "error return without exception set",
)


def is_out_of_memory(error: BaseException | None) -> bool:
    """Whether an error, or one that it follows from, says that there is no memory left."""
    while error is not None:
        if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
            return True
        if isinstance(error, ImportError | RuntimeError | SystemError) and any(
            said in str(error) for said in _SAID
        ):
            return True
        error = error.__cause__ or error.__context__
    return False


def in_a_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """For `sys.excepthook`: print an error of memory as one line, and any other with its traceback."""
    if is_out_of_memory(error):
        print(f"massivetext: out of memory: {ADVICE}", file=sys.stderr)
    else:
        traceback.print_exception(kind, error, trace)


def in_a_thread(error: threading.ExceptHookArgs) -> None:
    """For `threading.excepthook`: nothing of an error of memory, which the command tells in a line."""
    if not is_out_of_memory(error.exc_value):
        threading.__excepthook__(error)
