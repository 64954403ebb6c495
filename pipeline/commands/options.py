"""Options that several commands have."""

from collections.abc import Callable
from typing import Any

import click

from massivetext.pipeline.commands.said import speaking

BEAM = {"ignore_unknown_options": True, "allow_interspersed_args": True}
"""Settings of a command that passes on to Beam the options that it does not know."""

ARGUMENTS = click.argument("beam_options", nargs=-1, type=click.UNPROCESSED)
_OUTPUT = click.option("--output", required=True, help="Output folder: local, gs://, s3:// or hdfs://.")
_CHANGED = click.option(
    "--changed",
    is_flag=True,
    help="Accept that the configuration differs from the folder's; rerun what depends on it.",
)
SAMPLE = click.option(
    "--sample",
    metavar="SHARE",
    help="Read a share of each source's records, such as 1%, for a first look; the mix gets that share of its tokens.",
)
_STRICT = click.option(
    "--strict",
    is_flag=True,
    help="Exit status 1 where near duplicates took more of a source than deduplicate.most_removed.",
)


def running(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command that runs stages its configuration, its output, and the options of such commands."""
    for option in (speaking, SAMPLE, _STRICT, _CHANGED, _OUTPUT, click.argument("config")):
        command = option(command)
    return command
