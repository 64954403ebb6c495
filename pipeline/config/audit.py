"""The settings of the audit: groups of documents to watch."""

from typing import Annotated

from pydantic import Field

from massivetext.pipeline.config.section import Count, Name, Section


class Audit(Section):
    """Groups of documents to watch: what rules take from them is measured, and nothing is removed by it."""

    groups: dict[
        Name, str | Annotated[list[str], Field(min_length=1)]
    ] = {}  # a lexicon's path, or RE2 patterns
    minimum_features: Count = 2  # in a document, for it to belong to the group
    minimum_per_1000_words: Annotated[float, Field(gt=0)] = 1.0
    flagged_ratio: Annotated[float, Field(gt=1)] = 1.25  # of a group's rate to its source's
    sample: Count = 20_000  # documents of each source to search, at most
