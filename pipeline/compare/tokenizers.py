"""Prints tokenizers side by side on the documents that a run keeps."""

from rich.console import Console
from rich.table import Table

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.report import tokenizers
from massivetext.pipeline.stages.report.stats_mix import Tokenizers

NEEDED = names.DECONTAMINATE


def compare(out: str, paths: list[str], console: Console, sample_bytes: int) -> None:
    """Encode a seeded sample of the documents that the run OUT keeps with each tokenizer, and print the counts.

    Raises ConfigError if the run has not finished the stage NEEDED, or if a file does not hold a tokenizer.
    """
    config = manifest.finished(out, NEEDED).asked
    found = tokenizers.compare(out, config, [tokenizers.opened(path) for path in paths], sample_bytes)
    if not found.bytes_by_source:
        raise ConfigError(f"{out}: no document is kept, so there is nothing to compare tokenizers on")
    names_of = [one.name for one in found.used]
    for title, sizes, tokens in (
        ("source", found.bytes_by_source, [one.by_source for one in found.used]),
        ("language", found.bytes_by_language, [one.by_language for one in found.used]),
    ):
        table = Table("", "MB", *names_of, title=f"bytes a token by {title}")
        for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
            table.add_row(name, f"{size / 1e6:.1f}", *(f"{size / max(1, of[name]):.2f}" for of in tokens))
        console.print(table)
    console.print(_vocabularies(found))


def _vocabularies(found: Tokenizers) -> Table:
    table = Table("", "tokens", "single bytes", "vocabulary", "never used", title="vocabularies")
    for one in found.used:
        table.add_row(
            one.name,
            f"{one.tokens:,}",
            f"{one.single_bytes / max(1, one.tokens):.2%}",
            f"{one.vocabulary:,}",
            f"{one.unused / one.vocabulary:.1%}",
        )
    return table
