"""A run before it begins: its stages, the checks of its configuration, and what of its output still stands."""

import os
from collections.abc import Iterator
from dataclasses import replace

from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.languages import english_alone
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.plugins.find import FOLDER, place_of
from massivetext.pipeline.plugins.plugin import PluginFile
from massivetext.pipeline.read.first_records import First
from massivetext.pipeline.runtime import groups, manifest, parts
from massivetext.pipeline.runtime.manifest import Causes, Manifest
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.standing import lost
from massivetext.pipeline.runtime.versions import versions
from massivetext.pipeline.stages.curate import first_measured
from massivetext.pipeline.stages.curate import stage as curate
from massivetext.pipeline.stages.decontaminate import stage as decontaminate
from massivetext.pipeline.stages.deduplicate import earlier
from massivetext.pipeline.stages.deduplicate import stage as deduplicate
from massivetext.pipeline.stages.mix import stage as mix
from massivetext.pipeline.stages.report import stage as report
from massivetext.pipeline.stages.tokenize import stage as tokenize
from massivetext.pipeline.stages.tokenizer import stage as tokenizer
from massivetext.pipeline.stages.wanted import wanted
from massivetext.pipeline.storage import files
from massivetext.pipeline.storage.sealed import DamagedError

_CHANGES_SHOWN = 20

STAGES: tuple[Stage, ...] = (
    curate.STAGE,
    deduplicate.STAGE,
    decontaminate.STAGE,
    tokenizer.STAGE,
    tokenize.STAGE,
    mix.STAGE,
    report.STAGE,
)


def stages_of(run: Run) -> list[Stage]:
    """Returns the stages that the configuration asks for, in order. `after` names only stages among them."""
    names = wanted(run.config)
    return [
        replace(stage, after=tuple(name for name in stage.after if name in names))
        for stage in STAGES
        if stage.name in names
    ]


def check_settings(run: Run) -> None:
    """Check the settings of every stage, and that every file that they name exists. Raises ConfigError."""
    for stage in stages_of(run):
        stage.settings(run)


def check_first(run: Run) -> dict[str, First]:
    """Read and measure the first records of every source, and return them.

    Raises ConfigError for a source if none of them can be read, or if a plugin fails on all of them.
    """
    first = inputs.check_first(run.loaded, run.origins)
    first_measured.check(run.loaded, first, run.columns, curate.contents(run))
    return first


def check(run: Run) -> None:
    """Check, before anything is written, that every input exists and can be read."""
    check_settings(run)
    if not run.out or os.path.isfile(run.out):
        raise ConfigError(f"--output {run.out or '/'}: expected a folder (it need not exist yet)")
    run.engine.check(run.out, _read_by_workers(run))
    check_first(run)


def prepare(run: Run, accept_changes: bool) -> None:
    """Check that the output folder fits this configuration, and record the configuration in its manifest.

    The caller holds the folder's lock. Raises ConfigError if finished results would be made again, unless
    `accept_changes`.
    """
    configuration = run.config.model_dump(mode="json")
    state = state_of(run, accept_changes)
    if not accept_changes and (changes := list(replaced(run, state))):
        listed = "\n".join(f"- {each}" for each in changes[:_CHANGES_SHOWN])
        if len(changes) > _CHANGES_SHOWN:
            listed += f"\n- and {len(changes) - _CHANGES_SHOWN:,} more"
        raise ConfigError(
            f"{run.out} holds results of another configuration, of other inputs or of other code:\n{listed}\n"
            "Choose another --output, or give --changed to run again the stages that depend on this."
        )
    for message in english_alone(run.config):
        run.display.warn(message)
    for difference in manifest.differences(state.configuration, configuration):
        run.display.changed(difference)
    state.configuration, state.versions = configuration, versions()
    _drop_unwanted(run, state)
    state.plugins = [place_of(plugin) for plugin in run.loaded.plugins.all]
    _keep_plugins(run)
    state.write(run.out)
    files.delete_tree(run.path(files.TEMPORARY))


def _drop_unwanted(run: Run, state: Manifest) -> None:
    """Delete the results of stages that the configuration no longer asks for."""
    for name in set(state.stages) - {stage.name for stage in stages_of(run)}:
        for step in parts.steps(run.out, name):
            parts.drop(run.out, step)
        groups.drop_others(run.out, name, set())
        for each in state.stages.pop(name).files:
            files.delete(run.path(each.path))


def _keep_plugins(run: Run) -> None:
    """Copy the plugins' files into the output, so that a reader can see which code made it."""
    for plugin in run.loaded.plugins.all:
        if isinstance(plugin, PluginFile):
            files.write_bytes(run.out, f"{FOLDER}/{plugin.stem}.py", plugin.source.encode())


def state_of(run: Run, accept_changes: bool = False) -> Manifest:
    """Returns the output's manifest, or a new one if the folder is empty.

    Raises ConfigError if the folder holds other files, or if its manifest is damaged and changes are not accepted.
    """
    configuration = run.config.model_dump(mode="json")
    try:
        state = manifest.read(run.out)
    except DamagedError as error:
        if not accept_changes:
            raise ConfigError(
                f"{error}: give --changed to go on from the records of finished parts"
            ) from error
        return Manifest(configuration)
    if state is None:
        if not files.is_remote(run.out) and any(n for n, _ in files.match(run.path("**"))):
            raise ConfigError(
                f"{run.out}: is not empty, and is not an output of massivetext: choose another --output"
            )
        return Manifest(configuration)
    return state


def explain(run: Run) -> Iterator[str]:
    """Yields lines that say what a run would do again, and why. Changes nothing.

    A stage that reads from another may turn out to have nothing to do: it works again only on parts that the other
    stage made differently, which is known only after that stage has run.
    """
    state = state_of(run)
    yield from replaced(run, state)
    rest, every = curate.to_read(run)
    yield f"{curate.NAME}: would read and measure {rest:,} of {every:,} parts"
    for stage in stages_of(run):
        finished = state.stages.get(stage.name)
        if finished is None:
            yield f"{stage.name}: is not finished"
        elif gone := list(lost(run.out, stage.name, finished)):
            yield f"{stage.name}: would make again {', '.join(gone[:3])}{' and others' if len(gone) > 3 else ''}"


def replaced(run: Run, state: Manifest) -> Iterator[str]:
    """Yields lines that say which finished results a run would replace, and why.

    A new input file is not among them, since it replaces nothing.
    """
    before, now = state.configuration, run.config.model_dump(mode="json")
    yield from (f"the configuration: {each}" for each in manifest.differences(before, now))
    for stage in stages_of(run):
        finished = state.stages.get(stage.name)
        if finished is None:
            continue
        causes = causes_of(run, stage, {name: finished.causes.get(name, "") for name in stage.after})
        free = {f"`{curate.INPUT}`", manifest.CODE, *([] if stage.work else [manifest.WORK])}
        names = {*causes, *finished.causes} - free
        changed = sorted(name for name in names if causes.get(name) != finished.causes.get(name))
        if changed:
            yield f"{stage.name}: runs again, since these changed: {', '.join(changed)}"
    yield from curate.changed_inputs(run)


def causes_of(run: Run, stage: Stage, upstream: dict[str, str]) -> Causes:
    return manifest.causes(stage.run.__module__, stage.work, stage.settings(run), upstream)


def _read_by_workers(run: Run) -> Iterator[str]:
    origins = [origin for each in run.origins.values() for origin in each]
    yield from (origin.path for origin in origins)
    yield from sorted({origin.records.path for origin in origins if origin.records})
    yield from (test_file.path for test_file in decontaminate.test_files(run))
    if model := curate.language_model(run):
        yield model.path
    yield from (output.folder for output in earlier.find(run))
