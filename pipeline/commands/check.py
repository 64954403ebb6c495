"""`massivetext check`: what can be known before any work."""

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.terminal import Terminal


@click.command(context_settings=BEAM)
@click.argument("config")
@ARGUMENTS
def check(config: str, beam_options: tuple[str, ...]) -> None:
    """Check everything that can be known before any work. Shows the first records as they would be read."""
    from massivetext.pipeline.check.check import check as look
    from massivetext.pipeline.config.load import load

    def act() -> None:
        from massivetext.pipeline.runtime.engine import Engine
        from massivetext.pipeline.runtime.progress import Display
        from massivetext.pipeline.runtime.stage import Run

        loaded = load(config)
        look(Run(loaded, "", Engine(beam_options, None), Display(Terminal(stderr=True))), Terminal())

    connect(beam_options)
    guarded(act)
