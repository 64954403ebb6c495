"""A run: the stages in order, each skipped when nothing it depends on has changed."""

import os
import time
from collections.abc import Iterator

import orjson

from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.languages import english_alone
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.runtime.manifest import Causes
from massivetext.pipeline.runtime.parts import records
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.versions import versions
from massivetext.pipeline.stages.curate import stage as curate
from massivetext.pipeline.stages.decontaminate import stage as decontaminate
from massivetext.pipeline.stages.deduplicate import earlier
from massivetext.pipeline.stages.deduplicate import stage as deduplicate
from massivetext.pipeline.stages.mix import stage as mix
from massivetext.pipeline.stages.report import stage as report
from massivetext.pipeline.stages.tokenize import stage as tokenize
from massivetext.pipeline.stages.tokenizer import stage as tokenizer
from massivetext.pipeline.storage import files, layout

STAGES: tuple[Stage, ...] = (
    curate.STAGE,
    deduplicate.STAGE,
    decontaminate.STAGE,
    tokenizer.STAGE,
    tokenize.STAGE,
    mix.STAGE,
    report.STAGE,
)


def check_settings(run: Run) -> None:
    """Raises ConfigError for what is wrong with the settings of any stage: finds every file that they name."""
    for stage in STAGES:
        stage.settings(run)


def prepare(run: Run, accept_changes: bool) -> None:
    """Check, before any work, that the folder belongs to this configuration and that every input exists."""
    check_settings(run)
    if not run.out or os.path.isfile(run.out):
        raise ConfigError(f"--output {run.out or '/'}: expected a folder, which need not be there")
    run.engine.check(run.out, _read_by_workers(run))
    configuration = run.config.model_dump(mode="json")
    inputs.check_first(run.loaded, run.origins)
    state = manifest.read(run.out)
    if state is None:
        if not files.is_remote(run.out) and any(n for n, _ in files.match(run.path("**"))):
            raise ConfigError(
                f"{run.out}: not empty, and not an output of massivetext: choose another --output"
            )
        state = manifest.Manifest(configuration)
    elif state.configuration != configuration and not accept_changes:
        changed = [key for key in configuration if state.configuration.get(key) != configuration[key]]
        raise ConfigError(
            f"{run.out} holds the output of another configuration (it differs in: {', '.join(changed)}). "
            "Choose another --output, or give --changed to run again what depends on the changes."
        )
    for message in english_alone(run.config):
        run.display.warn(message)
    for difference in manifest.differences(state.configuration, configuration):
        run.display.changed(difference)
    state.configuration, state.versions = configuration, versions()
    state.write(run.out)
    files.delete_tree(run.path(files.TEMPORARY))


def _read_by_workers(run: Run) -> Iterator[str]:
    yield from (origin.path for origins in run.origins.values() for origin in origins)
    yield from (test_file.path for test_file in decontaminate.test_files(run))
    if model := curate.language_model(run):
        yield model[0]
    yield from (output.folder for output in earlier.find(run))


def execute(run: Run, only: str | None = None) -> None:
    """Run every stage that is not finished, or `only` one, whose upstream stages must be finished."""
    for stage in STAGES:
        causes = manifest.causes(stage.settings(run), {name: run.keys[name] for name in stage.after})
        key = run.keys[stage.name] = manifest.stage_key(stage.name, causes)
        state = manifest.read(run.out)
        assert state is not None, "prepare() writes it"
        if state.is_finished(stage.name, key) and only != stage.name:
            run.display.skipped(stage.name)
        elif only is not None and only != stage.name:
            if only in _downstream(stage.name):
                raise ConfigError(
                    f"{only} needs {stage.name}, which is not finished: run `massivetext {stage.name}` first"
                )
            break
        else:
            _execute(run, stage, key, causes)
        if only == stage.name:
            break
    files.delete_tree(run.path(files.TEMPORARY))


def _downstream(name: str) -> set[str]:
    found: set[str] = set()
    for stage in STAGES:
        if name in stage.after or found & set(stage.after):
            found.add(stage.name)
    return found


def _execute(run: Run, stage: Stage, key: str, causes: Causes) -> None:
    _discard_other(run, stage, causes)
    began, cpu = time.monotonic(), time.process_time()
    with run.display.stage(stage.name):
        parts = stage.run(run)
    state = manifest.read(run.out)
    assert state is not None
    spent = time.process_time() - cpu
    if not run.engine.is_in_process:
        spent += sum(record.cpu_seconds for record in records(run.out, f"{stage.name}/**"))
    took = round(time.monotonic() - began, 2)
    state.stages[stage.name] = manifest.Finished(key, parts, took, round(spent, 2))
    state.write(run.out)


def _discard_other(run: Run, stage: Stage, causes: Causes) -> None:
    """Delete what the stage wrote for other inputs or settings; what it wrote for these is gone on from."""
    marker = layout.work(stage.name, "causes.json")
    if files.exists(run.path(marker)):
        before: Causes = orjson.loads(files.read_bytes(run.path(marker)))
        if before == causes:
            return
        changed = [name for name in {**before, **causes} if before.get(name) != causes.get(name)]
        run.display.again(stage.name, f"{', '.join(changed)} changed")
    for folder in (*stage.outputs, layout.work(stage.name, "")):
        files.delete_tree(run.path(folder))
    files.write_bytes(run.out, marker, orjson.dumps(causes))
