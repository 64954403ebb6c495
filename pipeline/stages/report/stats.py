"""The shape of report/stats.json: every number and example on the page. VERSION grows with each change."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

VERSION = 4
ALL = "all"
"""The name under which the sum over all sources stands."""


class Part(BaseModel):
    """A piece of the statistics, frozen once computed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Amount(Part):
    """So many documents, and the UTF-8 bytes of their text."""

    documents: int = 0
    bytes: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(documents=self.documents + other.documents, bytes=self.bytes + other.bytes)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(documents=self.documents - other.documents, bytes=self.bytes - other.bytes)


class Step(Part):
    """What one step of the funnel took out: failed, language, quality, ..., contaminated; or read, kept."""

    name: str
    amount: Amount
    tokens: (
        int | None
    )  # exact for `kept`; elsewhere by the source's bytes a token, None where that is unknown


class Funnel(Part):
    """read = the sum of all steps between + kept, in documents and bytes."""

    source: str
    steps: list[Step]

    def amount(self, name: str) -> Amount:
        return next((step.amount for step in self.steps if step.name == name), Amount())


class Skipped(Part):
    """Records of one kind that are no documents, and so are not read: how many, and their bytes in the files."""

    source: str
    kind: str
    records: int
    bytes: int


class Warning(Part):
    """Something a person should look at before using the data."""

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
    """What a rule did in one source. `first`: removed with it as `removed_by`; `only`: by no other rule."""

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
    """One rule; the limits are those of the measurement that stands under the same name."""

    name: str
    family: str
    minimum: float | None
    maximum: float | None
    description: str
    sources: list[SourceFigures]  # those it judges, and all together first
    languages: dict[str, int]  # documents that break it
    own_limits: dict[str, OwnLimit] = {}  # by language


class Overlap(Part):
    """Documents that break both rules; a rule with itself: all that break it."""

    rule: str
    other: str
    documents: int


class Histogram(Part):
    """Documents by a measurement: counts[i] in [edges[i], edges[i + 1]), and all beyond in the outer bins."""

    column: str
    edges: list[float]
    counts: dict[str, list[int]]  # by source


class BesideEnglish(Part):
    """A rule that takes far more of a language that is kept than of English."""

    language: str
    rule: str
    documents: int  # read of the language, in the sources that the rule judges
    share: float  # of them, that break the rule
    english: float  # the same share of English


class Language(Part):
    """Documents of one language, by source; "" is text whose language could not be told."""

    language: str
    source: str
    read: Amount
    kept: Amount  # by curate


class Group(Part):
    """Documents that share a licence, a class of length, a top-level domain or a domain, in all sources.

    `kind` says which; a length is the number of words from which its class begins.
    """

    kind: Literal["licence", "length", "top_level", "domain"]
    value: str
    read: int
    removed: int  # by the rules


class DistinctDomains(Part):
    """About how many domains the documents of a source have, kept and removed: a HyperLogLog count, +- 1.6 %."""

    source: str  # or all together
    domains: int


class Share(Part):
    """A number of documents out of a larger number, and the 95 % interval of their share (Wilson's)."""

    documents: int
    share: float
    low: float
    high: float


class Sensitive(Part):
    """A ratio, and how far it moves when half of the lexicon is left out at random (figures.sensitivity)."""

    value: float | None  # None where there is nothing to divide by
    low: float | None  # of 95 % of the halves; None where there are too few matches to say
    high: float | None
    decided: bool  # the interval does not hold 1


class AuditedRule(Part):
    """How often a rule is broken in a group, beside all documents of the source; "any rule": how many are removed."""

    rule: str
    members: Share
    overall: float  # share of all the source's documents
    ratio: float | None  # members' share to the overall one; None where no document breaks the rule
    flagged: bool  # the ratio is above audit.flagged_ratio, and `overall` below the interval
    features: (
        Sensitive  # rate of features in the texts that break the rule, to that in all: short texts count too
    )
    features_flagged: bool  # that ratio is above audit.flagged_ratio, and decided


class AuditedSource(Part):
    """A group's documents in one source, and what the source's rules take from them."""

    source: str
    searched: int  # documents: a seeded sample of audit.sample, or all
    words: int  # of those
    features: int  # matches in those
    with_feature: int  # documents with at least one
    members: int  # documents that belong to the group
    rules: list[
        AuditedRule
    ]  # those that judge the source, after "any rule"; empty where no text has a feature


class AuditedGroup(Part):
    """A group of `audit.groups`: documents with many features of some people's writing."""

    name: str
    patterns: list[str]  # RE2's, in any case
    sources: list[AuditedSource]
    read: float  # features in a million words of what was read
    kept: float  # of what the rules keep
    mix: float  # of the mix, where each source stands with its tokens, repeated ones too
    mix_to_read: Sensitive
    examples: list["Excerpt"]  # members, kept and removed ones, their features marked


class Duplicates(Part):
    """What deduplication removed, by source."""

    source: str
    url: Amount  # captures of a URL that has a newer one
    exact: Amount
    near: Amount


class Deduplication(Part):
    """Duplicates of all sources and how they were found."""

    sources: list[Duplicates]
    shingles: str  # what their Jaccard similarity is of, as `13-grams`
    threshold: float
    jaccard_edges: list[float]
    jaccard: list[int]  # near duplicates by their verified similarity to the survivor
    bands: int
    rows: int
    verified_pairs: list[int]  # by round
    recall: list[float]  # by jaccard_edges: the probability that a pair so similar is a candidate


class Contamination(Part):
    """One test set against one source."""

    test_set: str
    source: str
    matched: Amount
    removed: Amount
    highest_jaccard: float
    highest_containment: float
    kept_with_item: int  # documents that stay and hold most of a part of an item
    highest_kept: float  # containment among all that stay


class Stratum(Part):
    """One entry of the split of a source's weight."""

    name: str
    weight: float  # its share of the mix
    tokens: int  # given
    available: int
    epochs: float


class Mixed(Part):
    """One source in the mix."""

    source: str
    documents: int  # kept and tokenized
    bytes: int
    tokens: int  # available
    weight: float
    wanted: int  # tokens: weight * target
    given: int  # tokens in the shards
    share: float  # of all tokens given
    epochs: float
    sequences: int
    padding: int  # tokens
    byte_fallback: int  # tokens that stand for single bytes
    strata: list[Stratum] = []  # where the source's weight is split


class Mix(Part):
    """The mix as asked and as written."""

    target: int
    sequence_length: int
    max_epochs: float
    vocabulary: int | None
    sources: list[Mixed]


class BestModel(Part):
    """The model that the tokens of the mix would be best for, by one scaling law."""

    law: str
    parameters: float
    flops: float


class Planned(Part):
    """One source in the mix, and beyond it; tokens. See pipeline.plan.epochs.Repetition."""

    source: str
    epochs: float | None  # None where it has no tokens
    last_token_worth: float | None  # a new token being worth 1
    effective: float
    used_once_at: float | None  # tokens of a whole mix that takes one epoch; None at weight 0
    too_often_at: float | None  # and max_epochs
    weight_within: float | None  # None where no weights keep every source within max_epochs


class HeldOut(Part):
    """One source in the shards of validation."""

    source: str
    documents: int
    tokens: int
    sequences: int


class Encoded(Part):
    """How one source was encoded: documents that SentencePiece encoded too, without a difference (one would
    have ended the run), and words that the encoder looked up and did not find among those it remembered."""

    source: str
    documents: int
    checked: int
    word_lookups: int
    word_misses: int


class Planning(Part):
    """What the mix would train, where it leads, and what is held out."""

    tokens: int  # in the shards of training
    models: list[BestModel]
    sources: list[Planned]
    runs_out_first: str | None
    validation: float  # the share of documents asked for
    held_out: list[HeldOut]
    encoded: list[Encoded]


class Excerpt(Part):
    """A stretch of a document's text, with marks on the parts that it is shown for."""

    id: str
    source: str
    url: str | None
    title: str | None
    language: str | None
    text: str
    start: int  # of the stretch in the whole text, in code points
    characters: int  # of the whole text
    marks: list[tuple[int, int]]  # spans of the stretch
    failed_rules: list[str]  # empty where no rule removed it


class Example(Part):
    """A document that shows what a rule does: removed at random, or just beyond or within its limit."""

    rule: str
    kind: Literal["random", "outside", "inside"]
    value: float | None  # its measurement, where the rule is a limit
    document: Excerpt


class Pair(Part):
    """A removed duplicate beside its survivor."""

    kind: str
    jaccard: float | None  # None where the URL is what they share
    document: Excerpt
    survivor: Excerpt


class LargestGroup(Part):
    """Near duplicates of one survivor, in a source that lost more to them than `deduplicate.most_removed`."""

    source: str
    survivor_id: str
    survivor_output: str | None  # an earlier run's; null: this one's
    documents: int
    document: Excerpt  # one of them
    survivor: Excerpt | None  # where its text is in this output


class Canary(Part):
    """How many altered test items, put into copies of the run's documents, its own search finds."""

    form: str
    tried: int
    found: int


class Match(Part):
    """A document that holds much of a part of a test item, or resembles one."""

    test_set: str
    item: str
    role: str
    jaccard: float | None
    containment: float
    answer: float | None  # share of the item's answer beside its question
    missing: list[str] | None  # words of the item that the document does not have
    longest_run: int  # words
    removed: bool
    document: Excerpt  # with the words marked that the item has too
    question: Excerpt | None  # the item's text, with those marked; None for a match by title


class Sample(Part):
    """A seeded random sample of a source's measured documents: what the sliders recount.

    Column i of `values` holds measurement columns[i] of every document. A document is `free` when no rule
    other than limits removes it.
    """

    source: str
    population: Amount  # all measured documents of the source
    tokens_per_byte: float | None
    columns: list[str]
    values: list[list[float | None]]
    ids: list[str]
    bytes: list[int]
    free: list[bool]


class Facts(Part):
    """How the run went: differs between two runs of the same, unlike everything else here."""

    runner: str
    name: str = ""  # of the run, as configured
    finished: str = ""  # when the report was made: ISO 8601, UTC
    stages: dict[str, dict[str, float]]  # seconds, cpu_seconds, parts


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
    skipped: list[Skipped]  # by source, the most first
    rules: list[Rule]
    overlaps: list[Overlap]
    histograms: list[Histogram]
    languages: list[Language]
    beside_english: list[BesideEnglish] = []
    groups: list[Group]
    domains: list[DistinctDomains]  # all sources together first
    audit: list[AuditedGroup]
    deduplication: Deduplication
    contamination: list[Contamination]
    canaries: list[Canary]
    mix: Mix
    planning: Planning
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
