"""A source: where its documents come from, and its share of the mix."""

from typing import Annotated

from pydantic import Field, field_validator

from massivetext.pipeline.config.section import Fraction, Section
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.settings import COLUMNS, Columns


class Source(Section):
    """Where documents come from, and their share of the mix."""

    kind: str
    """How the source's files are read."""
    paths: Annotated[list[str], Field(min_length=1)]
    """Globs of the source's files, relative to the configuration's folder."""
    weight: Fraction = 1
    """The source's share of the mix's tokens. Weights that do not sum to 1 are divided by their sum."""
    columns: Columns = COLUMNS
    """Which fields of a record hold what."""

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"no reader of this kind; there are {', '.join(KINDS)}")
        return kind
