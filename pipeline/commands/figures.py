"""`massivetext figures`: writes the report's figures for other programs and for documents."""

import click

from massivetext.pipeline.commands.guarded import connect, fail, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.clean import clean


@click.command(context_settings=BEAM)
@click.argument("out")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv", "markdown"]),
    default="markdown",
    show_default=True,
    help="Format of the output; json is the whole of stats.json.",
)
@click.option("--table", "names", multiple=True, help="A table, such as funnel or mix; may be repeated.")
@ARGUMENTS
def figures(out: str, form: str, names: tuple[str, ...], beam_options: tuple[str, ...]) -> None:
    """Write the report's figures. The JSON is described by docs/stats.schema.json."""
    from massivetext.pipeline.compare.runs import stats_of
    from massivetext.pipeline.inspect.figures import FORMS, tables

    connect(beam_options)
    stats = guarded(lambda: stats_of(out.rstrip("/")))
    if form == "json":
        if names:
            fail("--table works with --format csv or markdown; json always holds every table")
        click.echo(stats.model_dump_json(indent=1))
        return
    found = tables(stats)
    if unknown := [name for name in names if name not in {table.name for table in found}]:
        fail(
            f"--table {unknown[0]}: no such table: expected one of {', '.join(table.name for table in found)}"
        )
    click.echo(clean(FORMS[form]([table for table in found if not names or table.name in names])), nl=False)
