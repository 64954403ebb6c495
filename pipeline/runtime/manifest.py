"""manifest.json: what a run's output was made from, and which stages are finished."""

import posixpath
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from massivetext.pipeline.config.found import Found, resolved
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.parts import key_of
from massivetext.pipeline.runtime.versions import code
from massivetext.pipeline.storage import files, layout


@dataclass(frozen=True)
class Finished:
    """A finished stage: the fingerprint of all it depended on, its parts, and what it took."""

    key: str
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

    @property
    def config(self) -> Config:
        """The configuration that judges the documents, with the limits that were found."""
        return resolved(Config.model_validate(self.configuration), self.limits)

    def write(self, out: str) -> None:
        files.write_bytes(out, layout.MANIFEST, orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2))

    def is_finished(self, stage: str, key: str) -> bool:
        return stage in self.stages and self.stages[stage].key == key


def read(out: str) -> Manifest | None:
    """The manifest of an output folder, or None where there is none."""
    path = posixpath.join(out, layout.MANIFEST)
    if not files.exists(path):
        return None
    value = orjson.loads(files.read_bytes(path))
    stages = {name: Finished(**stage) for name, stage in value["stages"].items()}
    return Manifest(value["configuration"], value["versions"], stages, value.get("limits", {}))


Causes = dict[str, str]
"""What a stage depends on, by name, each as a fingerprint."""


def causes(settings: dict[str, object], upstream: dict[str, str]) -> Causes:
    """Those of a stage: the code, its settings, and the stages it reads from with their keys."""
    return {
        "the code": key_of(code()),
        **{f"`{name}`": key_of(value) for name, value in settings.items()},
        **upstream,
    }


def stage_key(stage: str, causes: Causes) -> str:
    """The fingerprint of a stage: of all it depends on."""
    return key_of(stage, causes)


def differences(old: object, new: object, name: str = "") -> Iterator[str]:
    """How two configurations differ, as `quality.word_count.minimum: 50 -> 60`."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from differences(old.get(key), new.get(key), f"{name}.{key}" if name else key)
    elif old != new:
        yield f"{name}: {old} -> {new}"
