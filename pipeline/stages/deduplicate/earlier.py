"""Earlier runs, against which a new one is deduplicated. Their signatures are used again, and their documents stay."""

import os
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.runtime.candidates import candidates
from massivetext.pipeline.runtime.stage import Run
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.deduplicate import signatures
from massivetext.pipeline.stages.deduplicate.rows import Rank
from massivetext.pipeline.stages.deduplicate.signed_part import SignedPart
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.files import Written

STAGE = names.DEDUPLICATE
_FOLDERS = layout.work(STAGE, "against.json")


@dataclass(frozen=True)
class Earlier:
    """The output of an earlier run."""

    name: str  # as configured
    folder: str
    sources: tuple[str, ...]
    key: str  # the digest of its finished stage


def find(run: Run) -> list[Earlier]:
    """Returns the outputs that `deduplicate.against` names. Raises ConfigError if one cannot be compared with."""
    return [_find(run, index, name) for index, name in enumerate(run.config.deduplicate.against)]


def _find(run: Run, index: int, name: str) -> Earlier:
    where = run.loaded.where(STAGE, "against", index)
    folder = _absolute(run.loaded.resolve(name))
    if folder == _absolute(run.out):
        raise ConfigError(f"{where}: {name} is this run's own output: leave it out")
    state = manifest.read(folder)
    if state is None or STAGE not in state.stages:
        raise ConfigError(f"{where}: {folder} holds no run of massivetext with a finished stage {STAGE}")
    config = state.config
    for key in ("permutations", "shingle"):
        theirs, ours = (getattr(of.deduplicate, key) for of in (config, run.config))
        if theirs != ours:
            raise ConfigError(
                f"{where}: {name} was made with {STAGE}.{key} {theirs}, not {ours}: signatures can be compared only "
                f"if both are the same: set {STAGE}.{key} to {theirs}"
            )
    probe = posixpath.join(folder, signatures.PROBE)
    ours = signatures.probe(run.config.deduplicate.permutations, run.config.deduplicate.shingles)
    if not files.exists(probe) or files.read_bytes(probe).decode() != ours:
        raise ConfigError(
            f"{where}: {name} was made by a version of massivetext whose signatures cannot be compared with those of "
            "this version: run it again with this version"
        )
    return Earlier(name, folder, tuple(config.sources), state.stages[STAGE].digest)


def _absolute(path: str) -> str:
    return path.rstrip("/") if files.is_remote(path) else os.path.abspath(path)


def parts(earlier: list[Earlier], first: int) -> Iterator[SignedPart]:
    """The signed parts of earlier outputs, numbered from `first` on."""
    for index, output in enumerate(earlier):
        paths = files.match(posixpath.join(output.folder, layout.work(signatures.STEP, "part-*.parquet")))
        signed = {layout.part_of(path) for path, _ in paths}
        for item in candidates(output.folder, output.sources):
            if item.part in signed:
                holds = f"{item.holds} {output.key}"
                yield SignedPart(
                    first, Rank.EARLIER, item.source, item.bytes, holds, item.part, index, output.folder
                )
                first += 1


def remember(out: str, earlier: list[Earlier]) -> Written:
    """Write the folders of the outputs to a file, for readers who look up the survivors that duplicates/ names."""
    return files.write_bytes(out, _FOLDERS, orjson.dumps({output.name: output.folder for output in earlier}))


def folders(out: str) -> Mapping[str, str]:
    """Returns the folders of the earlier outputs, by their names in duplicates/."""
    path = posixpath.join(out, _FOLDERS)
    found: dict[str, str] = orjson.loads(files.read_bytes(path)) if files.exists(path) else {}
    return found
