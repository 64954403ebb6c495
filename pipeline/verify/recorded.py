"""Checks that every file that a stage recorded is unchanged, and that there are no others beside them."""

import posixpath
from collections.abc import Iterator

from massivetext.pipeline.plugins.find import FOLDER as PLUGINS
from massivetext.pipeline.runtime import groups, manifest
from massivetext.pipeline.runtime.parts import record_of
from massivetext.pipeline.stages.report import history
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.stages.wanted import wanted
from massivetext.pipeline.storage import arrays, files, layout, sealed
from massivetext.pipeline.storage.files import Written
from massivetext.pipeline.storage.sealed import DamagedError
from massivetext.pipeline.summary.summary import FOLDER as SUMMARY

_OF_COMMANDS = (f"{PLUGINS}/", f"{SUMMARY}/", *layout.AGAINST)
"""The files that commands other than stages write into an output."""


def stages(state: manifest.Manifest) -> Iterator[str]:
    """Check that every stage that the configuration asks for is finished."""
    for name in wanted(state.asked):
        if name not in state.stages:
            yield f"{layout.MANIFEST}: the stage {name} is not finished"


def caused(state: manifest.Manifest) -> Iterator[str]:
    """Check that every stage was made from the last results of the stages that it reads from."""
    for name, stage in state.stages.items():
        for before, finished in state.stages.items():
            if before in stage.causes and stage.causes[before] != finished.digest:
                yield f"{layout.MANIFEST}: {before} ran again after {name}, which was made from its earlier results"


def unchanged(out: str) -> Iterator[str]:
    """Check the size and SHA-256 of every recorded file, and that there is no other file in OUT."""
    recorded = {layout.MANIFEST, layout.WITHDRAWN, layout.HISTORY}
    for found in _written(out):
        if isinstance(found, str):
            yield found
        else:
            recorded.add(found.path)
            yield from _changed(out, found)
    yield from history.breaches(out)
    yield from _grouped(out)
    yield from _foreign(out, recorded | _of_groups(out))


def _foreign(out: str, known: set[str]) -> Iterator[str]:
    """Yields files that this run did not write, with those in its folder of work files."""
    for pattern in ("**", f"{layout.WORK}/**"):
        for path, _ in files.match(posixpath.join(out, pattern)):
            inside = path[len(out) :].lstrip("/")
            if inside not in known and not layout.is_record(inside) and not inside.startswith(_OF_COMMANDS):
                yield f"{inside}: no stage of this run wrote it"


def _of_groups(out: str) -> set[str]:
    """Yields the files of groupings."""
    state = manifest.read(out)
    steps = [step for stage in state.stages.values() for step in stage.groups] if state else []
    return {name for step in steps if (grouped := groups.read(out, step)) for name in grouped.files}


def _written(out: str) -> Iterator[Written | str]:
    """Returns every file that a record or the manifest names, and the faults of records."""
    root = posixpath.join(out, layout.WORK, "")
    for path, _ in files.match(posixpath.join(out, layout.WORK, "**", "part-*.json")):
        try:
            yield from record_of(sealed.read(path)).files
        except DamagedError as error:
            yield str(error)
    state = manifest.read(out)
    for name, stage in state.stages.items() if state else ():
        yield from stage.files
        found = len(files.match(posixpath.join(root, name, "**", "part-*.json")))
        if found != stage.records:
            yield f"{layout.work(name, '')}: {found:,} records of parts, but {stage.records:,} were written"


def _grouped(out: str) -> Iterator[str]:
    """Check that the files of groupings are there, with the hash that each contains."""
    state = manifest.read(out)
    for stage in state.stages.values() if state else ():
        for step in stage.groups:
            grouped = groups.read(out, step)
            if grouped is None:
                yield f"{step}: its record is missing or damaged"
                continue
            sizes = files.sizes(out, grouped.files)
            for name, size in grouped.files.items():
                if sizes.get(name) != size:
                    yield f"{name}: missing, or not of {size:,} bytes"
                    continue
                try:
                    arrays.load(posixpath.join(out, name))
                except DamagedError as error:
                    yield str(error)


def _changed(out: str, written: Written) -> Iterator[str]:
    path = posixpath.join(out, written.path)
    if not files.exists(path):
        yield f"{written.path}: missing"
    elif files.sha256(path) != written.sha256:
        size = next((size for _, size in files.match(path)), 0)
        yield f"{written.path}: changed since it was written ({size:,} bytes, recorded: {written.bytes:,})"


def figures(out: str, again: Stats) -> Iterator[str]:
    """Check that report/stats.json equals a recomputation, except the times and the runner."""
    path = posixpath.join(out, layout.STATS)
    if not files.exists(path):
        yield f"{layout.STATS}: missing"
        return
    stored = Stats.model_validate_json(files.read_bytes(path))
    for name in Stats.model_fields:
        if name != "facts" and getattr(stored, name) != getattr(again, name):
            yield f"{layout.STATS}: `{name}` differs from the figure that the files give"
