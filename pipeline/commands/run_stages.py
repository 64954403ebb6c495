"""Runs stages for the commands `demo` and `run` and for those of single stages."""

import contextlib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console

from massivetext.pipeline.commands import said
from massivetext.pipeline.commands.guarded import connect, guarded
from massivetext.pipeline.stages import names

if TYPE_CHECKING:
    from massivetext.pipeline.outcome import Trouble
    from massivetext.pipeline.runtime.stage import Run


@dataclass(frozen=True)
class Wanted:
    """What a command asks of a run: the options of their names, and the `only` stage to run."""

    changed: bool = False
    strict: bool = False
    sample: str | None = None
    lineage: str | None = None
    only: str | None = None


def run_stages(config: str, output: str, beam_options: tuple[str, ...], wanted: Wanted = Wanted()) -> None:
    """Run every stage that is not finished, or one; then write the result, and exit with status 1 if it is bad."""
    from massivetext.pipeline.runtime.stopping import KEPT

    guarded(lambda: _execute(config, output, beam_options, wanted), f". {KEPT}")


def _execute(config: str, output: str, beam_options: tuple[str, ...], wanted: Wanted) -> None:
    from massivetext.pipeline.config import inputs
    from massivetext.pipeline.config.load import load
    from massivetext.pipeline.runtime.local_workers import Asked, Workers
    from massivetext.pipeline.runtime.stopping import stoppable
    from massivetext.pipeline.storage import files

    if files.is_remote(config):
        connect(beam_options)
    loaded = load(config, sample=wanted.sample)  # before importing Beam, which takes seconds
    console = said.console()
    said.compile_kernels(said.display())
    opened, working = contextlib.ExitStack(), contextlib.ExitStack()
    opened.callback(working.close)
    with opened, stoppable(console, opened.close):
        processes = None
        asked = Asked.by(beam_options)
        # The workers import Beam while the command does.
        if asked.for_processes and not (asked.is_free and inputs.are_small(loaded)):
            processes = working.enter_context(contextlib.closing(Workers()))
        from massivetext.pipeline.run import check, prepare
        from massivetext.pipeline.runtime import lock
        from massivetext.pipeline.runtime.engine import Engine
        from massivetext.pipeline.runtime.stage import Run

        engine = Engine(beam_options, processes)
        run = Run(loaded, output.rstrip("/"), engine, said.display())
        check(run)
        run.holder = opened.enter_context(lock.held(run.out, wanted.only or "run"))
        opened.callback(working.close)  # workers end before the lock is released: none works without it
        prepare(run, accept_changes=wanted.changed)
        if loaded.note:
            run.display.say(loaded.note)
        run.display.say(f"running on {engine.describe()}, output in {run.out}")
        with _told(run, wanted.lineage) as errors:
            troubles = _work(run, console, wanted.only)
            emptied = _emptied(run) if wanted.strict else []
            errors += [*(trouble.message for trouble in troubles if trouble.is_fatal), *emptied]
    _end(run, troubles, emptied, wanted.only)


def _told(run: "Run", goal: str | None) -> contextlib.AbstractContextManager[list[str]]:
    """Let the run report to `goal` within the block, if one is given. The list takes errors of a run that ended."""
    if goal is None:
        return contextlib.nullcontext([])
    from massivetext.pipeline.lineage.send import Lineage
    from massivetext.pipeline.run import stages_of

    lineage = Lineage(goal, run, stages_of(run))
    run.watched = lineage.stage
    return lineage.whole()


def _work(run: "Run", console: Console, only: str | None) -> "list[Trouble]":
    """Run the stages, print the troubles of the run and return them. Prints them, too, if a stage fails."""
    from massivetext.pipeline.execute import execute
    from massivetext.pipeline.outcome import outcome, tell
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


def _emptied(run: "Run") -> list[str]:
    """Returns what there is to say of sources that lost more to near duplicates than the configuration allows."""
    from massivetext.pipeline.runtime.parts import rows
    from massivetext.pipeline.stages.deduplicate.over_deletion import over_deleted

    return list(over_deleted(run.config, rows(run.out, names.DEDUPLICATE)))


def _end(run: "Run", troubles: "list[Trouble]", emptied: list[str], only: str | None) -> None:
    """Write where the report is. Exit with status 1 if the run did not do what was asked."""
    from massivetext.pipeline.outcome import result
    from massivetext.pipeline.storage import layout

    report = run.path(layout.REPORT) if only in (None, names.REPORT) else None
    status = int(bool(emptied) or any(trouble.is_fatal for trouble in troubles))
    for line in emptied:
        said.console().print(f"error: {line}", soft_wrap=True, markup=False, highlight=False)
    said.result({"exit_status": status, "report": report, **result(run.out, run.config, troubles)}, report)
    if status:
        sys.exit(status)
