"""`massivetext summary`: what is in the data, for those who ask."""

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.clean import say


@click.command(context_settings=BEAM)
@click.argument("out")
@click.option("--name", default="massivetext-data", show_default=True, help="Name of the data set.")
@click.option("--url", default="https://example.org/to-be-answered", help="Where OUT is published.")
@click.option("--licence", default="to be answered", help="Licence of the data set, or its address.")
@ARGUMENTS
def summary(out: str, name: str, url: str, licence: str, beam_options: tuple[str, ...]) -> None:
    """Write the EU's public summary of training content, Croissant metadata and a card into OUT/summary/."""
    from massivetext.pipeline.summary.summary import summary as write

    connect(beam_options)
    say(guarded(lambda: write(out.rstrip("/"), name, url, licence)))
