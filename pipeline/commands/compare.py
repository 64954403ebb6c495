"""`massivetext compare`: shows what differs between two runs."""

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.commands.said import is_json, result, speaking
from massivetext.pipeline.runtime.terminal import Terminal


@click.command(context_settings=BEAM)
@click.argument("out")
@click.argument("other", required=False)
@speaking
@ARGUMENTS
def compare(out: str, other: str | None, beam_options: tuple[str, ...]) -> None:
    """Show what differs between two finished runs. Writes OUT/report/against.html, a page that compares both.

    Without OTHER, list the earlier runs in OUT, and the settings that have changed since each.
    """
    from massivetext.pipeline.compare.runs import against, stats_of
    from massivetext.pipeline.compare.told import tell, tell_earlier

    if other and other.startswith(
        "-"
    ):  # an option of Beam's, which click takes for the argument that is missing
        beam_options = (other, *beam_options)
        other = None
    connect(beam_options)
    if other is None:
        stats = guarded(lambda: stats_of(out))
        if not is_json():
            tell_earlier(stats, Terminal())
        result({"exit_status": 0, "earlier": [one.model_dump(mode="json") for one in stats.facts.earlier]})
        return
    found, page = guarded(lambda: against(out, other))
    if not is_json():
        tell(found, Terminal())
    result({"exit_status": 0, "page": page, "comparison": found.model_dump(mode="json")}, page)
