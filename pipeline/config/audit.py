"""The settings of the audit: groups of documents to watch."""

from typing import Annotated

from pydantic import Field

from massivetext.pipeline.config.section import Count, Name, Section


class Audit(Section):
    """Groups of documents to watch: the report measures what rules remove from them; a group removes nothing."""

    groups: dict[Name, str | Annotated[list[str], Field(min_length=1)]] = {}
    """The groups, by name: a lexicon's path, or RE2 patterns."""
    minimum_features: Count = 2
    """Fewest features in a document of the group."""
    minimum_per_1000_words: Annotated[float, Field(gt=0)] = 1.0
    """Fewest features in 1,000 words of a document of the group."""
    flagged_ratio: Annotated[float, Field(gt=1)] = 1.25
    """A rule is flagged if the share that it removes of the group is more than so many times that of all documents."""
    sample: Count = 20_000
    """Documents of each source that are searched, at most."""
