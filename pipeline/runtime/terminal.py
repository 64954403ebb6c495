"""The terminal to which commands write. No text that is shown there can control it, and no figure is cut."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table

from massivetext.pipeline.runtime.clean import clean

_FOLDED = 16  # characters of a line of a folded text, at least, if it has so many
_BETWEEN = 3  # characters between two columns, at most


class Terminal(Console):
    """A console that cleans every text before it shows it. Only the console itself adds styles."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Yields the segments that rich makes, each cleaned."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else clean(text), style, control)

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as rich does, but cut nothing in a table: figures stay whole, and other texts are folded.

        If the figures alone do not fit, the lines of the table are longer than those of the terminal.
        """
        width = self.width
        self.width = max([width, *(self._fitted(one) for one in objects if isinstance(one, Table))])
        try:
            super().print(*objects, **options)
        finally:
            self.width = width

    def _fitted(self, table: Table) -> int:
        """Sets how the columns of a table give way, and returns the width that it needs at least."""
        width = 1
        for column in table.columns:
            column.overflow = "fold"
            column.no_wrap = column.no_wrap or column.justify == "right"
            cells = [column.header, *column.cells]
            longest = max(Measurement.get(self, self.options, cell).maximum for cell in cells)
            width += _BETWEEN + (longest if column.no_wrap else min(longest, _FOLDED))
        return width
