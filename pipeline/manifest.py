"""manifest.json: what a run's output was made from, and which stages are finished."""

import posixpath
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from pipeline import files, layout
from pipeline.parts import key_of
from pipeline.versions import code


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
    return Manifest(value["configuration"], value["versions"], stages)


def stage_key(stage: str, settings: object, upstream: list[str]) -> str:
    """The fingerprint of a stage: its code, its part of the configuration, and the stages it reads from."""
    return key_of(stage, code(), settings, upstream)
