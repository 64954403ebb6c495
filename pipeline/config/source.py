"""The settings of a source: where its documents come from, and its share of the mix."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from massivetext.pipeline.config.limits import Bounds
from massivetext.pipeline.config.section import Fraction, Section
from massivetext.pipeline.config.split import Split
from massivetext.pipeline.config.together import Together
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.settings import COLUMNS, PAGES, Columns, Pages


class Source(Section):
    """A source: where its documents come from, and its share of the mix."""

    kind: str
    """The kind of source, which decides how its files are read."""
    paths: Annotated[list[str], Field(min_length=1)]
    """Globs of the source's files, relative to the configuration's folder."""
    records: str | None = None
    """For kind web, if the files of `paths` are an index of records (Parquet or CDXJ, like Common Crawl's): where the
    files that the index names are, such as a folder, `https://data.commoncrawl.org` or `s3://commoncrawl`."""
    weight: Fraction = 1
    """The source's share of the mix's tokens. Weights that do not sum to 1 are divided by their sum."""
    split: Split | None = None
    """How the weight is split among the source's documents. Default: all documents have the same chance."""
    together: Together | None = None
    """Documents that stand together in the mix, as the files of a repository do. Default: every document is placed by
    itself."""
    columns: Columns = COLUMNS
    """The fields of a record that hold its text, id and so on, and further fields that are kept."""
    pages: Pages = PAGES
    """How the texts of HTML pages are written, and what of them is text beside the main content."""
    limits: dict[str, Bounds] = {}
    """Limits on numbers that `columns.keep` keeps. A document beyond one is removed; one without the number stays."""

    @model_validator(mode="after")
    def _limited(self) -> Self:
        for field, bounds in self.limits.items():
            if field not in self.columns.kept:
                kept = ", ".join(self.columns.kept) or "none"
                raise ValueError(
                    f"limits.{field}: there is no such column: expected one that columns.keep names ({kept})"
                )
            if None not in (bounds.minimum, bounds.maximum) and (bounds.minimum or 0) > (bounds.maximum or 0):
                raise ValueError(
                    f"limits.{field}: the minimum {bounds.minimum} is above the maximum {bounds.maximum}"
                )
        return self

    @model_validator(mode="after")
    def _indexed(self) -> Self:
        if self.records is not None and self.kind != "web":
            raise ValueError(
                f"records: only kind web reads an index, but this source is of kind {self.kind}: leave out `records`"
            )
        return self

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"there is no such kind of source: expected one of {', '.join(KINDS)}")
        return kind
