"""Writes a command's messages to standard error, as text or as lines of JSON, and its result to standard output.

The options below store their values in click's context, where the functions below look them up.
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
    help="Print only warnings and errors.",
)
LOG_FORMAT = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    expose_value=False,
    callback=_note,
    help="Format of progress, warnings and errors: text for people, or a JSON object on each line.",
)
AS_JSON = click.option(
    "--json",
    "as_json",
    is_flag=True,
    expose_value=False,
    callback=_note,
    help="Write the result, or the error, to standard output as a JSON object.",
)


def speaking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of this file to a command."""
    return QUIET(LOG_FORMAT(AS_JSON(command)))


class Lines(io.TextIOBase):
    """A stream that turns each text written to it into one line of JSON: time, level and message."""

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
    """Returns the console for progress, warnings and errors."""
    if _asked("log_format") == "json":
        return Terminal(
            file=cast(IO[str], Lines(sys.stderr)), force_terminal=False, soft_wrap=True, color_system=None
        )
    return Terminal(stderr=True)


def display() -> "Display":
    """Returns the display that shows progress."""
    from massivetext.pipeline.runtime.progress import Display, Quiet

    return Quiet(console()) if _asked("quiet") else Display(console())


def compile_kernels(shown: "Display") -> None:
    """Compile the kernels if they were never compiled, and say so first, since it takes about a minute."""
    from massivetext.filters.kernels import compiled

    if not compiled.are_compiled():
        shown.say("compiling kernels: once, about a minute")
        with shown.steps("", "compiling kernels", ()):
            compiled.compile_at_once()


def is_json() -> bool:
    """Whether `--json` was given."""
    return bool(_asked("as_json"))


def result(value: dict[str, Any], shown: str | None = None) -> None:
    """Write a command's result: `value` as JSON with `--json`, else `shown`, if it is given."""
    if is_json():
        click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str))
    elif shown is not None:
        say(shown)


def failure(message: str, status: int) -> None:
    """Write the error that ends a command without a result."""
    if _asked("log_format") == "json":
        said(sys.stderr, "error", message)
    else:
        say(f"massivetext: {message}", err=True)
    if is_json():
        result({"exit_status": status, "error": message})
