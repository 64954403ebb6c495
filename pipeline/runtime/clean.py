"""Cleans text for a terminal, so that documents, file names and error messages cannot control it."""

import logging
import sys

import click

_STEERING = (
    *range(32),
    *range(127, 160),
    *range(0x200E, 0x2010),  # direction marks
    *range(0x2028, 0x202F),  # line ends; embeddings and overrides of direction
    *range(0x2066, 0x206A),  # direction isolates
    0x061C,  # a direction mark
)
_SHOWN = {code: "\ufffd" for code in _STEERING if chr(code) not in "\n\t"}


def clean(text: str) -> str:
    """Returns text with a replacement character for each control character and each one that changes the direction."""
    return text.translate(_SHOWN)


def say(text: str, err: bool = False) -> None:
    """Write a line to standard output, or to standard error."""
    click.echo(clean(text), err=err)


class _Clean(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return clean(super().format(record))


def clean_streams() -> None:
    """Clean all log lines from now on, and write characters that the terminal's encoding lacks as their codes."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Clean(logging.BASIC_FORMAT))
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):  # not if a test has replaced the stream
            reconfigure(errors="backslashreplace")
