"""The settings of decontaminate."""

from typing import Annotated, Literal

from pydantic import Field

from massivetext.pipeline.config.section import Count, Name, Section


class TestSet(Section):
    """A file of test items: JSONL, CSV or TSV with these fields, Wikitext, or text with an item a block."""

    path: str
    format: Literal["jsonl", "csv", "tsv", "wikitext", "text"] | None = None  # None: by the file's name
    text: list[str] = ["text"]  # fields joined by a newline
    id: str | None = None  # default: the item's number


class Decontaminate(Section):
    """Removal of documents that match test items, from every source."""

    test_sets: dict[Name, str | TestSet] = {}
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.8
    shingle: Count = 13  # words
    containment: Annotated[float, Field(gt=0, le=1)] | None = None  # None: measured, removes nothing
    titles: str | None = None  # a file of Wikipedia titles to remove, one a line
