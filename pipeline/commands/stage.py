"""`massivetext curate` and its like: one command for each stage."""

from typing import Any

import click

from massivetext.pipeline.commands.options import ARGUMENTS, BEAM, running
from massivetext.pipeline.commands.run_stages import Wanted, run_stages


def stage(name: str, does: str) -> click.Command:
    """The command that runs one stage, which `does` describes in a sentence."""

    @click.command(
        name, help=f"{does} One stage; the stages before it must be finished.", context_settings=BEAM
    )
    @running
    @ARGUMENTS
    def command(config: str, output: str, beam_options: tuple[str, ...], **options: Any) -> None:
        run_stages(config, output, beam_options, Wanted(only=name, **options))

    return command
