"""The settings of the audit: groups of documents to watch."""

from typing import Annotated

from pydantic import Field

from massivetext.pipeline.config.section import Count, Name, Section


class Audit(Section):
    """Groups of documents to watch. The report measures what the rules remove from each; groups remove nothing."""

    groups: dict[Name, str | Annotated[list[str], Field(min_length=1)]] = {}
    """The groups, by name. Each is the path of a lexicon, or a list of RE2 patterns."""
    associations: dict[Name, str] = {}
    """Words near mentions of two groups of people, by name: the path of a file of lists, such as bundled:gender."""
    scores: list[str] = []
    """Columns of the sources' own with a score of each document, such as toxicity: names in columns.keep."""
    minimum_features: Count = 2
    """The fewest features in a document of the group."""
    minimum_per_1000_words: Annotated[float, Field(gt=0)] = 1.0
    """The fewest features in 1,000 words of a document of the group."""
    flagged_ratio: Annotated[float, Field(gt=1)] = 1.25
    """A rule is flagged if the share of the group that it removes, divided by the share of all documents, is higher."""
    sample: Count = 20_000
    """The most documents of each source that are searched."""
