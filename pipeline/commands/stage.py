"""The commands of single stages, such as `massivetext curate`."""

from typing import Any

import click

from massivetext.pipeline.commands.options import ARGUMENTS, BEAM, running
from massivetext.pipeline.commands.run_stages import Wanted, run_stages


def stage(name: str, does: str) -> click.Command:
    """Returns the command that runs one stage. `does` is a sentence that says what the stage does."""

    @click.command(
        name,
        help=f"{does} Runs this stage alone; the stages before it must be finished.",
        context_settings=BEAM,
    )
    @running
    @ARGUMENTS
    def command(config: str, output: str, beam_options: tuple[str, ...], **options: Any) -> None:
        run_stages(config, output, beam_options, Wanted(only=name, **options))

    return command
