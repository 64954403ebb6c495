"""manifest.json: what a run's output was made from, and which stages are finished."""

import posixpath
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from massivetext.pipeline.config.found import Found, resolved
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.plugins.find import found_again
from massivetext.pipeline.plugins.use import use_too
from massivetext.pipeline.runtime.keys import code_of, key_of
from massivetext.pipeline.storage import files, layout, sealed
from massivetext.pipeline.storage.files import Written
from massivetext.schemas.tables import fingerprint

Causes = dict[str, str]
"""What a stage depends on, by name, each as a fingerprint."""


CODE, WORK = "its code", "the code of its work"


@dataclass(frozen=True)
class Finished:
    """A finished stage: what it depended on, what it left, and what it took."""

    causes: Causes
    digest: str  # of the files it left for others, and of what it counted
    records: int  # of parts
    groups: list[str]  # steps
    files: list[Written]  # that no part wrote, but the command itself
    parts: int
    seconds: float
    cpu_seconds: float  # of the command and all workers


@dataclass
class Manifest:
    """The state of one output folder."""

    configuration: dict[str, Any]
    versions: dict[str, str] = field(default_factory=dict)
    stages: dict[str, Finished] = field(default_factory=dict)
    limits: Found = field(default_factory=dict)  # that the run found, where the configuration says `auto`
    plugins: list[dict[str, str]] = field(default_factory=list)  # where each of the configuration's is found
    tables: str = field(default_factory=fingerprint)  # of all schemas

    @property
    def asked(self) -> Config:
        """The configuration as it was given; its plugins are in use from now on."""
        use_too([*map(found_again, self.plugins)])
        return Config.model_validate(self.configuration)

    @property
    def config(self) -> Config:
        """The configuration that judges the documents, with the limits that were found."""
        return resolved(self.asked, self.limits)

    def write(self, out: str) -> None:
        sealed.write(out, layout.MANIFEST, {**asdict(self), "tables": fingerprint()})

    def is_finished(self, stage: str, causes: Causes) -> bool:
        return stage in self.stages and self.stages[stage].causes == causes


def read(out: str) -> Manifest | None:
    """The manifest of an output folder, or None where there is none; raises DamagedError for one that is not whole."""
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
    """The manifest of an output that a command reads; raises ConfigError for a folder that holds none, or an output of
    another version, whose tables have other columns."""
    state = read(out)
    if state is None:
        raise ConfigError(f"{out}: holds no run of massivetext ({layout.MANIFEST} is missing)")
    if state.tables != fingerprint():
        version = state.versions.get("massivetext", "of another version")
        raise ConfigError(
            f"{out}: was written by another massivetext ({version}), whose tables have other columns: read it with "
            "that one, or give the command that made it again, which makes anew what has changed"
        )
    return state


def rewritten(out: str, written: Written) -> None:
    """Note that a command wrote one of a stage's files anew."""
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
    """Those of a stage: the code of its module and of its work, its settings, and what the stages left that it reads
    from."""
    return {
        CODE: code_of(module),
        WORK: code_of(work or module),
        **{f"`{name}`": key_of(value) for name, value in settings.items()},
        **upstream,
    }


def differences(old: object, new: object, name: str = "") -> Iterator[str]:
    """How two configurations differ, as `quality.word_count.minimum: 50 -> 60`."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from differences(old.get(key), new.get(key), f"{name}.{key}" if name else key)
    elif old != new:
        yield f"{name}: {old} -> {new}"
