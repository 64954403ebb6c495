"""The settings of decontaminate."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, field_validator

from massivetext.pipeline.config.section import Count, Name, Section


class TestSet(Section):
    """A file of test items: JSONL, JSON, CSV, TSV or Parquet with these fields, Wikitext, or text with an item a block.

    Newlines join fields; `choices.text` is the field `text` within the field `choices`.
    """

    path: str
    """The file."""
    pack: str | None = None
    """A benchmark of the pack, whose fields are known (docs/contamination.md lists them)."""
    format: Literal["jsonl", "json", "csv", "tsv", "parquet", "wikitext", "text"] | None = None
    """The file's format. Default: what the file's name says."""
    text: list[str] = []
    """The fields of items that are one text. Default: the pack's fields, or `text` where no field is named."""
    question: list[str] = []
    """The fields that make an item's question."""
    answer: list[str] = []
    """The fields that make an item's answer: its choices or its solution."""
    passage: list[str] = []
    """The fields that make the passage that an item asks about, which a corpus may rightly hold."""
    id: str | None = None
    """The field that holds an item's id. Default: the item's number."""


class Decontaminate(Section):
    """Removal of documents that hold test items, from every source."""

    test_sets: dict[Name, str | TestSet] = {}
    """The test sets, by name: a path, or a mapping. `{pack: mmlu, path: FILE}` is one test set named mmlu."""
    remove: Literal["item", "passage", "document copies"] = "item"
    """What is removed: documents that hold a question or an answer nearly whole; with `passage` also those that hold
    the passage that an item asks about; with `document copies` those that resemble an item as a whole, as in the
    paper."""
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.8
    """With `document copies`, a document is removed if the Jaccard similarity of its n-grams with an item's is
    higher."""
    shingle: Count = 13
    """With `document copies`, words in an n-gram."""
    containment: Annotated[float, Field(gt=0, le=1)] | None = None
    """With `document copies`, a document is removed if it holds this share of an item's n-grams. Default: it stays, and
    the share is reported."""
    titles: str | None = None
    """A file with the title of a Wikipedia page on each line: these pages are removed."""

    @field_validator("test_sets", mode="before")
    @classmethod
    def _one_pack(cls, value: object) -> object:
        if isinstance(value, Mapping) and {"pack", "path"} <= value.keys() and isinstance(value["pack"], str):
            return {value["pack"]: value}
        return value
