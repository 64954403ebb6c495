"""`massivetext inspect`: documents of a finished run."""

import sys
from typing import Any

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.terminal import Terminal


@click.command(context_settings=BEAM)
@click.argument("out")
@click.option(
    "--removed-by", metavar="RULE", help="Documents that this rule removed, such as word_count or near."
)
@click.option("--kept", is_flag=True, help="Documents that stay.")
@click.option("--near-limit", metavar="RULE", help="Documents nearest to this rule's limit, on either side.")
@click.option("--source", help="Documents of this source.")
@click.option("--language", help="Documents of this language.")
@click.option("--url", metavar="TEXT", help="Documents whose url holds this.")
@click.option("--text", metavar="TEXT", help="Documents whose text holds this, in any case of letters.")
@click.option("--id", metavar="ID", help="The document with this id.")
@click.option("--failed", is_flag=True, help="Records that could not be read, by kind of error, instead.")
@click.option("-n", "count", type=click.IntRange(min=1), default=10, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Write lines of JSON.")
@click.option(
    "--sequence", metavar="SHARD:INDEX", help="Where this sequence of the shards comes from, instead."
)
@ARGUMENTS
def inspect(
    out: str,
    as_json: bool,
    sequence: str | None,
    failed: bool,
    beam_options: tuple[str, ...],
    **asked: Any,
) -> None:
    """Show documents of a finished run. At random, and why they went; with --id also the sequences that hold it."""
    from massivetext.pipeline.inspect.inspect import inspect as show
    from massivetext.pipeline.inspect.provenance import show as trace
    from massivetext.pipeline.inspect.question import Asked

    connect(beam_options)
    write = sys.stdout.buffer.write if as_json else None
    if failed:
        from massivetext.pipeline.inspect.failed import show as show_failed

        source, count = asked["source"], asked["count"]
        guarded(lambda: show_failed(out.rstrip("/"), Terminal(), source, count, write))
    elif sequence is None:
        guarded(lambda: show(out.rstrip("/"), Terminal(), Asked(**asked), write))
    else:
        guarded(lambda: trace(out, Terminal(), sequence))
