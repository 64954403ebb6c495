"""`massivetext limits`: writes the limits that a run found, as YAML."""

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.clean import say


@click.command(context_settings=BEAM)
@click.argument("out")
@ARGUMENTS
def limits(out: str, beam_options: tuple[str, ...]) -> None:
    """Write the limits that a run found for languages. This YAML, put into a configuration, fixes them."""
    from massivetext.pipeline.inspect.limits import frozen

    connect(beam_options)
    say(guarded(lambda: frozen(out.rstrip("/"))).rstrip("\n"))
