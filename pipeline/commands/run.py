"""`massivetext run`: every stage that is not finished."""

import click

from massivetext.pipeline.commands.guarded import guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM, CHANGED, OUTPUT, STRICT
from massivetext.pipeline.commands.run_stages import run_stages
from massivetext.pipeline.runtime.clean import say
from massivetext.pipeline.runtime.terminal import Terminal


@click.command(context_settings=BEAM)
@click.argument("config")
@OUTPUT
@CHANGED
@STRICT
@click.option("--explain", is_flag=True, help="Say what would run again, and why; run nothing.")
@ARGUMENTS
def run(
    config: str, output: str, changed: bool, strict: bool, explain: bool, beam_options: tuple[str, ...]
) -> None:
    """Run every stage that is not finished."""
    if explain:
        guarded(lambda: _explain(config, output, beam_options))
    else:
        run_stages(config, output, beam_options, changed=changed, strict=strict)


def _explain(config: str, output: str, beam_options: tuple[str, ...]) -> None:
    from massivetext.pipeline.config.load import load
    from massivetext.pipeline.run import explain
    from massivetext.pipeline.runtime.engine import Engine
    from massivetext.pipeline.runtime.progress import Display
    from massivetext.pipeline.runtime.stage import Run

    engine = Engine(beam_options)
    for line in explain(Run(load(config), output.rstrip("/"), engine, Display(Terminal(stderr=True)))):
        say(line)
