"""`massivetext inspect`: shows documents of a finished run."""

import sys
from typing import Any

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.terminal import Terminal


@click.command(context_settings=BEAM)
@click.argument("out")
@click.option(
    "--removed-by", metavar="RULE", help="Show documents that this rule removed, such as word_count or near."
)
@click.option("--kept", is_flag=True, help="Show documents that the run keeps.")
@click.option(
    "--near-limit", metavar="RULE", help="Show the documents nearest to this rule's limit, on either side."
)
@click.option("--source", help="Show documents of this source.")
@click.option("--language", help="Show documents in this language.")
@click.option("--url", metavar="TEXT", help="Show documents whose url contains TEXT.")
@click.option(
    "--text", metavar="TEXT", help="Show documents whose text contains TEXT, in upper or lower case."
)
@click.option("--id", metavar="ID", help="Show the document with this id.")
@click.option("--failed", is_flag=True, help="Show records that could not be read instead, by kind of error.")
@click.option(
    "-n", "count", type=click.IntRange(min=1), default=10, show_default=True, help="How many to show."
)
@click.option("--json", "as_json", is_flag=True, help="Write lines of JSON.")
@click.option(
    "--sequence",
    metavar="SHARD:INDEX",
    help="Show instead which documents this sequence of the shards holds.",
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
    """Show documents of a finished run. Picks them at random, and says why each was removed. --id adds sequences."""
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
