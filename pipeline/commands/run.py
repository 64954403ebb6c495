"""`massivetext run`: runs every stage that is not finished."""

from typing import Any

import click

from massivetext.pipeline.commands.guarded import guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM, running
from massivetext.pipeline.commands.run_stages import Wanted, run_stages
from massivetext.pipeline.commands.said import display
from massivetext.pipeline.runtime.clean import say


@click.command(context_settings=BEAM)
@running
@click.option("--explain", is_flag=True, help="Say what would run again, and why. Run nothing.")
@ARGUMENTS
def run(config: str, output: str, explain: bool, beam_options: tuple[str, ...], **options: Any) -> None:
    """Run every stage that is not finished."""
    wanted = Wanted(**options)
    if explain:
        guarded(lambda: _explain(config, output, beam_options, wanted))
    else:
        run_stages(config, output, beam_options, wanted)


def _explain(config: str, output: str, beam_options: tuple[str, ...], wanted: Wanted) -> None:
    from massivetext.pipeline.config.load import load
    from massivetext.pipeline.run import explain
    from massivetext.pipeline.runtime.engine import Engine
    from massivetext.pipeline.runtime.stage import Run

    engine = Engine(beam_options)
    for line in explain(Run(load(config, sample=wanted.sample), output.rstrip("/"), engine, display())):
        say(line)
