"""The shape of what stats.json says of duplicates and of test items, with the documents that show them."""

from massivetext.pipeline.stages.report.stats_part import Amount, Excerpt, Part


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


class CopiesFrom(Part):
    """Duplicates of one source and domain whose survivors have one source and domain. Without a URL: no domain."""

    source: str
    domain: str | None
    survivor_source: str
    survivor_domain: str | None
    documents: int  # in the sample


class Copies(Part):
    """Whose copies the duplicates are, counted in a random sample of those whose survivors this run holds."""

    sampled: int = 0
    duplicates: int = 0  # that the sample was drawn from
    most: list[CopiesFrom] = []  # the most frequent first; at most 100


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
