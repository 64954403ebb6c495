"""Curate: read -> extract -> measure -> judge. Text in, documents and verdicts out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from massivetext.filters.families import FAMILIES
from massivetext.filters.language.language import MODEL, matches
from massivetext.filters.measure.stop_words import StopWords
from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.curate import Language
from massivetext.pipeline.config.found import is_sought
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import judges
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.runtime.parts import Record, Step
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.stages.curate import find_limits, judge
from massivetext.pipeline.stages.curate.blocklists import BlocklistFiles
from massivetext.pipeline.stages.curate.content import Content
from massivetext.pipeline.stages.curate.curate import Curate
from massivetext.pipeline.stages.curate.judge import Judge, Measured
from massivetext.pipeline.stages.curate.languages import Languages, classifier
from massivetext.pipeline.stages.curate.parts import Files, group
from massivetext.pipeline.storage import files, layout

NAME = "curate"


def run(run: Run) -> int:
    """Read, measure and judge every file of every source."""
    items: list[Files] = []
    for name, origins in run.origins.items():
        items += group(name, run.config.sources[name].kind, origins, run.config.part_bytes, len(items))
    config = _find_limits(run, items) if is_sought(run.config) else run.config
    work = _work(run, config)
    rules = work.rules
    judging = run.step(judge.STEP, Judge(run.out, rules))
    records = run.work_on(NAME, items, work, size=_size, then=ThenJudge(judging))
    run.work_on(judge.STEP, list(judged(zip(items, records, strict=True))), judging.work)
    return len(items)


def _find_limits(run: Run, items: list[Files]) -> Config:
    """The configuration with the limits that are found for it, which the manifest keeps."""
    state = manifest.read(run.out)
    assert state is not None, "a run has a manifest"
    state.limits = find_limits.find(run, items, _work(run, run.config))
    state.write(run.out)
    return state.config


def _work(run: Run, config: Config) -> Curate:
    """The work on a part, by a configuration whose limits are found."""
    return Curate(
        rules=judges(config),
        columns=run.columns,
        contents=contents(run),
        limits=config.limits,
        languages=Languages(language_model(run), config.seed),
        count_first=config.repetition.duplicates == "all",
        stop_words=StopWords(config.quality.stop_words),
    )


def _size(item: Files) -> int:
    return sum(origin.bytes for origin in item.origins)


def judged(parts: Iterable[tuple[Files, Record]]) -> Iterator[Measured]:
    """The parts to judge: those that hold documents."""
    for item, record in parts:
        name = layout.documents(item.source, item.part)
        for written in record.files:
            if written.path == name:
                yield Measured(item.part, item.source, written.sha256)


@dataclass(frozen=True)
class ThenJudge:
    """A worker that measured a part judges it too, so that a first run needs no second pipeline for that."""

    step: Step

    def __call__(self, item: Files, record: Record) -> Iterator[tuple[Step, Measured]]:
        for measured in judged([(item, record)]):
            yield self.step, measured


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
    own = language.minimum_probability if isinstance(language.minimum_probability, dict) else {}
    if language.model is None and language.keep == Language().keep and not own:
        return  # the bundled model, and what is kept by default: they agree, so the model need not be read
    try:
        known = classifier(Path(files.local(*model)) if model else MODEL).labels
    except ValueError as error:
        raise ConfigError(f"{run.loaded.where('language', 'model')}: {error}") from error
    named: list[tuple[str, tuple[str | int, ...]]] = [
        *((name, ("keep", index)) for index, name in enumerate(language.keep)),
        *((name, ("minimum_probability", name)) for name in own),
    ]
    for name, key in named:
        if not any(matches(label, name) for label in known):
            raise ConfigError(
                f"{run.loaded.where('language', *key)}: the model knows no language `{name}`: expected an "
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
        "columns": run.columns,
        "input files": run.origins,
    }


STAGE = Stage(NAME, (), _settings, ("documents", "verdicts", "failed"), run)
