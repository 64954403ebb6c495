"""The shape of report/stats.json: every number and example on the page. VERSION grows with each change."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

VERSION = 4
ALL = "all"
"""The name of the sum over all sources."""


class Part(BaseModel):
    """A part of the statistics, which is frozen once it is computed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Amount(Part):
    """A number of documents, and the bytes of their text in UTF-8."""

    documents: int = 0
    bytes: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(documents=self.documents + other.documents, bytes=self.bytes + other.bytes)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(documents=self.documents - other.documents, bytes=self.bytes - other.bytes)


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


class Share(Part):
    """A number of documents out of a larger number, and the 95 % interval of their share (Wilson's)."""

    documents: int
    share: float
    low: float
    high: float


class Sensitive(Part):
    """A ratio, and how much it changes when half of the lexicon is left out at random (figures.sensitivity)."""

    value: float | None  # None if the divisor is 0
    low: float | None  # 95 % of the halves lie between `low` and `high`; None if there are too few matches
    high: float | None
    decided: bool  # the interval does not hold 1


class AuditedRule(Part):
    """How often the members of a group break a rule, compared with all documents of the source. "any rule" counts the
    documents that are removed.
    """

    rule: str
    members: Share  # of the members
    overall: float  # share of all documents of the source
    ratio: float | None  # the members' share over the overall share; None if no document breaks the rule
    flagged: bool  # the ratio is above audit.flagged_ratio, and `overall` below the interval
    # The rate of features in the texts that break the rule, over that in all texts. Short texts count, too.
    features: Sensitive
    features_flagged: bool  # that ratio is above audit.flagged_ratio, and decided


class AuditedSource(Part):
    """A group's documents in one source, and how many of them the source's rules remove."""

    source: str
    searched: int  # documents that were searched: a seeded sample of audit.sample, or all
    words: int  # words in those
    features: int  # matches in those
    with_feature: int  # documents with at least one match
    members: int  # documents that belong to the group
    # "any rule", then the rules that judge the source. Empty if no text has a feature.
    rules: list[AuditedRule]


class AuditedGroup(Part):
    """A group of `audit.groups`: documents with many features of some people's writing."""

    name: str
    patterns: list[str]  # in RE2's syntax, regardless of case
    sources: list[AuditedSource]
    read: float  # features in a million words of the documents read
    kept: float  # the same in the documents that the rules keep
    mix: float  # the same in the mix, in which each source counts with its tokens, including repeated ones
    mix_to_read: Sensitive
    examples: list["Excerpt"]  # kept and removed members, with their features marked


class ScoredRule(Part):
    """The scores of the documents that break a rule; "any rule" are those that are removed."""

    rule: str
    documents: int
    mean: float
    ratio: Sensitive  # to the mean of all of the source's documents


class ScoredSource(Part):
    """A score in one source."""

    source: str
    documents: int  # with a score
    mean: float
    rules: list[ScoredRule]


class Score(Part):
    """A column of `audit.scores`: its mean in the documents read, in those that the rules keep, and in the mix."""

    name: str
    read: float
    kept: float
    mix: float  # each source counts with its tokens
    mix_to_read: Sensitive
    sources: list[ScoredSource]


class Associated(Part):
    """How much more often something stands near mentions of the first group than of the second, by their mentions: 1
    where it stands near both as often as they are mentioned.
    """

    name: str
    first: int  # matches with the first group
    second: int
    value: float | None  # None if the second group has no match
    low: float | None = None  # 95 % of the halves of the lists; None if there are too few matches
    high: float | None = None
    lowest_template: float | None = None  # of the values with one word of a template changed
    highest_template: float | None = None
    decided: bool  # all of these lie on one side of 1


class WordList(Part):
    """One list of words: all of them together, and those with enough matches."""

    name: str
    whole: Associated
    words: list[Associated]


class Association(Part):
    """Mentions of two groups of people in the kept documents, and the words that stand near them."""

    name: str
    about: str
    groups: list[str]
    documents: int  # searched
    words: int  # in those
    mentions: list[float]  # of each group, in a million words of the mix
    templates: list[str]
    ratio: Associated  # of the mentions themselves
    lists: list[WordList]


class Duplicates(Part):
    """The documents that deduplication removed from a source, by kind of duplicate."""

    source: str
    url: Amount  # captures of a URL for which there is a newer one
    exact: Amount
    near: Amount


class Deduplication(Part):
    """The duplicates of all sources, and how they were found."""

    sources: list[Duplicates]
    shingles: str  # what their Jaccard similarity is of, as `13-grams`
    threshold: float
    jaccard_edges: list[float]
    jaccard: list[int]  # near duplicates by their exact similarity to the survivor
    bands: int
    rows: int
    verified_pairs: list[int]  # by round
    recall: list[float]  # by jaccard_edges: the probability that a pair of this similarity is a candidate


class Contamination(Part):
    """The matches of one test set in one source."""

    test_set: str
    source: str
    matched: Amount
    removed: Amount
    highest_jaccard: float
    highest_containment: float
    kept_with_item: int  # documents that are kept and hold most of a part of an item
    highest_kept: float  # highest containment among the documents that are kept


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
    share: float  # of all tokens in the shards
    epochs: float
    sequences: int
    padding: int  # tokens
    byte_fallback: int  # tokens that stand for single bytes
    strata: list[Stratum] = []  # where the source's weight is split


class Phase(Part):
    """A phase of the mix and its shards, by number."""

    name: str
    wanted: int  # tokens
    first_shard: int
    shards: int
    given: dict[str, int]  # tokens in its shards, by source


class Mix(Part):
    """The mix as configured and as written."""

    target: int
    sequence_length: int
    max_epochs: float
    vocabulary: int | None
    sources: list[Mixed]
    phases: list[Phase] = []


class TokenizerUse(Part):
    """What one tokenizer makes of the sample."""

    name: str
    tokens: int
    single_bytes: int  # tokens that stand for a single byte of a character
    vocabulary: int
    unused: int  # tokens of the vocabulary that do not occur
    by_source: dict[str, int]  # tokens
    by_language: dict[str, int]


class Tokenizers(Part):
    """Tokenizers compared on a sample of the kept documents."""

    bytes_by_source: dict[str, int]
    bytes_by_language: dict[str, int]  # the largest first
    used: list[TokenizerUse]


class BestModel(Part):
    """The model for which the tokens of the mix are optimal, by one scaling law."""

    law: str
    parameters: float
    flops: float


class Planned(Part):
    """One source in this mix and in larger ones, in tokens. See pipeline.stages.mix.epochs.Repetition."""

    source: str
    epochs: float | None  # None if it has no tokens
    last_token_worth: float | None  # compared with a new token, which is worth 1
    effective: float
    used_once_at: float | None  # tokens of a mix that uses the source for one epoch; None at weight 0
    too_often_at: float | None  # tokens of a mix that uses it for max_epochs
    weight_within: float | None  # None if no weights keep every source within max_epochs


class HeldOut(Part):
    """One source in the validation shards."""

    source: str
    documents: int
    tokens: int
    sequences: int


class Encoded(Part):
    """How one source was encoded."""

    source: str
    documents: int
    checked: int  # documents that the tokenizer's library encoded, too; a difference would end the run
    word_lookups: int  # words that the encoder looked up
    word_misses: int  # words that it did not find among those it remembered


class Planning(Part):
    """The models that the mix suits, how far its sources last, and what is held out."""

    tokens: int  # in the training shards
    models: list[BestModel]
    sources: list[Planned]
    runs_out_first: str | None
    validation: float  # the configured share of documents to hold out
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
    start: int  # where the stretch starts in the whole text, in code points
    characters: int  # length of the whole text
    marks: list[tuple[int, int]]  # spans within the stretch
    failed_rules: list[str]  # empty if no rule removed it


class Example(Part):
    """A document that shows what a rule does: a random one that it removed, or one just beyond or within its limit."""

    rule: str
    kind: Literal["random", "outside", "inside"]
    value: float | None  # the measurement, if the rule is a limit
    document: Excerpt


class Pair(Part):
    """A removed duplicate beside its survivor."""

    kind: str
    jaccard: float | None  # None if they share the URL
    document: Excerpt
    survivor: Excerpt


class LargestGroup(Part):
    """The near duplicates of one survivor, in a source that lost more than `deduplicate.most_removed` to these."""

    source: str
    survivor_id: str
    survivor_output: str | None  # the earlier run that holds the survivor; null: this run
    documents: int
    document: Excerpt  # one of them
    survivor: Excerpt | None  # None if its text is not in this output


class Canary(Part):
    """How many canaries the run's own search finds: test items, altered and put into copies of its documents."""

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
    answer: float | None  # share of the item's answer that the document holds beside the question
    missing: list[str] | None  # words of the item that the document does not have
    longest_run: int  # words in the longest shared passage
    removed: bool
    document: Excerpt  # with the words marked that the item has, too
    question: Excerpt | None  # the item's text, with the same words marked; None for a match by title


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
