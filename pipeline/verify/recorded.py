"""Every file that a stage recorded stands as it was written, and no others stand beside them."""

import posixpath
from collections.abc import Iterator

from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.runtime.parts import read_record
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.files import Written

_RECORDED = ("documents", "verdicts", "failed", "duplicates", "contaminated", "tokens", "shards")


def stages(state: manifest.Manifest) -> Iterator[str]:
    """Every stage is finished."""
    for name in names.NAMES:
        if name not in state.stages:
            yield f"{layout.MANIFEST}: the stage {name} is not finished"


def unchanged(out: str) -> Iterator[str]:
    """Size and SHA-256 of every recorded file; every file of a stage's folders is recorded."""
    recorded = set()
    for written in _written(out):
        recorded.add(written.path)
        yield from _changed(out, written)
    for folder in _RECORDED:
        for path, _ in files.match(posixpath.join(out, folder, "**")):
            inside = path[len(out) :].lstrip("/")
            if inside not in recorded:
                yield f"{inside}: no stage of this run wrote it"


def _written(out: str) -> Iterator[Written]:
    for path, _ in files.match(posixpath.join(out, ".work", "**", "part-*.json")):
        step = posixpath.dirname(path)[len(posixpath.join(out, ".work")) :].strip("/")
        record = read_record(out, step, layout.part_of(path))
        if record is not None:
            yield from record.files


def _changed(out: str, written: Written) -> Iterator[str]:
    path = posixpath.join(out, written.path)
    if not files.exists(path):
        yield f"{written.path}: missing"
    elif files.sha256(path) != written.sha256:
        size = next((size for _, size in files.match(path)), 0)
        yield f"{written.path}: changed since it was written ({size:,} bytes, recorded: {written.bytes:,})"


def figures(out: str, again: Stats) -> Iterator[str]:
    """report/stats.json says what a recomputation says; the times and the runner are the run's own."""
    path = posixpath.join(out, layout.STATS)
    if not files.exists(path):
        yield f"{layout.STATS}: missing"
        return
    stored = Stats.model_validate_json(files.read_bytes(path))
    for name in Stats.model_fields:
        if name != "facts" and getattr(stored, name) != getattr(again, name):
            yield f"{layout.STATS}: `{name}` differs from what the files hold"
