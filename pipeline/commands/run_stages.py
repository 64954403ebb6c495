"""Runs stages for a command: what `demo`, `run` and the commands of single stages share."""

import contextlib
import sys
from typing import TYPE_CHECKING

from rich.console import Console

from massivetext.pipeline.commands.guarded import connect, fail, guarded
from massivetext.pipeline.runtime.clean import say
from massivetext.pipeline.runtime.terminal import Terminal
from massivetext.pipeline.stages import names

if TYPE_CHECKING:
    from massivetext.pipeline.outcome import Trouble
    from massivetext.pipeline.runtime.stage import Run


def run_stages(
    config: str,
    output: str,
    beam_options: tuple[str, ...],
    changed: bool = False,
    only: str | None = None,
    strict: bool = False,
) -> None:
    """Run every stage that is not finished, or `only` one, and end the command with what became of it."""
    from massivetext.pipeline.runtime.stopping import KEPT

    guarded(lambda: _execute(config, output, beam_options, changed, only, strict), f". {KEPT}")


def _execute(
    config: str, output: str, beam_options: tuple[str, ...], changed: bool, only: str | None, strict: bool
) -> None:
    from massivetext.pipeline.config import inputs
    from massivetext.pipeline.config.load import load
    from massivetext.pipeline.runtime.local_workers import Asked, Workers
    from massivetext.pipeline.runtime.stopping import stoppable
    from massivetext.pipeline.storage import files

    if files.is_remote(config):
        connect(beam_options)
    loaded = load(config)  # before Beam is imported, which takes seconds
    console = Terminal(stderr=True)
    with contextlib.ExitStack() as opened, stoppable(console, opened.close):
        processes = None
        asked = Asked.by(beam_options)
        # They import Beam while the command does.
        if asked.for_processes and not (asked.is_free and inputs.are_small(loaded)):
            processes = opened.enter_context(contextlib.closing(Workers()))
        from massivetext.pipeline.run import check, prepare
        from massivetext.pipeline.runtime import lock
        from massivetext.pipeline.runtime.engine import Engine
        from massivetext.pipeline.runtime.progress import Display
        from massivetext.pipeline.runtime.stage import Run

        engine = Engine(beam_options, processes)
        run = Run(loaded, output.rstrip("/"), engine, Display(console))
        check(run)
        opened.enter_context(lock.held(run.out, only or "run"))
        prepare(run, accept_changes=changed)
        if loaded.note:
            console.print(loaded.note, soft_wrap=True, highlight=False)
        console.print(f"running on {engine.describe()}, output in {run.out}", soft_wrap=True)
        troubles = _work(run, console, only)
    _end(run, troubles, only, strict)


def _work(run: "Run", console: Console, only: str | None) -> "list[Trouble]":
    """Run the stages and tell what a person should know of them; a stage that failed is told, too."""
    from massivetext.pipeline.outcome import outcome, tell
    from massivetext.pipeline.run import execute
    from massivetext.pipeline.runtime.parts import StageError
    from massivetext.pipeline.runtime.stopping import KEPT
    from massivetext.pipeline.storage.object_store import StoreError

    config = run.config
    try:
        execute(run, only)
    except StoreError as error:
        raise StageError(f"{error}\n{KEPT}") from error
    except StageError:
        tell(console, run.out, outcome(run.out, config, has_report=False))
        raise
    troubles = outcome(run.out, config, has_report=only in (None, names.REPORT))
    tell(console, run.out, troubles)
    return troubles


def _end(run: "Run", troubles: "list[Trouble]", only: str | None, strict: bool) -> None:
    """Say where the report is; exit status 1 where the run did not do what was asked."""
    from massivetext.pipeline.runtime.parts import rows
    from massivetext.pipeline.stages.deduplicate.over_deletion import over_deleted
    from massivetext.pipeline.storage import layout

    if only in (None, names.REPORT):
        say(run.path(layout.REPORT))
    if any(trouble.is_fatal for trouble in troubles):
        sys.exit(1)
    if strict and (found := list(over_deleted(run.config, rows(run.out, names.DEDUPLICATE)))):
        fail("\n".join(found), status=1)
