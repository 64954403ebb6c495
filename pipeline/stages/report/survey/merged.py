"""Merges the surveys of all parts."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.tally import Row
from massivetext.pipeline.stages.report.stats import ALL, DistinctDomains
from massivetext.pipeline.stages.report.survey import domains
from massivetext.pipeline.stages.report.survey.domains import Registers
from massivetext.pipeline.stages.report.survey.picks import Picks
from massivetext.pipeline.stages.report.survey.survey import Surveyed, SurveyItem


@dataclass
class Merged:
    """The survey of all parts, by source; the rows name their source themselves."""

    samples: dict[str, list[pa.Table]]
    picks: dict[str, Picks]
    registers: dict[str, Registers]
    rows: list[Row]

    def distinct_domains(self) -> list[DistinctDomains]:
        """The number of domains of all sources together, then of each source."""
        counts = {ALL: domains.distinct(self.registers.values())}
        counts.update({source: domains.distinct([one]) for source, one in self.registers.items()})
        return [DistinctDomains(source=source, domains=count) for source, count in counts.items()]


def merge(config: Config, surveyed: Iterable[tuple[SurveyItem, Surveyed]]) -> Merged:
    """Merges the surveys of figures.items(). Their order matters to `samples` alone."""
    merged = Merged(
        {source: [] for source in config.sources},
        {source: Picks() for source in config.sources},
        {source: domains.empty() for source in config.sources},
        [],
    )
    for item, one in surveyed:
        if item.rate:
            merged.samples[item.source].append(one.sample)
        merged.picks[item.source].merge(one.picks)
        of_source = merged.registers[item.source]
        np.maximum(of_source, one.domains, out=of_source)
        merged.rows.extend(one.tally.rows())
    return merged
