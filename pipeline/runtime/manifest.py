"""manifest.json: records from what a run's output was made, and which stages are finished."""

import posixpath
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from massivetext.pipeline.config.found import Found, resolved
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.plugins.find import found_again
from massivetext.pipeline.plugins.use import in_use, use_too
from massivetext.pipeline.runtime.keys import code_of, key_of
from massivetext.pipeline.storage import files, layout, sealed
from massivetext.pipeline.storage.files import Written
from massivetext.schemas.tables import fingerprint

Causes = dict[str, str]
"""The fingerprints of the things that a stage depends on, by name."""


CODE, WORK = "its code", "the code of its work"


@dataclass(frozen=True)
class Finished:
    """A finished stage: what it depended on, what it wrote, and what it cost."""

    causes: Causes
    digest: str  # of the files that it wrote for others, and of its figures
    records: int  # of parts
    groups: list[str]  # steps
    files: list[Written]  # files that the command itself wrote, not a part
    parts: int
    seconds: float
    cpu_seconds: float  # of the command and all workers


@dataclass
class Manifest:
    """The state of one output folder."""

    configuration: dict[str, Any]
    versions: dict[str, str] = field(default_factory=dict)
    stages: dict[str, Finished] = field(default_factory=dict)
    limits: Found = field(default_factory=dict)  # limits that the run found for `auto` in the configuration
    plugins: list[dict[str, str]] = field(
        default_factory=list
    )  # by which each plugin of the configuration is found again
    tables: str = field(default_factory=fingerprint)  # of all schemas

    @property
    def asked(self) -> Config:
        """The configuration as it was given.

        This process uses its plugins from now on. Raises PluginError for a file that the user has not named.
        """
        use_too([found_again(place, in_use().all) for place in self.plugins])
        return Config.model_validate(self.configuration)

    @property
    def config(self) -> Config:
        """The configuration with the limits that the run found, by which documents were judged."""
        return resolved(self.asked, self.limits)

    def write(self, out: str) -> None:
        sealed.write(out, layout.MANIFEST, {**asdict(self), "tables": fingerprint()})

    def is_finished(self, stage: str, causes: Causes) -> bool:
        return stage in self.stages and self.stages[stage].causes == causes


def read(out: str) -> Manifest | None:
    """Read the manifest of an output folder; None if there is none. Raises DamagedError if it is damaged."""
    path = posixpath.join(out, layout.MANIFEST)
    if not files.exists(path):
        return None
    value = sealed.read(path)
    stages = dict(_finished(value["stages"]))
    return Manifest(
        value["configuration"],
        value["versions"],
        stages,
        value.get("limits", {}),
        value.get("plugins", []),
        value.get("tables", ""),
    )


def opened(out: str) -> Manifest:
    """Read the manifest for a command that reads an output. Raises ConfigError if the folder has none, or if another
    version made the output, whose tables have other columns."""
    state = read(out)
    if state is None:
        raise ConfigError(f"{out}: holds no run of massivetext ({layout.MANIFEST} is missing)")
    if state.tables != fingerprint():
        version = state.versions.get("massivetext", "of another version")
        raise ConfigError(
            f"{out}: was written by another massivetext ({version}), whose tables have other columns: read it with "
            "that version, or run the command that made it again, which replaces what has changed"
        )
    return state


def finished(out: str, *stages: str) -> Manifest:
    """Read the manifest like `opened`. Raises ConfigError, too, if one of these stages is not finished."""
    state = opened(out)
    for name in stages:
        if name not in state.stages:
            raise ConfigError(f"{out}: {name} is not finished: run `massivetext {name}` first")
    return state


def rewritten(out: str, written: Written) -> None:
    """Record that a command replaced one of a stage's files."""
    state = read(out)
    assert state is not None, "a stage is finished"
    for name, stage in state.stages.items():
        if written.path in [each.path for each in stage.files]:
            kept = [written if each.path == written.path else each for each in stage.files]
            state.stages[name] = replace(stage, files=kept)
    state.write(out)


def _finished(stages: dict[str, dict[str, Any]]) -> Iterator[tuple[str, Finished]]:
    for name, stage in stages.items():
        yield name, Finished(**{**stage, "files": [Written(**each) for each in stage["files"]]})


def causes(module: str, work: str, settings: dict[str, object], upstream: dict[str, str]) -> Causes:
    """Returns the causes of a stage: the code of its module and of its work, its settings, and the digests of the
    stages that it reads from."""
    return {
        CODE: code_of(module),
        WORK: code_of(work or module),
        **{f"`{name}`": key_of(value) for name, value in settings.items()},
        **upstream,
    }


def differences(old: object, new: object, name: str = "") -> Iterator[str]:
    """Yields the differences of two configurations, such as `quality.word_count.minimum: 50 -> 60`."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from differences(old.get(key), new.get(key), f"{name}.{key}" if name else key)
    elif old != new:
        yield f"{name}: {old} -> {new}"
