"""Shows the funnel of a step while it runs: documents read, removed for each reason, and kept so far."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from rich.console import RenderableType
from rich.progress import Progress
from rich.text import Text

from massivetext.filters.families import family_of
from massivetext.pipeline.runtime.tally import Figure, Row

_BY_KEY: Mapping[str, Callable[[str], str]] = {
    Figure.REMOVED: family_of,
    Figure.DUPLICATE: str,
    Figure.CONTAMINATED: "contaminated by {}".format,
}
"""The figures whose key is the reason for which a document was removed."""


class LiveFunnel:
    """Adds up the rows of parts as they finish."""

    def __init__(self) -> None:
        self._documents: Counter[str] = Counter()
        self._tokens = 0

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row.figure in _BY_KEY:
                self._documents[_BY_KEY[row.figure](row.key)] += row.documents
            elif row.figure in (Figure.READ, Figure.FAILED, Figure.KEPT, Figure.TOKENIZED):
                self._documents[row.figure] += row.documents
                self._tokens += row.tokens

    def describe(self) -> str:
        """Returns the funnel as one line; "" for a step that decides about no documents."""
        counts = dict(self._documents)
        read, kept = counts.pop("read", None), counts.pop("kept", None)
        parts = [f"{reason} {count:,}" for reason, count in counts.items() if count]
        if kept is not None:
            parts.append(f"kept {kept:,}")
        if self._tokens:
            parts.append(f"{self._tokens:,} tokens")
        line = ", ".join(parts)
        return line if read is None else f"of {read:,} read: {line}"

    def __rich__(self) -> Text:
        return Text(self.describe(), style="dim")


class FunnelProgress(Progress):
    """Progress bars with the funnel below them."""

    def __init__(self, funnel: RenderableType, *columns: object, **options: object) -> None:
        self._funnel = funnel
        super().__init__(*columns, **options)  # type: ignore[arg-type]

    def get_renderables(self) -> Iterable[RenderableType]:
        yield from super().get_renderables()
        yield self._funnel
