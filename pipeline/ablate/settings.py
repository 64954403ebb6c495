"""The settings of an ablation. They are in a separate YAML file, so that nothing in them can affect a run."""

import posixpath
from typing import Annotated, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from massivetext.pipeline.config.decontaminate import TestSet
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.section import Count, Name, Section
from massivetext.pipeline.storage import files

Step = Literal["raw", "filtered", "deduplicated", "kept"]
STEPS: tuple[Step, ...] = ("raw", "filtered", "deduplicated", "kept")
"""How far a document came: it was read, no rule removed it, it is no duplicate, it holds no test item."""


class Arm(Section):
    """The documents of an arm."""

    documents: Step = "kept"
    """How far documents of the arm came at least: raw, filtered, deduplicated or kept."""
    run: str | None = None
    """The output folder of the run that the documents come from. Default: that of the ablation."""


class Model(Section):
    """A decoder-only transformer: the same for all arms."""

    layers: Count = 4
    """Layers, each of attention and a feed-forward network."""
    width: Count = 128
    """Numbers in the vector of a token."""
    heads: Count = 4
    """Heads of attention in a layer; `width` is a multiple of twice as many."""
    context: Annotated[int, Field(gt=1)] = 256
    """Tokens of a sequence."""

    @model_validator(mode="after")
    def _divides(self) -> Self:
        if self.width % (2 * self.heads):
            raise ValueError(
                f"width is {self.width}: expected a multiple of {2 * self.heads}, twice the heads"
            )
        return self


class Training(Section):
    """How each model is trained."""

    tokens: Count = 2_000_000
    """Tokens that each model is trained on, once each."""
    batch: Count = 16
    """Sequences of a step."""
    learning_rate: Annotated[float, Field(gt=0)] = 2e-3
    """The highest learning rate, after a tenth of the steps; it falls to a tenth of that along a cosine."""
    seeds: Annotated[list[int], Field(min_length=1)] = [1, 2, 3]
    """A model is trained for each arm and seed. A seed sets a model's first weights and the order of sequences."""


class Ablation(Section):
    """An ablation: arms of data, the model that is trained on each, and the texts on which it is measured."""

    run: str
    """The output folder of a run that has finished decontaminate. Its held-out documents measure all arms."""
    arms: dict[Name, Arm] = {
        "raw": Arm(documents="raw"),
        "filtered": Arm(documents="filtered"),
        "deduplicated": Arm(documents="deduplicated"),
    }
    """The arms, by name. The others are compared with the first."""
    tokenizer: str | None = None
    """A tokenizer for all arms: a SentencePiece model or a tokenizer.json. Default: that of the run."""
    held_out: Annotated[float, Field(gt=0, lt=0.5)] = 0.02
    """The share of documents that no model is trained on. The run's validation split is among them."""
    evaluate: dict[Name, TestSet] = {}
    """Further texts to measure on, such as LAMBADA, by name."""
    evaluation_bytes: Count = 200_000
    """The most bytes of text in each measure."""
    model: Model = Model()
    training: Training = Training()

    @model_validator(mode="after")
    def _several(self) -> Self:
        if len(self.arms) < 2:
            raise ValueError("arms: expected at least two, since each is compared with the first")
        return self


def load(path: str) -> Ablation:
    """Read the settings in a file. Its relative paths start from its folder. Raises ConfigError, which names the
    key."""
    try:
        values = yaml.safe_load(files.read_bytes(path).decode())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    try:
        given = Ablation.model_validate(values)
    except ValidationError as error:
        raise ConfigError(
            "\n".join(f"{path}: {_dotted(one['loc'])}{one['msg']}" for one in error.errors())
        ) from error
    return _resolved(given, posixpath.dirname(path) or ".")


def _dotted(location: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, location))}: " if location else ""


def _resolved(given: Ablation, folder: str) -> Ablation:
    """Returns the settings with paths that can be opened."""

    def path(name: str) -> str:
        return name if files.is_absolute(name) else posixpath.normpath(posixpath.join(folder, name))

    return given.model_copy(
        update={
            "run": path(given.run),
            "tokenizer": given.tokenizer and path(given.tokenizer),
            "arms": {
                name: arm.model_copy(update={"run": path(arm.run or given.run)})
                for name, arm in given.arms.items()
            },
            "evaluate": {
                name: one.model_copy(update={"path": path(one.path)}) for name, one in given.evaluate.items()
            },
        }
    )
