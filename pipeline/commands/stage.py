"""`massivetext curate` and its like: one command for each stage."""

import click

from massivetext.pipeline.commands.options import ARGUMENTS, BEAM, CHANGED, OUTPUT, STRICT
from massivetext.pipeline.commands.run_stages import run_stages


def stage(name: str, does: str) -> click.Command:
    """The command that runs one stage, which `does` describes in a sentence."""

    @click.command(
        name, help=f"{does} One stage; the stages before it must be finished.", context_settings=BEAM
    )
    @click.argument("config")
    @OUTPUT
    @CHANGED
    @STRICT
    @ARGUMENTS
    def command(config: str, output: str, changed: bool, strict: bool, beam_options: tuple[str, ...]) -> None:
        run_stages(config, output, beam_options, changed=changed, only=name, strict=strict)

    return command
