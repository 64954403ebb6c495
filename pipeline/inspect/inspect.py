"""Shows documents of a finished run on the terminal or as JSON, with the reasons why they were removed."""

from collections.abc import Callable

from rich.console import Console

from massivetext.pipeline.config.rules import judges
from massivetext.pipeline.inspect.choose import choose
from massivetext.pipeline.inspect.describe import describe
from massivetext.pipeline.inspect.provenance import show_sequences
from massivetext.pipeline.inspect.question import Asked
from massivetext.pipeline.inspect.show import line, show
from massivetext.pipeline.runtime import manifest


def inspect(out: str, console: Console, asked: Asked, write: Callable[[bytes], object] | None = None) -> None:
    """Print the documents asked for, with what became of each: always the same ones for the same question.

    If `write` is given, it gets each document as a line of JSON instead. Raises ConfigError for a folder that holds no
    run, and for a rule or source that the run does not have.
    """
    state = manifest.opened(out)
    config = state.config
    judging = judges(config)
    asked.check(config, judging)
    places = choose(out, config, judging, asked)
    for one in describe(out, config, judging, asked, places):
        if write is not None:
            write(line(one))
            continue
        show(console, one)
        if asked.id is not None:
            show_sequences(out, console, asked.id)
    if not places and write is None:
        console.print("no such document")
