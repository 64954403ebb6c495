"""The pack: public benchmarks with known fields, so that a test set needs only a name and a file."""

import functools
from pathlib import Path
from typing import cast

import yaml
from pydantic import BaseModel, ConfigDict

from massivetext.filters.similarity.test_items import Role
from massivetext.pipeline.config.decontaminate import TestSet
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import ItemFile

PATH = Path(__file__).with_name("packs.yaml")


class Pack(BaseModel):
    """A benchmark: where it is published, which splits are tested on, and the fields of an item by role."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    dataset: str  # on Hugging Face's hub
    splits: list[str]
    question: list[str]
    answer: list[str] = []
    passage: list[str] = []
    id: str | None = None
    paper: str


@functools.cache
def packs() -> dict[str, Pack]:
    """All benchmarks of the pack, by name."""
    return {name: Pack(**value) for name, value in yaml.safe_load(PATH.read_text(encoding="utf-8")).items()}


def item_file(name: str, path: str, test_set: TestSet, sha256: str) -> ItemFile:
    """Returns a test set's file with the role of each of its fields. Raises ConfigError if there is no such pack."""
    given: Pack | TestSet = test_set
    if test_set.pack is not None:
        if test_set.pack not in packs():
            listed = ", ".join(sorted(packs()))
            raise ConfigError(f"test set {name}: no pack is named `{test_set.pack}`; there are {listed}")
        if not (test_set.text or test_set.question or test_set.answer or test_set.passage):
            given = packs()[test_set.pack]
    questions = [*test_set.text, *given.question]
    fields = {"passage": given.passage, "question": questions, "answer": given.answer}
    if not any(fields.values()):
        fields["question"] = ["text"]
    pairs = tuple((cast(Role, role), field) for role, names in fields.items() for field in names)
    return ItemFile(name, path, test_set.format, pairs, test_set.id or given.id, sha256)
