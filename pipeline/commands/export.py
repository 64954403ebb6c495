"""`massivetext export`: writes the documents that a run keeps, for use elsewhere."""

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.clean import say


@click.command(context_settings=BEAM)
@click.argument("out")
@click.option("--to", required=True, help="Folder to write to, which must be empty.")
@click.option(
    "--format", "form", default="jsonl.zst", show_default=True, help="Format: jsonl.zst or parquet."
)
@click.option(
    "--source", "sources", multiple=True, help="A source to export; may be repeated. Default: every source."
)
@click.option("--columns", help="Columns to export, separated by commas. Default: the usual ones.")
@click.option(
    "--shard-bytes",
    type=click.IntRange(min=1),
    default=256 << 20,
    show_default=True,
    help="Bytes of text in a file.",
)
@ARGUMENTS
def export(
    out: str,
    to: str,
    form: str,
    sources: tuple[str, ...],
    columns: str | None,
    shard_bytes: int,
    beam_options: tuple[str, ...],
) -> None:
    """Write the documents that a run keeps. Needs no mix: a run may stop after decontaminate."""
    from massivetext.pipeline.export.export import Wanted
    from massivetext.pipeline.export.export import export as write

    connect(beam_options)
    named = tuple(name.strip() for name in columns.split(",")) if columns else ()
    wanted = Wanted(sources, named, form, shard_bytes)
    for one in guarded(lambda: write(out.rstrip("/"), to.rstrip("/"), wanted)):
        say(f"{one.source}: {one.documents:,} documents, {one.bytes:,} bytes of text, {one.shards} files")
