"""The command line."""

import contextlib
import datetime
import logging
import math
import sys
from collections.abc import Callable
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import click
import orjson
from rich.console import Console

from massivetext.pipeline.stages import names

_BEAM = {"ignore_unknown_options": True, "allow_interspersed_args": True}
_OUTPUT = click.option("--output", required=True, help="Output folder: local, gs://, s3:// or hdfs://.")
_CHANGED = click.option(
    "--changed",
    is_flag=True,
    help="Accept that the configuration differs from the folder's; rerun what depends on it.",
)
_STRICT = click.option(
    "--strict",
    is_flag=True,
    help="Exit status 1 where near duplicates took more of a source than deduplicate.most_removed.",
)
_ARGUMENTS = click.argument("beam_options", nargs=-1, type=click.UNPROCESSED)


def _version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from massivetext.pipeline.runtime.versions import tag, versions

        click.echo(f"massivetext {versions()['massivetext']}, code {tag()}")
        context.exit()


class _InOrder(click.Group):
    """Lists its commands as they stand here: the stages as they follow each other."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Show the version, and the code by which images are tagged.",
)
def main() -> None:
    """Pre-training data from raw sources to token shards: open, runnable MassiveText on Apache Beam.

    Options that a command does not know go to Beam's PipelineOptions, such as
    --runner=FlinkRunner or --direct_running_mode=multi_processing --direct_num_workers=4.
    """
    logging.basicConfig(level=logging.ERROR)  # Beam warns of much that is as it should be


@main.command(context_settings=_BEAM)
@click.option("--output", default="out/demo", show_default=True, help="Output folder.")
@_ARGUMENTS
def demo(output: str, beam_options: tuple[str, ...]) -> None:
    """Run the bundled sample, end to end. The last line says where the report is."""
    sample = resources("massivetext.pipeline").joinpath("sample/massivetext.yaml")
    _run(str(sample), output, beam_options)


@main.command()
@click.argument("path", default="massivetext.yaml", type=click.Path(dir_okay=False, path_type=Path))
def init(path: Path) -> None:
    """Write a commented example configuration to PATH."""
    if path.exists():
        _fail(f"{path} exists already: give another path, or delete it first")
    try:
        path.write_text(resources("massivetext.pipeline.config").joinpath("example.yaml").read_text())
    except OSError as error:
        _fail(f"{path}: {error.strerror}")
    click.echo(
        f"wrote {path}: set the paths of your sources in it, then: massivetext run {path} --output OUT"
    )


@main.command(context_settings=_BEAM)
@click.argument("config")
@_OUTPUT
@_CHANGED
@_STRICT
@click.option("--explain", is_flag=True, help="Say what would run again, and why; run nothing.")
@_ARGUMENTS
def run(
    config: str, output: str, changed: bool, strict: bool, explain: bool, beam_options: tuple[str, ...]
) -> None:
    """Run every stage that is not finished."""
    if explain:
        _guarded(lambda: _explain(config, output, beam_options))
    else:
        _run(config, output, beam_options, changed=changed, strict=strict)


def _explain(config: str, output: str, beam_options: tuple[str, ...]) -> None:
    from massivetext.pipeline.config.load import load
    from massivetext.pipeline.run import explain
    from massivetext.pipeline.runtime.engine import Engine
    from massivetext.pipeline.runtime.progress import Display
    from massivetext.pipeline.runtime.stage import Run

    engine = Engine(beam_options)
    for line in explain(Run(load(config), output.rstrip("/"), engine, Display(Console(stderr=True)))):
        click.echo(line)


def _stage_command(name: str, does: str) -> None:
    @main.command(
        name, help=f"{does} One stage; the stages before it must be finished.", context_settings=_BEAM
    )
    @click.argument("config")
    @_OUTPUT
    @_CHANGED
    @_STRICT
    @_ARGUMENTS
    def stage(config: str, output: str, changed: bool, strict: bool, beam_options: tuple[str, ...]) -> None:
        _run(config, output, beam_options, changed=changed, only=name, strict=strict)


for _name, _does in names.NAMES.items():
    _stage_command(_name, _does)


@main.command(context_settings=_BEAM)
@click.argument("config")
@_ARGUMENTS
def check(config: str, beam_options: tuple[str, ...]) -> None:
    """Check everything that can be known before any work. Shows the first records as they would be read."""
    from massivetext.pipeline.check.check import check as look
    from massivetext.pipeline.config.load import load

    def act() -> None:
        from massivetext.pipeline.runtime.engine import Engine
        from massivetext.pipeline.runtime.progress import Display
        from massivetext.pipeline.runtime.stage import Run

        loaded = load(config)
        look(Run(loaded, "", Engine(beam_options, None), Display(Console(stderr=True))), Console())

    _connect(beam_options)
    _guarded(act)


@main.command("compare-tokenizers", context_settings=_BEAM)
@click.argument("out")
@click.option(
    "--tokenizer",
    "tokenizers",
    multiple=True,
    required=True,
    help="A model, or a tokenizer.json; give several.",
)
@click.option(
    "--sample-bytes", type=click.IntRange(min=1), default=16 << 20, show_default=True, help="Text to encode."
)
@_ARGUMENTS
def compare_tokenizers(
    out: str, tokenizers: tuple[str, ...], sample_bytes: int, beam_options: tuple[str, ...]
) -> None:
    """Compare tokenizers on what a run keeps: bytes a token by source and language, and unused vocabulary."""
    from massivetext.pipeline.compare.tokenizers import compare as show

    _connect(beam_options)
    _guarded(lambda: show(out.rstrip("/"), list(tokenizers), Console(), sample_bytes))


@main.command(context_settings=_BEAM)
@click.argument("out")
@click.option("--to", required=True, help="Folder to write to, which must be empty.")
@click.option("--format", "form", default="jsonl.zst", show_default=True, help="jsonl.zst or parquet.")
@click.option("--source", "sources", multiple=True, help="A source to export; may be repeated. Default: all.")
@click.option("--columns", help="Columns to export, with commas between them. Default: the usual ones.")
@click.option(
    "--shard-bytes", type=click.IntRange(min=1), default=256 << 20, show_default=True, help="Text in a shard."
)
@_ARGUMENTS
def export(
    out: str,
    to: str,
    form: str,
    sources: tuple[str, ...],
    columns: str | None,
    shard_bytes: int,
    beam_options: tuple[str, ...],
) -> None:
    """Write the documents that a run keeps, for others. Needs no mix: a run may stop at decontaminate."""
    from massivetext.pipeline.export.export import Wanted
    from massivetext.pipeline.export.export import export as write

    _connect(beam_options)
    named = tuple(name.strip() for name in columns.split(",")) if columns else ()
    wanted = Wanted(sources, named, form, shard_bytes)
    for one in _guarded(lambda: write(out.rstrip("/"), to.rstrip("/"), wanted)):
        click.echo(
            f"{one.source}: {one.documents:,} documents, {one.bytes:,} bytes of text, {one.shards} files"
        )


@main.command(context_settings=_BEAM)
@click.argument("out")
@click.option(
    "--removed-by", metavar="RULE", help="Documents that this rule removed, such as word_count or near."
)
@click.option("--near-limit", metavar="RULE", help="Documents nearest to this rule's limit, on either side.")
@click.option("--source", help="Documents of this source.")
@click.option("--language", help="Documents of this language.")
@click.option("--url", metavar="TEXT", help="Documents whose url holds this.")
@click.option("--id", metavar="ID", help="The document with this id.")
@click.option("--failed", is_flag=True, help="Records that could not be read, by kind of error, instead.")
@click.option("-n", "count", type=click.IntRange(min=1), default=10, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Write lines of JSON.")
@click.option(
    "--sequence", metavar="SHARD:INDEX", help="Where this sequence of the shards comes from, instead."
)
@_ARGUMENTS
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

    _connect(beam_options)
    write = sys.stdout.buffer.write if as_json else None
    if failed:
        from massivetext.pipeline.inspect.failed import show as show_failed

        source, count = asked["source"], asked["count"]
        _guarded(lambda: show_failed(out.rstrip("/"), Console(), source, count, write))
    elif sequence is None:
        _guarded(lambda: show(out.rstrip("/"), Console(), Asked(**asked), write))
    else:
        _guarded(lambda: trace(out, Console(), sequence))


@main.command(context_settings=_BEAM)
@click.option("--parameters", type=float, help="Size of the model, such as 70e9.")
@click.option("--flops", type=float, help="Budget for training it, such as 5.76e23.")
@click.option("--tokens", type=float, help="Tokens to train on, such as 1.4e12.")
@click.option("--output", help="A run, for instance of a sample: plan for its sources.")
@click.option(
    "--input",
    "raw_input",
    multiple=True,
    metavar="SOURCE=BYTES",
    help="Raw bytes of a source, as its files lie: plan with what they should give. May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@_ARGUMENTS
def plan(
    output: str | None,
    raw_input: tuple[str, ...],
    as_json: bool,
    beam_options: tuple[str, ...],
    **asked: float | None,
) -> None:
    """Tell how many tokens a model needs. Of a run: how often sources are repeated, and what raw input it takes."""
    from massivetext.pipeline.plan.plan import plan as make

    given = {name: value for name, value in asked.items() if value is not None}
    if len(given) != 1 or not all(0 < value < math.inf for value in given.values()):
        _fail("give one of --parameters, --flops and --tokens, above 0")
    if raw_input and output is None:
        _fail("--input needs --output: what a byte gives is measured on a run")
    _connect(beam_options)
    (name, value), sizes = given.popitem(), dict(map(_raw_bytes, raw_input))
    made = _guarded(lambda: make(name, value, output and output.rstrip("/"), sizes))
    if as_json:
        click.echo(orjson.dumps(made, option=orjson.OPT_INDENT_2))
    else:
        from massivetext.pipeline.plan.tables import show

        show(made, Console())


def _raw_bytes(text: str) -> tuple[str, float]:
    source, _, size = text.partition("=")
    try:
        value = float(size)
    except ValueError:
        value = -1.0
    if not 0 < value < math.inf:
        _fail(f"--input {text}: expected SOURCE=BYTES with a number above 0, such as web=1e12")
    return source, value


@main.command(context_settings=_BEAM)
@click.argument("out")
@_ARGUMENTS
def limits(out: str, beam_options: tuple[str, ...]) -> None:
    """Write the limits that a run found for single languages, as YAML for a configuration: later runs repeat them."""
    from massivetext.pipeline.inspect.limits import frozen

    _connect(beam_options)
    click.echo(_guarded(lambda: frozen(out.rstrip("/"))), nl=False)


@main.command(context_settings=_BEAM)
@click.argument("out")
@click.argument("other")
@_ARGUMENTS
def compare(out: str, other: str, beam_options: tuple[str, ...]) -> None:
    """Tell what differs between finished runs. Writes OUT/report/against.html, in which OTHER is the other run."""
    from massivetext.pipeline.compare.runs import against

    _connect(beam_options)
    click.echo(_guarded(lambda: against(out, other)))


@main.command(context_settings=_BEAM)
@click.argument("out")
@_ARGUMENTS
def verify(out: str, beam_options: tuple[str, ...]) -> None:
    """Check the promises on a finished run. Exit status 1, and each breach, where one is broken."""
    from massivetext.pipeline.verify.verify import verify as check

    _connect(beam_options)
    breaches = _guarded(lambda: check(out))
    for breach in breaches:
        click.echo(f"breach: {breach}", err=True)
    if breaches:
        sys.exit(1)
    click.echo(f"{out}: every promise holds")


@main.command(context_settings=_BEAM)
@click.argument("out")
@click.option("--name", default="massivetext-data", show_default=True, help="Name of the data set.")
@click.option("--url", default="https://example.org/to-be-answered", help="Where OUT is published.")
@click.option("--licence", default="to be answered", help="Licence of the data set, or its address.")
@_ARGUMENTS
def summary(out: str, name: str, url: str, licence: str, beam_options: tuple[str, ...]) -> None:
    """Write the EU's public summary of training content, Croissant metadata and a card into OUT/summary/."""
    from massivetext.pipeline.summary.summary import summary as write

    _connect(beam_options)
    click.echo(_guarded(lambda: write(out.rstrip("/"), name, url, licence)))


@main.command(context_settings=_BEAM)
@click.argument("out")
@click.option("--urls", metavar="FILE", help="A URL on each line.")
@click.option(
    "--domains", metavar="FILE", help="A domain on each line, which stands for its subdomains, too."
)
@click.option("--ids", metavar="FILE", help="The id of a document on each line.")
@click.option("--by", default="", help="Who signs this off: stands in the record.")
@_ARGUMENTS
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
        _fail("give one of --urls, --domains and --ids")
    _connect(beam_options)
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    click.echo(_guarded(lambda: take(out.rstrip("/"), Asked(urls, domains, ids), by, now)))


def _connect(beam_options: tuple[str, ...]) -> None:
    """Reach object stores as the options say, such as --s3_endpoint_url; Beam is imported only for these."""
    if beam_options:
        from massivetext.pipeline.runtime.engine import connect

        _guarded(lambda: connect(beam_options))


def _run(
    config: str,
    output: str,
    beam_options: tuple[str, ...],
    changed: bool = False,
    only: str | None = None,
    strict: bool = False,
) -> None:
    from massivetext.pipeline.runtime.stopping import KEPT

    _guarded(lambda: _execute(config, output, beam_options, changed, only, strict), f". {KEPT}")


def _execute(
    config: str, output: str, beam_options: tuple[str, ...], changed: bool, only: str | None, strict: bool
) -> None:
    from massivetext.pipeline.config.load import load
    from massivetext.pipeline.runtime.local_workers import Asked, Workers
    from massivetext.pipeline.runtime.stopping import KEPT, stoppable
    from massivetext.pipeline.storage import files, layout

    if files.is_remote(config):
        _connect(beam_options)
    loaded = load(config)  # before Beam is imported, which takes seconds
    console = Console(stderr=True)
    with contextlib.ExitStack() as opened, stoppable(console, opened.close):
        processes = None
        if Asked.by(beam_options).for_processes:  # they import Beam while the command does
            processes = opened.enter_context(contextlib.closing(Workers()))
        from massivetext.pipeline.outcome import outcome, tell
        from massivetext.pipeline.run import check, execute, prepare
        from massivetext.pipeline.runtime import lock
        from massivetext.pipeline.runtime.engine import Engine
        from massivetext.pipeline.runtime.parts import StageError, rows
        from massivetext.pipeline.runtime.progress import Display
        from massivetext.pipeline.runtime.stage import Run
        from massivetext.pipeline.stages.deduplicate.over_deletion import over_deleted
        from massivetext.pipeline.storage.object_store import StoreError

        engine = Engine(beam_options, processes)
        run = Run(loaded, output.rstrip("/"), engine, Display(console))
        check(run)
        opened.enter_context(lock.held(run.out, only or "run"))
        prepare(run, accept_changes=changed)
        if loaded.note:
            console.print(loaded.note, soft_wrap=True, highlight=False)
        console.print(f"running on {engine.describe()}, output in {run.out}", soft_wrap=True)
        try:
            execute(run, only)
        except StoreError as error:
            raise StageError(f"{error}\n{KEPT}") from error
        except StageError:
            tell(console, run.out, outcome(run.out, loaded.config, has_report=False))
            raise
        troubles = outcome(run.out, loaded.config, has_report=only in (None, names.REPORT))
        tell(console, run.out, troubles)
    if only in (None, names.REPORT):
        click.echo(run.path(layout.REPORT))
    if any(trouble.is_fatal for trouble in troubles):
        sys.exit(1)
    if strict and (found := list(over_deleted(loaded.config, rows(run.out, names.DEDUPLICATE)))):
        _fail("\n".join(found), status=1)


def _guarded(action: Callable[[], Any], advice: str = "") -> Any:
    """Run an action; errors that a person can mend are shown: exit status 2 before any work, else 1.

    `advice` follows what the file system says.
    """
    from massivetext.pipeline.config.load import ConfigError
    from massivetext.pipeline.runtime.parts import StageError
    from massivetext.pipeline.storage import files
    from massivetext.pipeline.storage.object_store import StoreError
    from massivetext.pipeline.storage.sealed import DamagedError

    try:
        return action()
    except ConfigError as error:
        _fail(str(error))
    except (StageError, DamagedError) as error:
        _fail(str(error), status=1)
    except StoreError as error:
        _fail(str(error))
    except OSError as error:
        if error.errno is None:
            raise
        _fail(f"{files.reason(error)}{advice}", status=1)


def _fail(message: str, status: int = 2) -> None:
    click.echo(f"massivetext: {message}", err=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
