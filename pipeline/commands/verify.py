"""`massivetext verify`: checks the promises on a finished run."""

import sys

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.commands.said import console, result, speaking


@click.command(context_settings=BEAM)
@click.argument("out")
@speaking
@ARGUMENTS
def verify(out: str, beam_options: tuple[str, ...]) -> None:
    """Check the promises on a finished run. If one is broken, print each breach and end with exit status 1."""
    from massivetext.pipeline.verify.verify import verify as check

    connect(beam_options)
    breaches = guarded(lambda: check(out))
    for breach in breaches:
        console().print(f"breach: {breach}", soft_wrap=True, markup=False, highlight=False)
    found = {"exit_status": int(bool(breaches)), "output": out, "breaches": breaches}
    result(found, None if breaches else f"{out}: every promise holds")
    sys.exit(int(bool(breaches)))
