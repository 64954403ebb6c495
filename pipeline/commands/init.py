"""`massivetext init`: an example configuration."""

from importlib.resources import files as resources
from pathlib import Path

import click

from massivetext.pipeline.commands.guarded import fail
from massivetext.pipeline.runtime.clean import say


@click.command()
@click.argument("path", default="massivetext.yaml", type=click.Path(dir_okay=False, path_type=Path))
def init(path: Path) -> None:
    """Write a commented example configuration to PATH."""
    if path.exists():
        fail(f"{path} exists already: give another path, or delete it first")
    try:
        path.write_text(resources("massivetext.pipeline.config").joinpath("example.yaml").read_text())
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    say(f"wrote {path}: set the paths of your sources in it, then: massivetext run {path} --output OUT")
