"""`massivetext withdraw`: documents leave the shards of a finished run."""

import datetime

import click

from massivetext.pipeline.commands.guarded import connect, fail, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.clean import say


@click.command(context_settings=BEAM)
@click.argument("out")
@click.option("--urls", metavar="FILE", help="A URL on each line.")
@click.option(
    "--domains", metavar="FILE", help="A domain on each line, which stands for its subdomains, too."
)
@click.option("--ids", metavar="FILE", help="The id of a document on each line.")
@click.option("--by", default="", help="Who signs this off: stands in the record.")
@ARGUMENTS
def withdraw(
    out: str,
    urls: str | None,
    domains: str | None,
    ids: str | None,
    by: str,
    beam_options: tuple[str, ...],
) -> None:
    """Take documents out of the shards of a finished run: only the sequences that hold them are written anew."""
    from massivetext.pipeline.withdraw.asked import Asked
    from massivetext.pipeline.withdraw.withdraw import withdraw as take

    if urls is None and domains is None and ids is None:
        fail("give one of --urls, --domains and --ids")
    connect(beam_options)
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    say(guarded(lambda: take(out.rstrip("/"), Asked(urls, domains, ids), by, now)))
