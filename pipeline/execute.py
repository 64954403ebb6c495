"""Executes the stages of a run in order, and skips each whose results still stand."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.run import STAGES, causes_of, stages_of
from massivetext.pipeline.runtime import groups, manifest, parts
from massivetext.pipeline.runtime.costs import Costs
from massivetext.pipeline.runtime.manifest import Causes, Finished
from massivetext.pipeline.runtime.parts import Record
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.standing import lost
from massivetext.pipeline.runtime.steps import Planned
from massivetext.pipeline.stages.wanted import check as check_wanted
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.memory import give_back


def execute(run: Run, only: str | None = None) -> None:
    """Run every stage that is not finished, or the one named `only`.

    Raises ConfigError if a stage that `only` reads from is not finished.
    """
    check_wanted(run.config, only)
    stages, costs = stages_of(run), Costs(run.out, run.engine.is_in_process)
    for number, stage in enumerate(stages):
        state = manifest.read(run.out)
        assert state is not None, "prepare() writes it"
        causes = causes_of(run, stage, {name: state.stages[name].digest for name in stage.after})
        is_finished = state.is_finished(stage.name, causes)
        gone = list(lost(run.out, stage.name, state.stages[stage.name])) if is_finished else []
        if is_finished and not gone and only != stage.name:
            run.display.skipped(stage.name)
        elif only is not None and only != stage.name:
            if only in _downstream(stage.name):
                raise ConfigError(
                    f"{only} needs {stage.name}, which is not finished: run `massivetext {stage.name}` first"
                )
            break
        else:
            _say_why(run, stage, state.stages.get(stage.name), causes, gone)
            ahead = {} if only else dict(_ahead(run, stages[number + 1 :]))
            run.next = [step for steps in ahead.values() for step in steps]
            with costs.counted(stage.name, list(ahead)):
                count = _execute(run, stage)
            _record(run, stage, causes, count, costs)
            run.display.finished(stage.name, costs.seconds[stage.name])
        if only == stage.name:
            break
    files.delete_tree(run.path(files.TEMPORARY))


def _ahead(run: Run, stages: Sequence[Stage]) -> Iterator[tuple[str, Sequence[Planned]]]:
    """Yields the stages with which the last pipeline of the stage before them goes on, and their steps in it."""
    for stage in stages:
        if not (steps := stage.first(run)):
            return
        yield stage.name, steps
        if not stage.is_planned:
            return


def _say_why(run: Run, stage: Stage, before: Finished | None, causes: Causes, gone: list[str]) -> None:
    if gone:
        more = f" and {len(gone) - 1:,} more files" if len(gone) > 1 else ""
        run.display.again(stage.name, f"{gone[0]}{more} changed or is missing since the stage wrote it")
    elif before is not None:
        changed = [
            name for name in {**before.causes, **causes} if before.causes.get(name) != causes.get(name)
        ]
        if changed:
            run.display.again(stage.name, f"{', '.join(changed)} changed")


def _drop_others(run: Run, stage: str) -> None:
    """Delete steps and files that an earlier run of a stage wrote, and that this run no longer has."""
    for step in parts.steps(run.out, stage) - run.done:
        parts.drop(run.out, step)
    groups.drop_others(run.out, stage, run.done)
    for path, _ in files.match(run.path(layout.work(stage, "**/part-*.error"))):
        files.delete(path)  # errors of parts that were finished since
    state = manifest.read(run.out)
    before = state.stages[stage].files if state and stage in state.stages else []
    for path in {each.path for each in before} - {each.path for each in run.written}:
        files.delete(run.path(path))


def _for_others(records: list[Record]) -> Iterator[Record]:
    """Yields the records without the files that only the stage itself reads."""
    for record in records:
        yield replace(record, files=[each for each in record.files if not layout.is_work(each.path)])


def _downstream(name: str) -> set[str]:
    found: set[str] = set()
    for stage in STAGES:
        if name in stage.after or found & set(stage.after):
            found.add(stage.name)
    return found


def _execute(run: Run, stage: Stage) -> int:
    """Runs a stage, and deletes what it no longer has. Returns the number of its parts."""
    run.written.clear()
    run.done.clear()
    with run.writing(), run.watched(stage):
        count = stage.run(run)
    give_back()
    _drop_others(run, stage.name)
    return count


def _record(run: Run, stage: Stage, causes: Causes, count: int, costs: Costs) -> None:
    """Write into the manifest that a stage is finished."""
    records = list(parts.records(run.out, f"{stage.name}/**"))
    state = manifest.read(run.out)
    assert state is not None
    state.stages[stage.name] = Finished(
        causes,
        parts.digest(_for_others(records), [each for each in run.written if not layout.is_work(each.path)]),
        len(records),
        list(groups.steps(run.out, stage.name)),
        list(run.written),
        count,
        round(costs.seconds[stage.name], 2),
        round(costs.cpu_seconds[stage.name], 2),
    )
    state.write(run.out)
