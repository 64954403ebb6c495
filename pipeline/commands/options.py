"""Options that several commands have."""

from collections.abc import Callable
from typing import Any

import click

from massivetext.pipeline.commands.said import speaking

BEAM = {"ignore_unknown_options": True, "allow_interspersed_args": True}
"""Settings of a command that passes options it does not know to Beam."""

ARGUMENTS = click.argument("beam_options", nargs=-1, type=click.UNPROCESSED)
_OUTPUT = click.option("--output", required=True, help="Output folder: local, gs://, s3:// or hdfs://.")
_CHANGED = click.option(
    "--changed",
    is_flag=True,
    help="Accept a configuration that differs from that of the folder, and run again the stages that depend on it.",
)
SAMPLE = click.option(
    "--sample",
    metavar="SHARE",
    help="For a first look, read only a share of each source's records, such as 1%. The mix shrinks alike.",
)
_STRICT = click.option(
    "--strict",
    is_flag=True,
    help="End with exit status 1 if a source lost more than deduplicate.most_removed to near duplicates.",
)
_LINEAGE = click.option(
    "--lineage",
    metavar="URL|FILE",
    help="Post OpenLineage events of the run and its stages to a server, or append them to a file.",
)


def running(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the arguments and options of a command that runs stages: CONFIG, --output and those above."""
    for option in (speaking, _LINEAGE, SAMPLE, _STRICT, _CHANGED, _OUTPUT, click.argument("config")):
        command = option(command)
    return command
