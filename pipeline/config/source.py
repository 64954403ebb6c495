"""A source: where its documents come from, and its share of the mix."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from massivetext.pipeline.config.limits import Bounds
from massivetext.pipeline.config.section import Fraction, Section
from massivetext.pipeline.config.split import Split
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.settings import COLUMNS, Columns


class Source(Section):
    """Where documents come from, and their share of the mix."""

    kind: str
    """How the source's files are read."""
    paths: Annotated[list[str], Field(min_length=1)]
    """Globs of the source's files, relative to the configuration's folder."""
    records: str | None = None
    """Of kind web: the files of `paths` are an index of records (Parquet or CDXJ, as Common Crawl's). The files that
    it names lie here: in a folder, `https://data.commoncrawl.org` or `s3://commoncrawl`."""
    weight: Fraction = 1
    """The source's share of the mix's tokens. Weights that do not sum to 1 are divided by their sum."""
    split: Split | None = None
    """How the weight is split among the source's documents. Default: all have the same chance."""
    columns: Columns = COLUMNS
    """Which fields of a record hold what, and which are kept."""
    limits: dict[str, Bounds] = {}
    """Limits on numbers that `columns.keep` keeps. A document beyond one is removed; one without the number stays."""

    @model_validator(mode="after")
    def _limited(self) -> Self:
        for field, bounds in self.limits.items():
            if field not in self.columns.kept:
                kept = ", ".join(self.columns.kept) or "none"
                raise ValueError(
                    f"limits.{field}: no column of that name is kept (columns.keep names {kept})"
                )
            if None not in (bounds.minimum, bounds.maximum) and (bounds.minimum or 0) > (bounds.maximum or 0):
                raise ValueError(
                    f"limits.{field}: no value is at least {bounds.minimum} and at most {bounds.maximum}"
                )
        return self

    @model_validator(mode="after")
    def _indexed(self) -> Self:
        if self.records is not None and self.kind != "web":
            raise ValueError(
                f"records: an index is read by kind web alone, and this source is of kind {self.kind}"
            )
        return self

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"no reader of this kind; there are {', '.join(KINDS)}")
        return kind
