"""Curate: read -> extract -> measure -> judge. Text in, candidates and removals out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from massivetext.filters.families import FAMILIES
from massivetext.filters.families.family import Mask, Rule
from massivetext.filters.judge import judge, reasons
from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.filters.language.language import identify, labels, matches
from massivetext.filters.measure.code import measure_code
from massivetext.filters.measure.measure import measure
from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.curate import Language
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.rules import Judges, judges
from massivetext.pipeline.read.batches import read
from massivetext.pipeline.read.divide import divide
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.settings import Columns, Limits
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages.curate.blocklists import BlocklistFiles
from massivetext.pipeline.stages.curate.content import Content
from massivetext.pipeline.stages.curate.figures import count_failures, count_skipped, count_verdicts
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.origin import Origin
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.storage.parquet import writers
from massivetext.schemas.document import CANDIDATE, LANGUAGE, REMOVED
from massivetext.schemas.failure import FAILURE
from massivetext.schemas.measurement import CODE, MEASUREMENT

NAME = "curate"
PART_FILES = 1000  # small files share a part


@dataclass(frozen=True)
class Files:
    """The item of a part: some files of one source."""

    part: int
    source: str
    kind: str
    origins: tuple[Origin, ...]


def group(source: str, kind: str, origins: Sequence[Origin], part_bytes: int, first_part: int) -> list[Files]:
    """Neighbouring small files share a part; a large file has one of its own, or several where it can be divided.

    This depends on the files and `part_bytes` alone, so that parts are the same whoever works on them.
    """
    items: list[Files] = []
    taken: list[Origin] = []
    size = 0
    for origin in divide(kind, origins, part_bytes):
        if taken and (size + origin.bytes > part_bytes or len(taken) == PART_FILES):
            items.append(Files(first_part + len(items), source, kind, tuple(taken)))
            taken, size = [], 0
        taken.append(origin)
        size += origin.bytes
    if taken:
        items.append(Files(first_part + len(items), source, kind, tuple(taken)))
    return items


@dataclass(frozen=True)
class Curate:
    """Works on one part. `rules` holds those that judge each source, in the order of `removed_by`.

    Figures: those of pipeline.stages.curate.figures; input (files that begin here, and bytes on disk).
    """

    rules: Judges
    columns: dict[str, Columns]
    contents: dict[str, Content]
    limits: Limits
    language_model: tuple[str, str] | None  # its path and SHA-256
    count_first: bool  # whether the first copy of a duplicate line or paragraph counts as one

    def __call__(self, item: Files, output: Output) -> Tally:
        tally = Tally()
        source = item.source
        begun = sum(origin.span.holds(0) for origin in item.origins)
        tally.add(source, "input", "", begun, sum(origin.bytes for origin in item.origins))
        tables = {
            layout.documents(source, item.part): CANDIDATE,
            layout.removed(source, item.part): REMOVED,
            layout.failed(item.part): FAILURE,
        }
        with writers(output, tables) as (kept, removed, failed):
            for reading in read(source, item.kind, item.origins, self.limits, self.columns[source]):
                failed.write(reading.failures)
                count_failures(tally, source, reading.failures)
                count_skipped(tally, source, reading.skipped)
                if reading.documents.num_rows == 0:
                    continue
                batch = self._measured(reading.documents, item)
                rules = self.rules[source]
                verdicts = judge(batch, rules)
                is_removed = verdicts.any(axis=1)
                kept.write(batch.filter(pa.array(~is_removed)))
                if is_removed.any():
                    removed.write(
                        _with_reasons(batch.filter(pa.array(is_removed)), verdicts[is_removed], rules)
                    )
                count_verdicts(tally, source, batch, rules, verdicts)
        return tally

    def _measured(self, documents: pa.RecordBatch, item: Files) -> pa.RecordBatch:
        content = self.contents[item.source]
        documents, masked = content.rewrite(documents)
        if not KINDS[item.kind].is_prose:
            measured = [*_nulls(documents, LANGUAGE, MEASUREMENT), *measure_code(documents).columns]
        else:
            model = self.language_model and Path(files.local(*self.language_model))
            language = identify(documents, model)
            measurement = measure(documents, count_first=self.count_first)
            measured = [*language.columns, *measurement.columns, *_nulls(documents, CODE)]
        measured += [*content.measure(documents), *masked, content.listed(documents)]
        sizes = pa.array(text_bytes(documents))
        return pa.RecordBatch.from_arrays([*documents.columns, sizes, *measured], schema=CANDIDATE)


def _nulls(documents: pa.RecordBatch, *schemas: pa.Schema) -> list[pa.Array]:
    return [pa.nulls(documents.num_rows, field.type) for schema in schemas for field in schema]


def _with_reasons(batch: pa.RecordBatch, verdicts: Mask, rules: Sequence[Rule]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([*batch.columns, *reasons(verdicts, rules)], schema=REMOVED)


def run(run: Run) -> int:
    """Read, measure and judge every file of every source."""
    items: list[Files] = []
    for name, origins in run.origins.items():
        items += group(name, run.config.sources[name].kind, origins, run.config.part_bytes, len(items))
    config = run.config
    work = Curate(
        rules=judges(config),
        columns={name: source.columns for name, source in config.sources.items()},
        contents=contents(run),
        limits=config.limits,
        language_model=language_model(run),
        count_first=config.repetition.duplicates == "all",
    )
    run.work_on(NAME, items, work, size=lambda item: sum(origin.bytes for origin in item.origins))
    return len(items)


def contents(run: Run) -> dict[str, Content]:
    """The options that concern the content of each source."""
    config, lists = run.config, blocklists(run)
    return {
        name: Content(
            config.text.normalise == "nfc",
            config.text.mojibake,
            config.masked(name),
            config.seed,
            lists if config.blocklist.is_given and name in config.judged("blocklist") else None,
        )
        for name in config.sources
    }


def blocklists(run: Run) -> BlocklistFiles:
    paths = {
        key: path and inputs.existing(run.loaded, path, "blocklist", key)
        for key in ("domains", "urls")
        for path in [getattr(run.config.blocklist, key)]
    }
    return BlocklistFiles(**paths)


def language_model(run: Run) -> tuple[str, str] | None:
    """The path and SHA-256 of the model that is configured."""
    model = run.config.language.model
    if model is None:
        return None
    path = inputs.existing(run.loaded, model, "language", "model")
    return path, files.sha256(path)


def _check_languages(run: Run, model: tuple[str, str] | None) -> None:
    """Raises ConfigError where the model cannot be read, or knows none of a language that is to be kept."""
    language = run.config.language
    if language == Language(sources=language.sources, minimum_probability=language.minimum_probability):
        return  # the bundled model, and what is kept by default: they agree, so the model need not be read
    try:
        known = labels(model and Path(files.local(*model)))
    except ValueError as error:
        raise ConfigError(f"{run.loaded.where('language', 'model')}: {error}") from error
    for index, name in enumerate(language.keep):
        if not any(matches(label, name) for label in known):
            raise ConfigError(
                f"{run.loaded.where('language', 'keep', index)}: the model knows no language `{name}`: expected an "
                f"ISO 639 code, or a label of its own, such as {', '.join(known[:3])}"
            )


def _settings(run: Run) -> dict[str, object]:
    config = run.config
    model = language_model(run)
    _check_languages(run, model)
    lists = blocklists(run)
    return {
        "text": config.text,
        "mask": (config.mask, config.mask.kinds and config.seed),
        "robots": config.robots,
        "blocklist": (
            config.blocklist,
            [path and files.sha256(path) for path in (lists.domains, lists.urls)],
        ),
        "sources": config.sources,
        "limits": config.limits,
        "part_bytes": config.part_bytes,
        "language": (config.language, model and model[1]),
        **{name: config.limit_section(name) for name, family in FAMILIES.items() if family.limits},
        "licence": config.licence,
        "input files": run.origins,
    }


STAGE = Stage(NAME, (), _settings, ("documents", "removed", "failed"), run)
