"""`massivetext ablate`: the same small model trained on several arms of data, and what each learns."""

import click

from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.commands.options import ARGUMENTS, BEAM
from massivetext.pipeline.commands.said import is_json, result, speaking
from massivetext.pipeline.runtime.clean import say
from massivetext.pipeline.runtime.terminal import Terminal


@click.command(context_settings=BEAM)
@click.argument("settings")
@click.option("--to", required=True, help="Folder to write to. An ablation that was stopped there goes on.")
@speaking
@ARGUMENTS
def ablate(settings: str, to: str, beam_options: tuple[str, ...]) -> None:
    """Train the same small model on arms of data, as SETTINGS says, and measure bits per byte on the same texts."""
    from massivetext.pipeline.ablate.ablate import PAGE
    from massivetext.pipeline.ablate.ablate import ablate as train
    from massivetext.pipeline.ablate.settings import load
    from massivetext.pipeline.ablate.told import tell

    connect(beam_options)
    found = guarded(lambda: train(load(settings), to.rstrip("/"), lambda line: say(line, err=True)))
    page = f"{to.rstrip('/')}/{PAGE}"
    if not is_json():
        tell(found, Terminal())
    result({"exit_status": 0, "page": page, "ablation": found.model_dump(mode="json")}, page)
