"""`massivetext plan`: tells how many tokens a model needs, and what the sources must give."""

import math

import click
import orjson

from massivetext.pipeline.commands.guarded import connect, fail, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.terminal import Terminal


@click.command(context_settings=BEAM)
@click.option("--parameters", type=float, help="Size of the model, such as 70e9.")
@click.option("--flops", type=float, help="Budget for training it, such as 5.76e23.")
@click.option("--tokens", type=float, help="Tokens to train on, such as 1.4e12.")
@click.option("--output", help="A finished run, which may be one of a sample: plan for its sources.")
@click.option(
    "--input",
    "raw_input",
    multiple=True,
    metavar="SOURCE=BYTES",
    help="Raw bytes of a source (the size of its files): plan with the tokens that they should give. May be repeated.",
)
@click.option(
    "--weights",
    type=click.Choice(["within", "unimax"]),
    help="Print weights within max_epochs instead: the nearest to the run's own (within), or equal ones (unimax).",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@ARGUMENTS
def plan(
    output: str | None,
    raw_input: tuple[str, ...],
    as_json: bool,
    weights: str | None,
    beam_options: tuple[str, ...],
    **asked: float | None,
) -> None:
    """Tell how many tokens a model needs. With --output, also each source's epochs and the raw input that it needs."""
    from massivetext.pipeline.plan.plan import plan as make

    given = {name: value for name, value in asked.items() if value is not None}
    if len(given) != 1 or not all(0 < value < math.inf for value in given.values()):
        fail("give exactly one of --parameters, --flops and --tokens, with a number above 0")
    if raw_input and output is None:
        fail("--input: give --output, too: the tokens per byte of a source are measured on a finished run")
    if weights and output is None:
        fail("--weights: give --output, too: the tokens of each source are measured on a finished run")
    connect(beam_options)
    (name, value), sizes = given.popitem(), dict(map(_raw_bytes, raw_input))
    made = guarded(lambda: make(name, value, output and output.rstrip("/"), sizes))
    if weights is not None:
        from massivetext.pipeline.plan.tables import weights as proposal

        found = proposal(made.mix, weights)
        if found is None:
            fail(
                "--weights: no weights keep every source within mix.max_epochs: ask for fewer tokens",
                status=1,
            )
        click.echo(found, nl=False)
    elif as_json:
        click.echo(orjson.dumps(made, option=orjson.OPT_INDENT_2))
    else:
        from massivetext.pipeline.plan.tables import show

        show(made, Terminal())


def _raw_bytes(text: str) -> tuple[str, float]:
    source, _, size = text.partition("=")
    try:
        value = float(size)
    except ValueError:
        value = -1.0
    if not 0 < value < math.inf:
        fail(f"--input {text}: expected SOURCE=BYTES with a number above 0, such as web=1e12")
    return source, value
