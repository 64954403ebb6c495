"""`massivetext summary`: writes the public summary of the training data, and its metadata."""

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.clean import say


@click.command(context_settings=BEAM)
@click.argument("out")
@click.option("--name", default="massivetext-data", show_default=True, help="Name of the data set.")
@click.option("--url", default="https://example.org/to-be-answered", help="Address where OUT is published.")
@click.option(
    "--licence", default="to be answered", help="Licence of the data set, or the address of its text."
)
@ARGUMENTS
def summary(out: str, name: str, url: str, licence: str, beam_options: tuple[str, ...]) -> None:
    """Write a public summary of the training data. Fills OUT/summary/: the EU's template, Croissant, a card."""
    from massivetext.pipeline.summary.summary import summary as write

    connect(beam_options)
    say(guarded(lambda: write(out.rstrip("/"), name, url, licence)))
