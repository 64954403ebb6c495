"""Computes all figures of the page, from OUT alone."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial

import pyarrow as pa

from massivetext.filters.families.family import LimitRule
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import Judges, judges
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.runtime.keys import key_of
from massivetext.pipeline.runtime.parts import records, rows
from massivetext.pipeline.runtime.tally import Figure, Row, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.curate import judge
from massivetext.pipeline.stages.report import history, tokenizers
from massivetext.pipeline.stages.report.documents import excerpts
from massivetext.pipeline.stages.report.documents.marks import features, marks
from massivetext.pipeline.stages.report.documents.stretch import Place
from massivetext.pipeline.stages.report.figures import duplicates, rules
from massivetext.pipeline.stages.report.figures.associations import associations
from massivetext.pipeline.stages.report.figures.audit import audit
from massivetext.pipeline.stages.report.figures.beside_english import beside_english
from massivetext.pipeline.stages.report.figures.copies import copies
from massivetext.pipeline.stages.report.figures.cost import by_source
from massivetext.pipeline.stages.report.figures.failures import failure_kinds
from massivetext.pipeline.stages.report.figures.funnel import amount, funnel, left_out, skipped, together
from massivetext.pipeline.stages.report.figures.largest import largest
from massivetext.pipeline.stages.report.figures.mix import mix
from massivetext.pipeline.stages.report.figures.plan import planning
from massivetext.pipeline.stages.report.figures.scores import scores
from massivetext.pipeline.stages.report.figures.verdict import verdict
from massivetext.pipeline.stages.report.figures.warnings import warnings
from massivetext.pipeline.stages.report.figures.withdrawals import withdrawals
from massivetext.pipeline.stages.report.groups import stored, stored_associations
from massivetext.pipeline.stages.report.stats import Example, Facts, Failure, Sample, Stats
from massivetext.pipeline.stages.report.stats_part import Excerpt
from massivetext.pipeline.stages.report.survey.merged import Merged, merge
from massivetext.pipeline.stages.report.survey.survey import Surveyed, SurveyItem

FAILURES = 1000  # most kinds of failures that stats.json lists
SAMPLED = 5000  # documents in the samples of all sources that limits judge


def configuration(out: str) -> Config:
    """The configuration with which OUT was made."""
    state = manifest.read(out)
    assert state is not None, "a finished run has a manifest"
    return state.config


def items(out: str, config: Config) -> list[SurveyItem]:
    """The parts to survey: the parts of curate that hold documents."""
    tally = Tally.of(rows(out, f"{names.CURATE}/**"))
    limited = [
        source
        for source, judging in judges(config).items()
        if any(isinstance(rule, LimitRule) for rule in judging)
    ]
    rates = {}
    for source in config.sources:
        population = tally.count(source, Figure.READ).documents - tally.count(source, Figure.FAILED).documents
        share = SAMPLED / len(limited) if source in limited else 0.0
        rate = min(1.0, share / population) if population else 0.0
        is_searched = population and (config.audit.groups or config.audit.associations)
        audited = min(1.0, config.audit.sample / population) if is_searched else 0.0
        rates[source] = rate, audited
    found = {}
    for record in records(out, judge.STEP):
        for row in record.rows:
            if row.figure == Figure.CANDIDATES and row.source in rates:
                holds = key_of(row.key, [written.sha256 for written in record.files])
                found[record.part] = SurveyItem(record.part, row.source, *rates[row.source], holds)
    return [found[part] for part in sorted(found)]


@dataclass(frozen=True)
class _Counted:
    """The tallies of every stage."""

    curated: list[Row]
    deduplicated: Tally
    cleaned: Tally
    tokenized: Tally
    mixed: Tally

    @classmethod
    def of(cls, out: str) -> "_Counted":
        later = (Tally.of(rows(out, step)) for step in ("deduplicate", "decontaminate", "tokenize", "mix"))
        return cls(rows(out, "curate/**"), *later)


def figures(out: str, surveyed: Iterable[tuple[SurveyItem, Surveyed]], runner: str) -> Stats:
    """All figures of the page. `surveyed` holds the survey of each of items()."""
    state = manifest.read(out)
    assert state is not None
    config = state.config
    judging, counted = judges(config), _Counted.of(out)
    merged = merge(config, surveyed)
    samples = _samples(merged, judging, counted)
    examples, members = _examples(out, merged)
    families, curated = rules.families(judging), Tally.of(counted.curated)
    funnels = [
        funnel(
            source,
            families,
            curated,
            counted.deduplicated,
            counted.cleaned,
            counted.tokenized.count(source, Figure.TOKENIZED).tokens,
            config.deduplicate.url is not None,
        )
        for source in config.sources
    ]
    found = duplicates.look(out, list(config.sources), config.seed)
    places = duplicates.places(out, list(config.sources), found)
    pairs, matches = duplicates.show(out, places, found, config.decontaminate.shingle)
    test_sets = [*config.decontaminate.test_sets, *["titles"] * bool(config.decontaminate.titles)]
    contamination = duplicates.contamination(test_sets, list(config.sources), counted.cleaned, found.highest)
    found_canaries = duplicates.canaries(out)
    mixture = mix(out, config, counted.tokenized, counted.mixed)
    audited = audit(config, stored(out), judging, curated, merged.rows, mixture, members)
    judged_rules = rules.rules(judging, curated, merged.rows)
    found_languages = rules.languages(counted.curated)
    compared = beside_english(judged_rules, found_languages, config.language.kept)
    failed = failure_kinds(out)
    warned = warnings(
        funnels,
        judged_rules,
        contamination,
        found_canaries,
        mixture,
        audited,
        config.deduplicate.most_removed,
        failed,
        compared,
        config.sample,
    )
    fingerprint = key_of(sorted(stage.digest for name, stage in state.stages.items() if name != names.REPORT))
    return Stats(
        seed=config.seed,
        fingerprint=fingerprint,
        versions=state.versions,
        configuration=config.model_dump(mode="json"),
        facts=facts(out, state, runner, fingerprint),
        verdict=verdict(funnels, judged_rules, mixture, warned, failed),
        warnings=warned,
        failures=[Failure(**asdict(kind)) for kind in failed[:FAILURES]],
        funnels=[together(funnels), *funnels],
        skipped=skipped(list(config.sources), counted.curated),
        left_out=left_out(list(config.sources), counted.curated),
        rules=judged_rules,
        overlaps=rules.overlaps(judging, counted.curated),
        histograms=rules.histograms(counted.curated),
        languages=found_languages,
        beside_english=compared,
        groups=rules.groups(merged.rows),
        domains=merged.distinct_domains(),
        audit=audited,
        scores=scores(config.audit.scores, judging, merged.rows, mixture),
        associations=associations(stored_associations(out), merged.rows, mixture, config.seed),
        deduplication=duplicates.deduplication(
            out,
            config.judged("deduplicate"),
            counted.deduplicated,
            config.deduplicate,
            found.jaccard,
        ),
        copies=copies(out, places, found.sample, found.beside),
        contamination=contamination,
        canaries=found_canaries,
        mix=mixture,
        planning=planning(out, config, counted.tokenized, counted.mixed),
        tokenizers=tokenizers.stored(out),
        samples=samples,
        examples=examples,
        largest=largest(out, list(config.sources), warned),
        pairs=pairs,
        matches=matches,
        withdrawn=withdrawals(out),
    )


def facts(out: str, state: manifest.Manifest, runner: str, fingerprint: str) -> Facts:
    stages = {
        name: {"seconds": stage.seconds, "cpu_seconds": stage.cpu_seconds, "parts": stage.parts}
        for name, stage in state.stages.items()
        if name != names.REPORT
    }
    now = datetime.now(UTC).isoformat(timespec="seconds")
    before = history.earlier(out, fingerprint, state.config.model_dump(mode="json"))
    return Facts(
        runner=runner,
        name=state.config.run.name,
        finished=now,
        stages=stages,
        sources=by_source(out, stages),
        earlier=before,
    )


def _samples(found: Merged, judging: Judges, counted: _Counted) -> list[Sample]:
    curated = Tally.of(counted.curated)
    return [
        _sample(source, tables, judging, curated, counted.tokenized)
        for source, tables in found.samples.items()
        if tables
    ]


def _sample(
    source: str, tables: Sequence[pa.Table], judging: Judges, curated: Tally, tokenized: Tally
) -> Sample:
    table = pa.concat_tables(tables).sort_by("id").combine_chunks()
    columns = [rule.name for rule in judging[source] if isinstance(rule, LimitRule)]
    _, size, tokens = tokenized.count(source, Figure.TOKENIZED)
    return Sample(
        source=source,
        population=amount(curated, source, Figure.READ) - amount(curated, source, Figure.FAILED),
        tokens_per_byte=tokens / size if size else None,
        columns=columns,
        values=[table.column(name).to_pylist() for name in columns],
        ids=table.column("id").to_pylist(),
        bytes=table.column("bytes").to_pylist(),
        free=table.column("free").to_pylist(),
    )


def _examples(out: str, found: Merged) -> tuple[list[Example], dict[str, list[Excerpt]]]:
    """The documents that show what the rules do, and the members of the audited groups, by group."""
    chosen = [row for picks in found.picks.values() for row in picks.table().to_pylist()]
    places = [Place(row["path"], row["group"], row["row"]) for row in chosen]
    documents = excerpts.fetch(out, places, excerpts.SHOWN)
    patterns = {group.name: group.pattern for group in stored(out)}
    examples: list[Example] = []
    members: dict[str, list[Excerpt]] = {}
    for row, place in zip(chosen, places, strict=True):
        name, kind, document = row["rule"], row["kind"], documents[place]
        if kind.endswith("_member"):
            mark = partial(features, pattern=patterns[name])
            members.setdefault(name, []).append(excerpts.about(document, mark, excerpts.SEARCHED))
        else:
            shown = excerpts.about(document, partial(marks, rule=name))
            examples.append(Example(rule=name, kind=kind, value=row["value"], document=shown))
    return examples, members
