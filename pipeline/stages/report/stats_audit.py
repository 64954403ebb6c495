"""The sections of report/stats.json on the audit: groups of writers, scores, and associations of words."""

from massivetext.pipeline.stages.report.stats_part import Excerpt, Part


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
    languages: list[str] = []  # documents that are surely in another one are not searched; none: all are
    sources: list[AuditedSource]
    read: float  # features in a million words of the documents read
    kept: float  # the same in the documents that the rules keep
    mix: float  # the same in the mix, in which each source counts with its tokens, including repeated ones
    mix_to_read: Sensitive
    examples: list[Excerpt]  # kept and removed members, with their features marked


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
