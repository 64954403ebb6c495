"""`massivetext withdraw`: takes documents out of the shards of a finished run."""

import datetime

import click

from massivetext.pipeline.commands.guarded import connect, fail, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.clean import say


@click.command(context_settings=BEAM)
@click.argument("out")
@click.option("--urls", metavar="FILE", help="A file with a URL on each line.")
@click.option(
    "--domains", metavar="FILE", help="A file with a domain on each line; its subdomains count, too."
)
@click.option("--ids", metavar="FILE", help="A file with a document's id on each line.")
@click.option("--by", default="", help="Who signs this off; the record names them.")
@ARGUMENTS
def withdraw(
    out: str,
    urls: str | None,
    domains: str | None,
    ids: str | None,
    by: str,
    beam_options: tuple[str, ...],
) -> None:
    """Take documents out of the shards of a finished run. Replaces only the sequences that hold them."""
    from massivetext.pipeline.withdraw.asked import Asked
    from massivetext.pipeline.withdraw.withdraw import withdraw as take

    if urls is None and domains is None and ids is None:
        fail("give at least one of --urls, --domains and --ids, each with the path of a file")
    connect(beam_options)
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    say(guarded(lambda: take(out.rstrip("/"), Asked(urls, domains, ids), by, now)))
