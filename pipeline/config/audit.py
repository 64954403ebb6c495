"""The settings of the audit: groups of documents to watch."""

from typing import Annotated

from pydantic import Field

from massivetext.pipeline.config.section import Count, Name, Section


class Audit(Section):
    """Groups of documents to watch: what rules take from them is measured, and nothing is removed by it."""

    groups: dict[Name, str | Annotated[list[str], Field(min_length=1)]] = {}
    """The groups, by name: a lexicon's path, or RE2 patterns."""
    minimum_features: Count = 2
    """Features in a document that make it one of the group's."""
    minimum_per_1000_words: Annotated[float, Field(gt=0)] = 1.0
    """Features in 1,000 words of a document that make it one of the group's."""
    flagged_ratio: Annotated[float, Field(gt=1)] = 1.25
    """A rule is flagged when it takes more than this times its share of all documents from the group."""
    sample: Count = 20_000
    """Documents of each source that are searched, at most."""
