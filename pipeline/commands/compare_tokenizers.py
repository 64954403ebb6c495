"""`massivetext compare-tokenizers`: compares tokenizers on the documents that a run keeps."""

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.terminal import Terminal
from massivetext.pipeline.stages import names

COMPARE = "--compare"


def spelt_out(arguments: list[str]) -> list[str]:
    """`tokenizer --compare A B OUT` as `compare-tokenizers OUT --tokenizer A --tokenizer B`; others as they are."""
    if arguments[:1] != [names.TOKENIZER] or COMPARE not in arguments:
        return arguments
    first = arguments.index(COMPARE) + 1
    last = next((at for at in range(first, len(arguments)) if arguments[at].startswith("-")), len(arguments))
    if last - first < 2:
        raise click.UsageError(
            f"{COMPARE}: expected tokenizers and then the output folder of a run: "
            f"massivetext {names.TOKENIZER} {COMPARE} A.json B.model OUT"
        )
    *tokenizers, out = arguments[first:last]
    given = [word for path in tokenizers for word in ("--tokenizer", path)]
    return [compare_tokenizers.name or "", out, *given, *arguments[1 : first - 1], *arguments[last:]]


@click.command("compare-tokenizers", context_settings=BEAM)
@click.argument("out")
@click.option(
    "--tokenizer",
    "tokenizers",
    multiple=True,
    required=True,
    help="A SentencePiece model or a tokenizer.json; repeat the option for each tokenizer.",
)
@click.option(
    "--sample-bytes",
    type=click.IntRange(min=1),
    default=16 << 20,
    show_default=True,
    help="Bytes of text to encode.",
)
@ARGUMENTS
def compare_tokenizers(
    out: str, tokenizers: tuple[str, ...], sample_bytes: int, beam_options: tuple[str, ...]
) -> None:
    """Compare tokenizers on the documents that a run keeps. Shows bytes per token and the unused vocabulary.

    `massivetext tokenizer --compare A B OUT` does the same.
    """
    from massivetext.pipeline.compare.tokenizers import compare as show

    connect(beam_options)
    guarded(lambda: show(out.rstrip("/"), list(tokenizers), Terminal(), sample_bytes))
