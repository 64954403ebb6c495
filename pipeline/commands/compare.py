"""`massivetext compare`: shows what differs between two runs."""

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.commands.said import is_json, result, speaking
from massivetext.pipeline.runtime.terminal import Terminal


@click.command(context_settings=BEAM)
@click.argument("out")
@click.argument("other")
@speaking
@ARGUMENTS
def compare(out: str, other: str, beam_options: tuple[str, ...]) -> None:
    """Show what differs between two finished runs. Writes OUT/report/against.html, a page that compares both."""
    from massivetext.pipeline.compare.runs import against
    from massivetext.pipeline.compare.told import tell

    connect(beam_options)
    found, page = guarded(lambda: against(out, other))
    if not is_json():
        tell(found, Terminal())
    result({"exit_status": 0, "page": page, "comparison": found.model_dump(mode="json")}, page)
