"""Verify: checks whether a finished run keeps its promises, by counting everything again in its files."""

from collections.abc import Callable, Iterator

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import judges
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.stages.report.figures.assemble import figures, items
from massivetext.pipeline.stages.report.groups import stored, stored_associations
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.stages.report.survey.survey import Survey
from massivetext.pipeline.storage.sealed import DamagedError
from massivetext.pipeline.verify import accounting as documents
from massivetext.pipeline.verify import duplicates, shards, weights, withdrawn
from massivetext.pipeline.verify import recorded as finished
from massivetext.pipeline.verify import survivors as kept
from massivetext.pipeline.verify import tokens as content


def verify(out: str, say: Callable[[str], object] = str) -> list[str]:
    """Returns the breaches of a run's output; none if every promise holds.

    `say` is called with the name of each check. Texts are read one batch at a time, and 16 bytes of every document are
    held. Raises ConfigError if the folder holds no run.
    """
    try:
        state = manifest.opened(out)
    except DamagedError as error:
        return [str(error)]
    for promise, breaches in (
        ("every stage is finished", finished.stages(state)),
        ("every stage was made from what those before it left", finished.caused(state)),
        ("every file is as it was written", finished.unchanged(out)),
    ):
        say(promise)
        if found := list(breaches):
            return found  # the files cannot be relied on, so counting them would only confuse
    found = []
    for promise, breaches in _promises(out, state.config):
        say(promise)
        found += breaches
    return found


def _promises(out: str, config: Config) -> Iterator[tuple[str, Iterator[str]]]:
    yield "read = kept + removed + failed", documents.accounted(out, config)
    yield "every document has the verdict of its measurements", documents.judged(out, config)
    yield "no id stands twice", documents.told_apart(out, config)
    yield "as many documents went as the figures say", kept.counted(out, config)
    yield "no two documents that stay are the same", duplicates.exact(out, config)
    yield "near duplicates are as similar as it is said", duplicates.near(out, config)
    seen = kept.look(out, config)
    yield "every duplicate has a survivor that is kept", kept.survivors(out, config, seen)
    if config.is_tokenized:
        yield "what is kept is tokenized, and nothing else", kept.tokenized(out, config)
    if config.mix.is_asked:
        yield from _of_mix(out, config, seen)
    yield "the report says what the files hold", finished.figures(out, _recomputed(out, config))


def _of_mix(out: str, config: Config, seen: kept.Seen) -> Iterator[tuple[str, Iterator[str]]]:
    yield "the index names kept documents only", shards.indexed(out, config, seen)
    yield "the shards hold what the index says", shards.written(out, config)
    yield "no document is in validation and in training", shards.held_out(out)
    yield "sequences hold the tokens of their documents", content.identical(out, config)
    yield "what was withdrawn is in no sequence", withdrawn.absent(out)
    yield "each source has its weight", weights.proportioned(out, config)
    yield "each phase has its weights", weights.phased(out, config)


def _recomputed(out: str, config: Config) -> Stats:
    survey = Survey(
        out, config.seed, dict(judges(config)), config.audit, stored(out), stored_associations(out)
    )
    return figures(out, ((item, survey.survey(item)) for item in items(out, config)), runner="")
