"""The command line. Its commands stand in the order in which data pass through; each is a file of `commands/`."""

import logging
import sys

import click

from massivetext.pipeline.commands.ablate import ablate
from massivetext.pipeline.commands.check import check
from massivetext.pipeline.commands.compare import compare
from massivetext.pipeline.commands.compare_tokenizers import compare_tokenizers, spelt_out
from massivetext.pipeline.commands.demo import demo
from massivetext.pipeline.commands.export import export
from massivetext.pipeline.commands.figures import figures
from massivetext.pipeline.commands.init import init
from massivetext.pipeline.commands.inspect import inspect
from massivetext.pipeline.commands.limits import limits
from massivetext.pipeline.commands.plan import plan
from massivetext.pipeline.commands.run import run
from massivetext.pipeline.commands.serve import serve
from massivetext.pipeline.commands.stage import stage
from massivetext.pipeline.commands.summary import summary
from massivetext.pipeline.commands.verify import verify
from massivetext.pipeline.commands.withdraw import withdraw
from massivetext.pipeline.runtime.clean import clean_streams
from massivetext.pipeline.runtime.out_of_memory import in_a_line
from massivetext.pipeline.stages import names


def _version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from massivetext.pipeline.runtime.versions import tag, versions

        click.echo(f"massivetext {versions()['massivetext']}, code {tag()}")
        context.exit()


def _use_plugins(_: click.Context, __: click.Parameter, paths: tuple[str, ...]) -> None:
    if paths:
        from massivetext.pipeline.commands.guarded import guarded
        from massivetext.pipeline.plugins.find import opened
        from massivetext.pipeline.plugins.use import Plugins, use

        guarded(lambda: use(Plugins(tuple(map(opened, paths)))))


class _InOrder(click.Group):
    """A group that lists its commands in the order in which they were added, not by the alphabet."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """`tokenizer --compare A B OUT` is another spelling of `compare-tokenizers`."""
        return super().resolve_command(context, spelt_out(args))


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Show the version, and the fingerprint of the code with which container images are tagged.",
)
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="FILE",
    expose_value=False,
    callback=_use_plugins,
    help="Run the code of this file, with which an output was made. A configuration names its plugins itself.",
)
def main() -> None:
    """Make pre-training data from raw sources: open, runnable MassiveText on Apache Beam.

    A command passes options that it does not know to Beam's PipelineOptions, such as
    --runner=FlinkRunner or --direct_running_mode=multi_processing --direct_num_workers=4.
    """
    logging.basicConfig(level=logging.ERROR)  # Beam logs many warnings about things that are in order
    clean_streams()
    sys.excepthook = in_a_line


STAGES = (stage(name, does) for name, does in names.NAMES.items())
READERS = (
    inspect,
    serve,
    figures,
    compare,
    compare_tokenizers,
    verify,
    limits,
    plan,
    export,
    summary,
    withdraw,
    ablate,
)
for command in (demo, init, check, run, *STAGES, *READERS):
    main.add_command(command)


if __name__ == "__main__":
    main()
