"""`massivetext init`: a configuration from what lies in a folder, or an example."""

from importlib.resources import files as resources
from pathlib import Path

import click

from massivetext.pipeline.commands.guarded import fail
from massivetext.pipeline.runtime.clean import say


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--to",
    "path",
    default="massivetext.yaml",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.",
)
def init(folder: Path | None, path: Path) -> None:
    """Write a commented configuration: of the sources that lie in FOLDER, or an example without it."""
    if path.exists():
        fail(f"{path} exists already: give another with --to, or delete it first")
    try:
        path.write_text(_example() if folder is None else _guessed(folder, path))
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    if folder is None:
        say(f"wrote {path}: set the paths of your sources in it, then: massivetext run {path} --output OUT")
    else:
        say(f"wrote {path}: look it over, then: massivetext check {path}")


def _example() -> str:
    return resources("massivetext.pipeline.config").joinpath("example.yaml").read_text()


def _guessed(folder: Path, path: Path) -> str:
    from massivetext.pipeline.init.guess import Guess, guess
    from massivetext.pipeline.init.write import configuration

    found = guess(str(folder))
    if not any(isinstance(each, Guess) for each in found):
        fail(f"{folder}: nothing in it is of a format that is read")
    return configuration(found, str(folder), str(path))
