"""`massivetext init`: writes a configuration for the files in a folder, or an example."""

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
    """Write a configuration with comments. Lists the sources found in FOLDER; without FOLDER, writes an example."""
    if path.exists():
        fail(f"{path}: exists already: give another path with --to, or delete the file")
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
        fail(f"{folder}: holds no file in a format that any kind of source reads: see docs/configuration.md")
    return configuration(found, str(folder), str(path))
