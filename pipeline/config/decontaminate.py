"""The settings of decontaminate."""

from typing import Annotated, Literal

from pydantic import Field

from massivetext.pipeline.config.section import Count, Name, Section


class TestSet(Section):
    """A file of test items: JSONL, CSV or TSV with these fields, Wikitext, or text with an item a block."""

    path: str
    """The file."""
    format: Literal["jsonl", "csv", "tsv", "wikitext", "text"] | None = None
    """The file's format. Default: what the file's name says."""
    text: list[str] = ["text"]
    """The fields that make an item's text; newlines join them."""
    id: str | None = None
    """The field that holds an item's id. Default: the item's number."""


class Decontaminate(Section):
    """Removal of documents that match test items, from every source."""

    test_sets: dict[Name, str | TestSet] = {}
    """The test sets, by name: a path, or a mapping."""
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.8
    """A document goes when the Jaccard similarity of its n-grams with an item's is higher."""
    shingle: Count = 13
    """Words in an n-gram."""
    containment: Annotated[float, Field(gt=0, le=1)] | None = None
    """A document goes when it holds this share of an item's n-grams. Default: it stays, and the share is reported."""
    titles: str | None = None
    """A file with the title of a Wikipedia page on each line: these pages go."""
