"""`massivetext demo`: runs the bundled sample from end to end."""

from importlib.resources import files as resources

import click

from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.commands.run_stages import run_stages
from massivetext.pipeline.commands.said import speaking


@click.command(context_settings=BEAM)
@click.option("--output", default="out/demo", show_default=True, help="Output folder.")
@speaking
@ARGUMENTS
def demo(output: str, beam_options: tuple[str, ...]) -> None:
    """Run the bundled sample from end to end. The last line of the output is the path of the report."""
    sample = resources("massivetext.pipeline").joinpath("sample/massivetext.yaml")
    run_stages(str(sample), output, beam_options)
