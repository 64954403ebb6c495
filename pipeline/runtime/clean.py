"""What documents, file names and other people's errors say, made fit for a terminal, which it must not steer."""

import logging
import sys

import click

_STEERING = (
    *range(32),
    *range(127, 160),
    *range(0x200E, 0x2010),  # marks of direction
    *range(0x2028, 0x202F),  # line ends; embeddings and overrides of direction
    *range(0x2066, 0x206A),  # isolates of direction
    0x061C,  # a mark of direction
)
_SHOWN = {code: "\ufffd" for code in _STEERING if chr(code) not in "\n\t"}


def clean(text: str) -> str:
    """The text with a replacement character for every control character, and for those that change its direction."""
    return text.translate(_SHOWN)


def say(text: str, err: bool = False) -> None:
    """Write a line to standard output, or to standard error."""
    click.echo(clean(text), err=err)


class _Clean(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return clean(super().format(record))


def clean_streams() -> None:
    """Have log lines cleaned, and characters that the terminal's encoding lacks written as their codes."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Clean(logging.BASIC_FORMAT))
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):  # not where a test has put its own
            reconfigure(errors="backslashreplace")
