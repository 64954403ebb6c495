"""`massivetext check`: finds the faults that can be known before any work."""

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM, SAMPLE
from massivetext.pipeline.commands.said import compile_kernels, display, is_json, result, speaking
from massivetext.pipeline.runtime.terminal import Terminal


@click.command(context_settings=BEAM)
@click.argument("config")
@SAMPLE
@speaking
@ARGUMENTS
def check(config: str, sample: str | None, beam_options: tuple[str, ...]) -> None:
    """Check a configuration and its inputs before any work. Shows each source's first records as a run reads them."""
    from massivetext.pipeline.check.check import check as look
    from massivetext.pipeline.check.check import described, show
    from massivetext.pipeline.config.load import load

    def act() -> None:
        from massivetext.pipeline.runtime.engine import Engine
        from massivetext.pipeline.runtime.stage import Run

        compile_kernels(display())
        run = Run(load(config, sample=sample), "", Engine(beam_options, None), display())
        found = look(run)
        result(described(run, found))
        if not is_json():
            show(run, found, Terminal())

    connect(beam_options)
    guarded(act)
