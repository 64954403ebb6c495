"""The stage curate: read -> extract -> measure -> judge. Reads raw text, and writes documents and verdicts."""

from collections.abc import Iterator

from massivetext.filters.families import FAMILIES
from massivetext.filters.language.language import MODEL, matches
from massivetext.filters.measure.stop_words import StopWords
from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.curate import Language
from massivetext.pipeline.config.found import is_sought
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import judges
from massivetext.pipeline.config.source import Source
from massivetext.pipeline.plugins.use import code_of
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.runtime.parts import unfinished
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.steps import Planned
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.curate import find_limits, judge, sites
from massivetext.pipeline.stages.curate.blocklists import BlocklistFiles
from massivetext.pipeline.stages.curate.content import Content
from massivetext.pipeline.stages.curate.curate import Curate
from massivetext.pipeline.stages.curate.judge import Judge, PlanJudging, ThenJudge
from massivetext.pipeline.stages.curate.languages import LanguageModel, Languages, classifier
from massivetext.pipeline.stages.curate.parts import Files, parts
from massivetext.pipeline.stages.curate.sites import Sites
from massivetext.pipeline.storage import files, layout, sealed

NAME = names.CURATE
INPUT = "input files"
_READ = layout.work(NAME, "read.json")


def run(run: Run) -> int:
    """Read, measure and judge every file of every source."""
    items = items_of(run)
    _find_sites(run, items)
    config = _find_limits(run, items) if is_sought(run.config) else run.config
    work = work_of(run, config)
    judging = run.step(judge.STEP, Judge(run.out, work.rules))
    with run.together(NAME, is_last=True):
        run.work_on(NAME, items, work, size=_size, then=ThenJudge(judging))
        run.plan(Planned(judge.STEP, PlanJudging(run.out, judging)))
    run.keep(sealed.write(run.out, _READ, _read(run)))
    return len(items)


def to_read(run: Run) -> tuple[int, int]:
    """Returns how many parts a run would read and measure, and how many there are."""
    items = items_of(run)
    return len(unfinished(run.out, run.step(NAME, work_of(run, run.config)), items)), len(items)


def _find_sites(run: Run, items: list[Files]) -> None:
    """Collect the statements of sites from their own files, if the configuration asks for it."""
    if not run.config.robots.asks_sites:
        return
    judged = run.config.judged("robots")
    own = [item for item in items if item.source in judged]
    given = parts([("robots", "web", inputs.site_records(run.loaded))], run.config.part_bytes)
    chosen = list({item.part: item for item in (*given, *own)}.values())
    run.work_on(sites.STEP, chosen, Sites(tuple(run.config.robots.agents), run.config.limits), size=_size)
    stated = sites.stated(run.out, [item.part for item in chosen])
    if not stated.num_rows:
        run.display.warn(
            "robots: no robots.txt, tdmrep.json or ai.txt is among the WARC records of "
            f"{', '.join(judged) or 'any source'}, so no page is removed for one: give the WARC files that hold them "
            "as robots.records"
        )
    run.keep(sites.merge(run.out, stated))


def _find_limits(run: Run, items: list[Files]) -> Config:
    """Finds the limits for `auto`, and keeps them in the manifest. Returns the configuration with them."""
    state = manifest.read(run.out)
    assert state is not None, "a run has a manifest"
    state.limits = find_limits.find(run, items, work_of(run, run.config))
    state.write(run.out)
    return state.config


def work_of(run: Run, config: Config) -> Curate:
    """Returns the work on a part, for a configuration with all limits."""
    return Curate(
        rules=judges(config),
        columns=run.columns,
        contents=contents(run),
        pages={name: source.pages for name, source in config.sources.items()},
        limits=config.limits,
        languages=Languages(
            language_model(run), config.seed, bundled=_bundled_model(run), reading=config.language.reading
        ),
        count_first=config.repetition.duplicates == "all",
        stop_words=StopWords(config.quality.stop_words),
        plugins={name: _plugins(source.kind) for name, source in config.sources.items()},
    )


def _plugins(kind: str) -> tuple[str, ...]:
    """Returns the code of the plugins that a source of this kind depends on: its reader, and all that measure."""
    return (*code_of("families", FAMILIES), *code_of("kinds", [kind]))


def changed_inputs(run: Run) -> Iterator[str]:
    """Yields a line for each file that was read, and is gone or has another size now: its results would change."""
    path = run.path(_READ)
    before = sealed.read(path) if files.exists(path) else {}
    now = _read(run)
    for source, sizes in before.items():
        for name, size in sizes.items():
            found = now.get(source, {}).get(name)
            if found is None:
                yield f"source {source}: {name} was read, but is no longer among its files"
            elif found != size:
                yield f"source {source}: {name} has {found:,} bytes now, and had {size:,} when it was read"


def _read(run: Run) -> dict[str, dict[str, int]]:
    """Returns the sizes of the files of every source, by name."""
    return {
        source: {origin.name: origin.bytes for origin in origins} for source, origins in run.origins.items()
    }


def items_of(run: Run) -> list[Files]:
    """Returns the parts of all input files."""
    sources = ((name, run.config.sources[name].kind, origins) for name, origins in run.origins.items())
    return parts(sources, run.config.part_bytes)


def _size(item: Files) -> int:
    return sum(origin.work for origin in item.origins)


def contents(run: Run) -> dict[str, Content]:
    """Returns the options that change or measure the texts of each source."""
    config, lists = run.config, blocklists(run)
    stated = sites.merged(run.out) if config.robots.asks_sites else None
    return {
        name: Content(
            config.text.normalise == "nfc",
            config.text.mojibake,
            config.masked(name),
            config.seed,
            lists if config.blocklist.is_given and name in config.judged("blocklist") else None,
            tuple(one for one, family in FAMILIES.items() if family.rewrite and name in config.judged(one)),
            stated if name in config.judged("robots") else None,
        )
        for name in config.sources
    }


def blocklists(run: Run) -> BlocklistFiles:
    paths = {
        key: path and inputs.existing(run.loaded, path, "blocklist", key)
        for key in ("domains", "urls")
        for path in [getattr(run.config.blocklist, key)]
    }
    return BlocklistFiles(**paths, sha256=tuple(path and files.sha256(path) for path in paths.values()))


def language_model(run: Run) -> LanguageModel | None:
    """Returns the configured model, or None for the bundled one."""
    model = run.config.language.model
    if model is None:
        return None
    path = inputs.existing(run.loaded, model, "language", "model")
    return LanguageModel(path, files.sha256(path))


def _bundled_model(run: Run) -> str:
    """Returns the SHA-256 of the bundled model, or "" if another is configured."""
    return "" if run.config.language.model else files.sha256(str(MODEL))


def _check_languages(run: Run, model: LanguageModel | None) -> None:
    """Raises ConfigError if the model cannot be read, or does not know a language that the configuration names."""
    language = run.config.language
    own = language.minimum_probability if isinstance(language.minimum_probability, dict) else {}
    if language.model is None and language.keep == Language().keep and not own:
        return  # the bundled model knows the default languages, so it need not be read
    try:
        known = classifier(model.local() if model else MODEL).labels
    except ValueError as error:
        raise ConfigError(f"{run.loaded.where('language', 'model')}: {error}") from error
    named: list[tuple[str, tuple[str | int, ...]]] = [
        *((name, ("keep", index)) for index, name in enumerate(language.keep)),
        *((name, ("minimum_probability", name)) for name in own),
    ]
    for name, key in named:
        if not any(matches(label, name) for label in known):
            raise ConfigError(
                f"{run.loaded.where('language', *key)}: the model does not know the language `{name}`: expected an "
                f"ISO 639 code, or one of its labels, such as {', '.join(known[:3])}"
            )


def _of_source(source: Source) -> object:
    """Returns the settings of a source that change how it is read: not its part in the mix, nor its files' paths."""
    return source.model_dump(exclude={"weight", "split", "together", "paths"})


def _settings(run: Run) -> dict[str, object]:
    config = run.config
    model = language_model(run)
    _check_languages(run, model)
    lists = blocklists(run)
    return {
        "text": config.text,
        "mask": (config.mask, config.mask.kinds and config.seed),
        "robots": (config.robots, inputs.site_records(run.loaded)),
        "blocklist": (config.blocklist, lists),
        "sources": {name: _of_source(source) for name, source in config.sources.items()},
        "limits": config.limits,
        "part_bytes": config.part_bytes,
        "language": (config.language, model, _bundled_model(run)),
        **{name: config.limit_section(name) for name, family in FAMILIES.items() if family.limits},
        "licence": config.licence,
        "columns": run.columns,
        "plugins": {name: _plugins(source.kind) for name, source in config.sources.items()},
        INPUT: run.origins,
    }


STAGE = Stage(NAME, (), _settings, ("documents", "verdicts", "failed"), run, Curate.__module__)
