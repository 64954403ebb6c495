"""How a command speaks on the error stream, to people or in lines of JSON; and its result, also as JSON.

The options keep what was asked in click's context, so that whatever speaks later does as they say.
"""

import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

import click
import orjson
from rich.console import Console

from massivetext.pipeline.runtime.clean import say
from massivetext.pipeline.runtime.terminal import Terminal

if TYPE_CHECKING:
    from massivetext.pipeline.runtime.progress import Display

_HERE = __name__
LEVELS = ("error", "warning")


def _asked(name: str) -> Any:
    context = click.get_current_context(silent=True)
    return context.meta.get(f"{_HERE}.{name}") if context else None


def _note(context: click.Context, parameter: click.Parameter, value: object) -> None:
    context.meta[f"{_HERE}.{parameter.name}"] = value


QUIET = click.option(
    "--quiet",
    is_flag=True,
    expose_value=False,
    callback=_note,
    help="Say nothing but warnings and errors.",
)
LOG_FORMAT = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    expose_value=False,
    callback=_note,
    help="How progress, warnings and errors are written: for people, or as a JSON object a line.",
)
AS_JSON = click.option(
    "--json",
    "as_json",
    is_flag=True,
    expose_value=False,
    callback=_note,
    help="Write the result to the standard output as a JSON object, of an error too.",
)


def speaking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of this file."""
    return QUIET(LOG_FORMAT(AS_JSON(command)))


class Lines(io.TextIOBase):
    """A stream that writes what is said in one piece as one line of JSON: time, level and message."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        message = text.strip()
        if message:
            level = next((each for each in LEVELS if message.startswith(f"{each}:")), "info")
            said(self._stream, level, message.removeprefix(f"{level}:").strip())
        return len(text)

    def flush(self) -> None:
        self._stream.flush()


def said(stream: TextIO, level: str, message: str) -> None:
    """Write a line of JSON."""
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    stream.write(orjson.dumps({"time": time, "level": level, "message": message}).decode() + "\n")
    stream.flush()


def console() -> Console:
    """Where progress, warnings and errors go."""
    if _asked("log_format") == "json":
        return Terminal(
            file=cast(IO[str], Lines(sys.stderr)), force_terminal=False, soft_wrap=True, color_system=None
        )
    return Terminal(stderr=True)


def display() -> "Display":
    """What shows progress."""
    from massivetext.pipeline.runtime.progress import Display, Quiet

    return Quiet(console()) if _asked("quiet") else Display(console())


def compile_kernels(shown: "Display") -> None:
    """Compile the kernels where that was never done, which a person should know takes a while."""
    from massivetext.filters.kernels import compiled

    if not compiled.are_compiled():
        shown.say("compiling kernels: once, about a minute")
        with shown.step("compiling kernels"):
            compiled.compile_at_once()


def is_json() -> bool:
    """Whether the result is asked for as JSON."""
    return bool(_asked("as_json"))


def result(value: dict[str, Any], shown: str | None = None) -> None:
    """Write what a command found: as JSON where that was asked for, else what is shown to people, if anything."""
    if is_json():
        click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str))
    elif shown is not None:
        say(shown)


def failure(message: str, status: int) -> None:
    """Write why a command ends before it has a result."""
    if _asked("log_format") == "json":
        said(sys.stderr, "error", message)
    else:
        say(f"massivetext: {message}", err=True)
    if is_json():
        result({"exit_status": status, "error": message})
