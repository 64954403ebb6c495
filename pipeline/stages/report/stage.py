"""The stage `report`: shows what all stages did, on one page and in stats.json."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import judges
from massivetext.pipeline.runtime.parts import Record, Step
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.steps import Planned, Worked
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.report import history, tokenizers
from massivetext.pipeline.stages.report.associations.lists import Lists
from massivetext.pipeline.stages.report.figures.assemble import configuration, figures, items
from massivetext.pipeline.stages.report.groups import (
    Group,
    associations,
    configured,
    store,
    store_associations,
)
from massivetext.pipeline.stages.report.page import datasheet, page
from massivetext.pipeline.stages.report.page.environment import FOLDER
from massivetext.pipeline.stages.report.survey import survey
from massivetext.pipeline.stages.report.survey.picks import Picks
from massivetext.pipeline.stages.report.survey.survey import Survey, Surveyed, SurveyItem
from massivetext.pipeline.storage import files, layout, parquet

NAME = names.REPORT


@dataclass(frozen=True)
class PlanSurvey:
    """Plans the survey. It needs only what curate wrote, and shares the pipeline of the stage before the report."""

    out: str
    config: Config
    groups: tuple[Group, ...]
    associations: dict[str, Lists]

    @classmethod
    def of(cls, run: Run) -> "PlanSurvey":
        return cls(run.out, configuration(run.out), configured(run.loaded), associations(run.loaded))

    def __call__(self) -> Worked:
        rules, config = dict(judges(self.config)), self.config
        work = Survey(self.out, config.seed, rules, config.audit, self.groups, self.associations)
        return Worked(Step.of(survey.STEP, work), items(self.out, config))


def run(run: Run) -> int:
    """Survey the documents on all workers, then write the figures, the page and the datasheet."""
    plan = PlanSurvey.of(run)
    run.keep(store(run.out, plan.groups))
    run.keep(store_associations(run.out, plan.associations))
    records = run.plan(Planned(survey.STEP, plan))
    surveyed = items(run.out, plan.config)
    tokenizers.store(run)
    stats = figures(run.out, _surveyed(run.out, surveyed, records), run.engine.describe())
    run.keep(files.write_bytes(run.out, layout.STATS, stats.model_dump_json().encode()))
    run.keep(files.write_bytes(run.out, layout.DATASHEET, datasheet.render(stats).encode()))
    run.keep(files.write_bytes(run.out, layout.REPORT, page.render(stats).encode()))
    history.note(run.out, stats)
    return len(surveyed)


def _surveyed(
    out: str, surveyed: list[SurveyItem], records: list[Record]
) -> Iterator[tuple[SurveyItem, Surveyed]]:
    for item, record in zip(surveyed, records, strict=True):
        sample = parquet.read(f"{out}/{survey.sample_path(item.part)}")
        picks = Picks.of(parquet.read(f"{out}/{survey.picks_path(item.part)}"))
        registers = np.frombuffer(files.read_bytes(f"{out}/{survey.domains_path(item.part)}"), np.int8)
        yield item, Surveyed(sample, picks, Tally.of(record.rows), registers)


def _settings(run: Run) -> dict[str, object]:
    templates = sorted(
        path for path in FOLDER.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )
    return {
        "seed": run.config.seed,
        "audit": (run.config.audit, configured(run.loaded), associations(run.loaded)),
        "configuration": run.config.model_dump(exclude={"sources": {"__all__": {"paths"}}}),
        "plugins": [plugin.fingerprint for plugin in run.loaded.plugins.all],
        "tokenizers": [fingerprint for _, fingerprint in tokenizers.configured(run)],
        "the page": [(path.name, files.sha256(str(path))) for path in templates],
    }


STAGE = Stage(
    NAME,
    tuple(names.NAMES)[:-1],
    _settings,
    ("report",),
    run,
    first=lambda run: [Planned(survey.STEP, PlanSurvey.of(run))],
)
