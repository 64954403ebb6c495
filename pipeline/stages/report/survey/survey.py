"""Survey: one pass over a part's documents, kept and removed, to find what the report needs of single documents.

It takes a seeded random sample of measurements, and picks the documents that best show what each rule does. Both can be
merged over parts: the sample holds the documents whose hash is below a threshold, the picks those of the lowest scores.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.families.family import Limit, LimitRule, Rule
from massivetext.filters.seeded import order, share_of
from massivetext.pipeline.config.audit import Audit
from massivetext.pipeline.read.kept_columns import column_name
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages.report.associations.lists import Lists
from massivetext.pipeline.stages.report.documents.stretch import Stretch, judged
from massivetext.pipeline.stages.report.groups import Group
from massivetext.pipeline.stages.report.survey.affected import Affected
from massivetext.pipeline.stages.report.survey.domains import Registers
from massivetext.pipeline.stages.report.survey.members import Members
from massivetext.pipeline.stages.report.survey.near import Near
from massivetext.pipeline.stages.report.survey.picks import Picks
from massivetext.pipeline.stages.report.survey.scores import Scores
from massivetext.pipeline.storage import footer, layout
from massivetext.pipeline.storage.output import Output

STEP = "report/survey"
READ = ("id", "url", "licence", "robots", "language", "language_probability", "text_bytes", "word_count")
"""The columns that are read of every document, in addition to those that its source's rules read."""


@dataclass(frozen=True)
class Surveyed:
    """The survey of a part. Its figures are those of Affected, Members, Near and Scores."""

    sample: pa.Table
    picks: Picks
    tally: Tally
    domains: Registers


@dataclass(frozen=True)
class SurveyItem:
    """The work item of a part: the documents of one part of curate."""

    part: int
    source: str
    rate: float  # share of the documents to sample
    audited: float  # share of the documents to search for features of groups
    holds: str = ""  # the hash of its documents and verdicts


def sample_path(part: int) -> str:
    return layout.work(STEP, f"sample-{part:05d}.parquet")


def picks_path(part: int) -> str:
    return layout.work(STEP, f"picks-{part:05d}.parquet")


def domains_path(part: int) -> str:
    return layout.work(STEP, f"domains-{part:05d}.bin")


@dataclass(frozen=True)
class Survey:
    """Surveys one part; `rules` are those that judge each source, `groups` those that `audit` watches."""

    out: str = field(repr=False)
    seed: int
    rules: dict[str, tuple[Rule, ...]]
    audit: Audit
    groups: tuple[Group, ...]
    associations: dict[str, Lists] = field(default_factory=dict)

    def __call__(self, item: SurveyItem, output: Output) -> Tally:
        found = self.survey(item)
        tables = {sample_path(item.part): found.sample, picks_path(item.part): found.picks.table()}
        for path, table in tables.items():
            options = {"compression": "zstd", "write_statistics": False}
            with output.file(path) as stream, footer.writer(stream, table.schema, **options) as file:
                file.write_table(table)
        with output.file(domains_path(item.part)) as stream:
            stream.write(found.domains.tobytes())
        return found.tally

    def settings(self, item: SurveyItem) -> object:
        return self.seed, self.rules[item.source], self.audit, self.groups, self.associations

    def survey(self, item: SurveyItem) -> Surveyed:
        """Survey a part without writing files."""
        rules = self.rules[item.source]
        samples, picks, affected = [sample(rules).empty_table()], Picks(), Affected(item.source)
        members = Members(item.source, self.audit, self.groups)
        near, brought = Near(item.source, self.associations), Scores(item.source, self.audit.scores)
        for stretch in self._stretches(item):
            hashes = order(stretch.columns.column("id"), self.seed, "report sample")
            if item.rate > 0:
                samples.append(_sampled(stretch, hashes, item.rate, rules))
            _pick(picks, stretch, hashes, rules)
            affected.count(stretch)
            brought.count(stretch)
            if self.associations and item.audited > 0:
                near.count(stretch, share_of(hashes, item.audited))
            if self.groups and item.audited > 0:
                found = members.count(stretch, share_of(hashes, item.audited))
                fate = "kept" if stretch.removed_by() is None else "removed"
                for name, scores in found.items():
                    picks.add(stretch, hashes, name, f"{fate}_member", scores)
        counted = (affected.tally(), members.tally, near.tally, brought.tally)
        tally = Tally.of([row for one in counted for row in one.rows()])
        return Surveyed(pa.concat_tables(samples), picks, tally, affected.domains.registers)

    def _stretches(self, item: SurveyItem) -> Iterator[Stretch]:
        scores = map(column_name, self.audit.scores)
        columns = {*READ, *scores, *(column for rule in self.rules[item.source] for column in rule.columns)}
        return judged(self.out, item.source, item.part, sorted(columns))


def sample(rules: Sequence[Rule]) -> pa.Schema:
    """The columns of a sample: whether only limits decide about a document, and the measurement of each limit."""
    return pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("bytes", pa.int64(), nullable=False),
            pa.field("free", pa.bool_(), nullable=False),  # no rule but limits removes it
            *(pa.field(rule.name, pa.float64()) for rule in rules if isinstance(rule, LimitRule)),
        ]
    )


def _sampled(
    stretch: Stretch, hashes: npt.NDArray[np.uint64], rate: float, rules: Sequence[Rule]
) -> pa.Table:
    measured = stretch.columns.column("word_count").is_valid().to_numpy(zero_copy_only=False)
    taken = stretch.columns.take(pa.array(np.flatnonzero(share_of(hashes, rate) & measured)))
    held = np.zeros(taken.num_rows, np.bool_)
    own: dict[str, pa.Array] = {}
    for rule in rules:
        if not isinstance(rule, LimitRule):
            held |= rule.broken(taken)
        elif rule.languages:  # the sliders move only the limit that all other languages share
            has_own = rule.has_own(taken)
            held |= has_own & rule.broken(taken)
            own[rule.name] = pc.if_else(pa.array(has_own), _within(rule.limit), taken.column(rule.name))
    schema = sample(rules)
    columns = {
        **{name: taken.column(name) for name in taken.schema.names},
        **own,
        "bytes": taken.column("text_bytes"),
        "free": pa.array(~held),
    }
    return pa.Table.from_arrays([columns[field.name].cast(field.type) for field in schema], schema=schema)


def _within(limit: Limit) -> float:
    """A value far within a limit, for a document that another limit judges: no position of the slider removes it."""
    lowest, highest = limit.sides
    if math.isinf(highest):
        return 4 * max(lowest, 1.0)
    return 0.0 if math.isinf(lowest) else math.sqrt(lowest * highest)


def _pick(picks: Picks, stretch: Stretch, hashes: npt.NDArray[np.uint64], rules: Sequence[Rule]) -> None:
    """Take the best rows of a stretch for each rule and kind of example."""
    first = stretch.removed_by()
    chance = hashes / 2.0**64
    for rule in rules:
        if first is not None:
            picks.add(stretch, hashes, rule.name, "random", np.where(first == rule.name, chance, np.inf))
        if isinstance(rule, LimitRule):
            values = stretch.values(rule.name)
            away = distance(rule, stretch.columns)
            if first is None:
                picks.add(stretch, hashes, rule.name, "inside", away, values)
            else:
                broken = np.where(rule.broken(stretch.columns), away, np.inf)
                picks.add(stretch, hashes, rule.name, "outside", broken, values)


def distance(rule: LimitRule, batch: pa.RecordBatch) -> npt.NDArray[np.float64]:
    """The distance of each document from its nearer limit, in units of that limit; infinite without a measurement or
    without a limit.
    """
    values = batch.column(rule.name).to_numpy(zero_copy_only=False).astype(np.float64)
    nearest = np.full(len(values), np.inf)
    for side in rule.sides(batch):
        with np.errstate(invalid="ignore"):  # infinite sides and nulls give NaN, which fmin ignores
            away = np.abs(values - side) / np.where(side == 0, 1.0, np.abs(side))
        nearest = np.fmin(nearest, away)
    return nearest
