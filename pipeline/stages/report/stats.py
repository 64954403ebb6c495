"""The shape of report/stats.json: every number and example on the page. VERSION grows with each change."""

from typing import Any, Literal

from massivetext.pipeline.stages.report.stats_audit import Association, AuditedGroup, Score
from massivetext.pipeline.stages.report.stats_matches import (
    Canary,
    Contamination,
    Copies,
    Deduplication,
    LargestGroup,
    Match,
    Pair,
)
from massivetext.pipeline.stages.report.stats_mix import Mix, Planning, Tokenizers
from massivetext.pipeline.stages.report.stats_part import Amount, Excerpt, Part

VERSION = 5
ALL = "all"
"""The name of the sum over all sources."""


class Step(Part):
    """The documents that a step of the funnel removed (failed, language, quality, ..., contaminated), read or kept."""

    name: str
    amount: Amount
    tokens: int | None  # exact for `kept`; else estimated from the source's bytes a token, None if unknown


class Funnel(Part):
    """The steps of a source's funnel: read = the sum of all steps between + kept, in documents and bytes."""

    source: str
    steps: list[Step]

    def amount(self, name: str) -> Amount:
        return next((step.amount for step in self.steps if step.name == name), Amount())


class Skipped(Part):
    """Records of one kind that are not documents and so are skipped: their number, and their bytes in the files."""

    source: str
    kind: str
    records: int
    bytes: int


class LeftOut(Part):
    """Sentences that the reader left out, since it could not tell all of their words, and the documents they are of."""

    source: str
    documents: int
    sentences: int


class Warning(Part):
    """Something that a person should look at before using the data."""

    code: str
    subject: str  # the source, rule or test set
    message: str


class Cause(Part):
    """Something to look at first, and the place on the page that shows it: a section, or `SECTION/ROW?source=NAME`."""

    subject: str
    message: str
    link: str


class Verdict(Part):
    """Whether a run gives what was asked: `unfit` where tokens or a source are missing, `look` where data was lost."""

    state: Literal["fit", "look", "unfit"]
    asked: int  # tokens
    written: int
    missing: list[str]  # sources with a weight of which nothing is kept
    causes: list[Cause]


class Failure(Part):
    """Records of one source that failed in the same way, and the first of them."""

    source: str
    records: int
    error: str
    origin_file: str
    origin_offset: int  # -1 where the whole file failed


class Withdrawal(Part):
    """Documents that were taken out of the shards after the run."""

    when: str  # ISO 8601
    by: str
    documents: dict[str, int]  # by source
    sequences: int  # that were written anew


class SourceFigures(Part):
    """What a rule did in one source. `broken` counts the documents that break it, `first` those for which `removed_by`
    names it, `only` those that break no other rule.
    """

    source: str
    judged: Amount
    first: Amount
    broken: Amount
    only: Amount


class OwnLimit(Part):
    """What a rule asks for in a language that has a limit of its own; null on a side that is open."""

    minimum: float | None
    maximum: float | None


class Rule(Part):
    """One rule. Its limits are those of the measurement of the same name."""

    name: str
    family: str
    minimum: float | None
    maximum: float | None
    description: str
    sources: list[SourceFigures]  # all together first, then those that it judges
    languages: dict[str, int]  # by language, documents that break it
    own_limits: dict[str, OwnLimit] = {}  # by language


class Overlap(Part):
    """The number of documents that break both rules; of a rule with itself, of those that break it."""

    rule: str
    other: str
    documents: int


class Histogram(Part):
    """The number of documents by the value of a measurement: counts[i] in [edges[i], edges[i + 1]). Values beyond the
    edges count in the outer bins.
    """

    column: str
    edges: list[float]
    counts: dict[str, list[int]]  # by source


class BesideEnglish(Part):
    """A rule that removes far more of a kept language than of English."""

    language: str
    rule: str
    documents: int  # read of the language, in the sources that the rule judges
    share: float  # the share of them that break the rule
    english: float  # the same share in English


class Language(Part):
    """The documents of one language in one source; "" stands for text whose language could not be told."""

    language: str
    source: str
    read: Amount
    kept: Amount  # by curate


class Group(Part):
    """The documents of all sources that share a licence, a class of length, a top-level domain or a domain, or that ask
    the same of crawlers.

    `kind` says which of these `value` is. The value of a class of length is the number of words at which it begins.
    """

    kind: Literal["licence", "asked", "length", "top_level", "domain"]
    value: str
    read: int
    removed: int  # by the rules


class DistinctDomains(Part):
    """An estimate, by HyperLogLog, of how many domains the documents of a source have, kept and removed: +- 1.6 %."""

    source: str  # or ALL
    domains: int


class Example(Part):
    """A document that shows what a rule does: a random one that it removed, or one just beyond or within its limit."""

    rule: str
    kind: Literal["random", "outside", "inside"]
    value: float | None  # the measurement, if the rule is a limit
    document: Excerpt


class Sample(Part):
    """A seeded random sample of a source's measured documents, which the page counts again when a slider moves.

    Column i of `values` holds the measurement columns[i] of every document. A document is `free` if no rule other than
    a limit removes it.
    """

    source: str
    population: Amount  # all measured documents of the source
    tokens_per_byte: float | None
    columns: list[str]
    values: list[list[float | None]]
    ids: list[str]
    bytes: list[int]
    free: list[bool]


class Earlier(Part):
    """An earlier run in the same output folder."""

    finished: str  # ISO 8601, UTC
    name: str
    fingerprint: str
    read: int  # documents
    kept: int
    tokens: int  # in the shards
    state: Literal["fit", "look", "unfit"]
    warnings: int
    cpu_seconds: float  # of the stages as they stood then
    changed: list[str]  # settings: `key: then -> now`


class Facts(Part):
    """How the run went. Two runs of the same configuration differ in this and in nothing else of the statistics."""

    runner: str
    name: str = ""  # of the run, as configured
    finished: str = ""  # when the report was made: ISO 8601, UTC
    stages: dict[str, dict[str, float]]  # seconds, cpu_seconds, parts
    sources: dict[str, dict[str, float]] = {}  # CPU seconds of the workers, by source and stage
    earlier: list[Earlier] = []  # runs in the same folder, the last first


class Stats(Part):
    """Everything on the page."""

    version: int = VERSION
    seed: int
    fingerprint: str
    versions: dict[str, str]
    configuration: dict[str, Any]
    facts: Facts
    verdict: Verdict
    warnings: list[Warning]
    failures: list[Failure]  # the commonest of each source first; at most 1,000
    funnels: list[Funnel]  # all sources together first
    skipped: list[Skipped]  # by source, the most frequent first
    left_out: list[LeftOut] = []
    rules: list[Rule]
    overlaps: list[Overlap]
    histograms: list[Histogram]
    languages: list[Language]
    beside_english: list[BesideEnglish] = []
    groups: list[Group]
    domains: list[DistinctDomains]  # all sources together first
    audit: list[AuditedGroup]
    associations: list[Association] = []
    scores: list[Score] = []
    deduplication: Deduplication
    copies: Copies = Copies()
    contamination: list[Contamination]
    canaries: list[Canary]
    mix: Mix
    planning: Planning
    tokenizers: Tokenizers | None = None  # where `tokenizer.compare` asks for it
    samples: list[Sample]
    examples: list[Example]
    largest: list[LargestGroup]
    pairs: list[Pair]
    matches: list[Match]
    withdrawn: list[Withdrawal] = []  # the first first


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of report/stats.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Stats.model_json_schema(mode="serialization"),
    }
