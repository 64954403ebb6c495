"""Where documents come from: a file of a source, or a span of one."""

from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """Where the records to be read begin, in bytes of the file: from `start` to before `end` (None: its end)."""

    start: int = 0
    end: int | None = None

    def holds(self, position: int) -> bool:
        return self.start <= position and (self.end is None or position < self.end)


WHOLE = Span()


@dataclass(frozen=True)
class Origin:
    """A file of a source, or a span of one: its name as configured, which ids are made from, where it is opened,
    and the bytes to be read."""

    name: str
    path: str
    bytes: int
    span: Span = WHOLE
