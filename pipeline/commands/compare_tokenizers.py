"""`massivetext compare-tokenizers`: compares tokenizers on the documents that a run keeps."""

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.runtime.terminal import Terminal


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
    """Compare tokenizers on the documents that a run keeps. Shows bytes per token and the unused vocabulary."""
    from massivetext.pipeline.compare.tokenizers import compare as show

    connect(beam_options)
    guarded(lambda: show(out.rstrip("/"), list(tokenizers), Terminal(), sample_bytes))
