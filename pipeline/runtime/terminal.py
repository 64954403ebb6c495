"""The terminal that commands write to: nothing that is shown there can steer it."""

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from massivetext.pipeline.runtime.clean import clean


class Terminal(Console):
    """A console that cleans every text it shows, wherever the text is from; styles are its own."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """The pieces that are written, as rich makes them, each cleaned."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else clean(text), style, control)
