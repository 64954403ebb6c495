"""The terminal to which commands write. No text that is shown there can control it."""

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from massivetext.pipeline.runtime.clean import clean


class Terminal(Console):
    """A console that cleans every text before it shows it. Only the console itself adds styles."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Yields the segments that rich makes, each cleaned."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else clean(text), style, control)
