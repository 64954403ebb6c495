"""`massivetext verify`: the promises, checked on a finished run."""

import sys

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.clean import say


@click.command(context_settings=BEAM)
@click.argument("out")
@ARGUMENTS
def verify(out: str, beam_options: tuple[str, ...]) -> None:
    """Check the promises on a finished run. Exit status 1, and each breach, where one is broken."""
    from massivetext.pipeline.verify.verify import verify as check

    connect(beam_options)
    breaches = guarded(lambda: check(out))
    for breach in breaches:
        say(f"breach: {breach}", err=True)
    if breaches:
        sys.exit(1)
    say(f"{out}: every promise holds")
