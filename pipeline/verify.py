"""Verify: does a finished run keep its promises? Everything is counted again from the files it wrote."""

from collections.abc import Callable, Iterator

from pipeline import layout, manifest
from pipeline.audit.groups import stored
from pipeline.config import Config
from pipeline.load import ConfigError
from pipeline.promises import content, documents, finished, kept, shards, weights
from pipeline.report.figures import figures, items, judges
from pipeline.report.stats import Stats
from pipeline.report.survey import Survey


def verify(out: str, say: Callable[[str], object] = str) -> list[str]:
    """What is wrong with a run's output; nothing where every promise holds.

    `say` hears what is checked next. Text is read a batch at a time; of every document 16 bytes are held.
    Raises ConfigError for a folder that holds no run.
    """
    state = manifest.read(out)
    if state is None:
        raise ConfigError(f"{out}: holds no run of massivetext ({layout.MANIFEST} is missing)")
    for promise, breaches in (
        ("every stage is finished", finished.stages(state)),
        ("every file is as it was written", finished.unchanged(out)),
    ):
        say(promise)
        if found := list(breaches):
            return found  # what the files hold cannot be relied on: to count it would only confuse
    found = []
    for promise, breaches in _promises(out, Config.model_validate(state.configuration)):
        say(promise)
        found += breaches
    return found


def _promises(out: str, config: Config) -> Iterator[tuple[str, Iterator[str]]]:
    yield "read = kept + removed + failed", documents.accounted(out, config)
    yield "no id stands twice", documents.told_apart(out, config)
    yield "as many documents went as the figures say", kept.counted(out, config)
    seen = kept.look(out, config)
    yield "every duplicate has a survivor that is kept", kept.survivors(out, config, seen)
    yield "what is kept is tokenized, and nothing else", kept.tokenized(out, config)
    yield "the index names kept documents only", shards.indexed(out, config, seen)
    yield "the shards hold what the index says", shards.written(out, config)
    yield "no document is in validation and in training", shards.held_out(out)
    yield "sequences hold the tokens of their documents", content.identical(out, config)
    yield "each source has its weight", weights.proportioned(out, config)
    yield "the report says what the files hold", finished.figures(out, _recomputed(out, config))


def _recomputed(out: str, config: Config) -> Stats:
    survey = Survey(out, config.seed, dict(judges(config)), config.audit, stored(out))
    return figures(out, ((item, survey.survey(item)) for item in items(out, config)), runner="")
