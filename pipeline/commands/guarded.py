"""Turns errors that a person can mend into one line and an exit status, without a traceback."""

import os
import sys
from collections.abc import Callable
from typing import Any, Never

from massivetext.pipeline.commands.said import failure
from massivetext.pipeline.runtime.out_of_memory import ADVICE, is_out_of_memory


def guarded(action: Callable[[], Any], advice: str = "") -> Any:
    """Run an action and return its result. An error that a person can mend ends the command with one line.

    The exit status is 2 for a fault that is found before any work, and for an error of an object store; else 1.
    `advice` is added to the messages of the operating system.
    """
    from massivetext.pipeline.config.load import ConfigError
    from massivetext.pipeline.plugins.guard import PluginError
    from massivetext.pipeline.runtime.lock import TakenOverError
    from massivetext.pipeline.runtime.parts import StageError
    from massivetext.pipeline.storage import files
    from massivetext.pipeline.storage.object_store import StoreError
    from massivetext.pipeline.storage.sealed import DamagedError

    try:
        return action()
    except (ConfigError, PluginError) as error:
        fail(str(error))
    except (StageError, DamagedError, TakenOverError) as error:
        fail(str(error), 1, error)
    except StoreError as error:
        fail(str(error))
    except Exception as error:
        if is_out_of_memory(error):
            fail(f"out of memory: {ADVICE}{advice}", 1, error)
        if not isinstance(error, OSError) or error.errno is None:
            raise
        fail(f"{files.reason(error)}{advice}", status=1)


def fail(message: str, status: int = 2, error: BaseException | None = None) -> Never:
    """End the command with a message. The exit status is 2 before any work, else 1."""
    failure(message, status)
    if is_out_of_memory(error):  # libraries wait at the end of Python for threads that could not be started
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def connect(beam_options: tuple[str, ...]) -> None:
    """Set up access to object stores by Beam's options, such as --s3_endpoint_url. Without options, import no Beam."""
    if beam_options:
        from massivetext.pipeline.runtime.engine import connect

        guarded(lambda: connect(beam_options))
