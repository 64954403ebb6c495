"""The settings of decontaminate."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, field_validator

from massivetext.pipeline.config.section import Count, Name, Section


class TestSet(Section):
    """A file of test items: JSONL, JSON, CSV, TSV or Parquet with these fields, Wikitext, or text in blocks.

    Each block of a text is an item. Several fields are joined by newlines. `choices.text` is the field `text` in the
    field `choices`.
    """

    path: str
    """The file."""
    pack: str | None = None
    """The name of a benchmark whose fields are known: docs/contamination.md lists them."""
    format: Literal["jsonl", "json", "csv", "tsv", "parquet", "wikitext", "text"] | None = None
    """The file's format. Default: by the ending of its name."""
    text: list[str] = []
    """The fields of an item that has one text. Default: the fields of the pack, or `text` if no field is named."""
    question: list[str] = []
    """The fields that form an item's question."""
    answer: list[str] = []
    """The fields that form an item's answer: its choices or its solution."""
    passage: list[str] = []
    """The fields that form the passage that an item asks about. Such a passage may rightly be in a corpus."""
    id: str | None = None
    """The field that holds an item's id. Default: the item's number."""


class Decontaminate(Section):
    """Removal of documents that hold test items, from every source."""

    test_sets: dict[Name, str | TestSet] = {}
    """The test sets, by name: a path, or a mapping. `{pack: mmlu, path: FILE}` is one test set named mmlu."""
    remove: Literal["item", "passage", "document copies"] = "item"
    """Which documents are removed. `item`: those that hold nearly the whole question or answer of an item. `passage`:
    also those that hold the passage that an item asks about. `document copies`: those that as a whole resemble an item,
    as in the paper."""
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.8
    """With `document copies`: a document is removed if the Jaccard similarity of its n-grams to those of an item is
    higher."""
    shingle: Count = 13
    """With `document copies`: the number of words in an n-gram."""
    containment: Annotated[float, Field(gt=0, le=1)] | None = None
    """With `document copies`: a document is also removed if it holds at least this share of an item's n-grams. Default:
    it stays, and the report has the share."""
    titles: str | None = None
    """A file with the title of a Wikipedia page on each line. These pages are removed."""

    @field_validator("test_sets", mode="before")
    @classmethod
    def _one_pack(cls, value: object) -> object:
        if isinstance(value, Mapping) and {"pack", "path"} <= value.keys() and isinstance(value["pack"], str):
            return {value["pack"]: value}
        return value
