"""What all sections of report/stats.json are made of: frozen parts, amounts of documents, and excerpts."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of the statistics, which is frozen once it is computed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Amount(Part):
    """A number of documents, and the bytes of their text in UTF-8."""

    documents: int = 0
    bytes: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(documents=self.documents + other.documents, bytes=self.bytes + other.bytes)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(documents=self.documents - other.documents, bytes=self.bytes - other.bytes)


class Excerpt(Part):
    """A stretch of a document's text, with marks on the parts that it is shown for."""

    id: str
    source: str
    url: str | None
    title: str | None
    language: str | None
    text: str
    start: int  # where the stretch starts in the whole text, in code points
    characters: int  # length of the whole text
    marks: list[tuple[int, int]]  # spans within the stretch
    failed_rules: list[str]  # empty if no rule removed it
