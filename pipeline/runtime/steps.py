"""The two kinds of steps of a stage: work on parts, and groupings of rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from massivetext.pipeline.runtime import groups
from massivetext.pipeline.runtime.parts import Item, Step, Then, unfinished

if TYPE_CHECKING:  # Beam takes seconds to import, and commands that only read a run do not need it
    from apache_beam.pvalue import PCollection

    from massivetext.pipeline.runtime.shuffle import Shuffle


class Grouping(Protocol):
    """Groups rows of elements, and saves what it finds. Results depend only on the fields that `repr` shows."""

    def grouped(self, elements: "PCollection[Any]", shuffle: "Shuffle", /) -> "PCollection[Any]": ...


@dataclass(frozen=True)
class Worked:
    """Work on items, each of which gives a part. `size` is an item's share of the work. A worker that has finished an
    item goes on with the items that `then` returns."""

    step: Step
    items: Sequence[Item]
    size: Callable[[Any], int]
    then: Then | None = None

    @property
    def name(self) -> str:
        return self.step.name


@dataclass(frozen=True)
class Grouped:
    """A grouping of rows of elements into files. `size` is about how many bytes are grouped."""

    name: str
    key: str
    elements: Sequence[Any]
    grouping: Grouping
    size: int


def is_to_do(out: str, step: Worked | Grouped) -> bool:
    """Whether any part or grouping of a step is not finished."""
    if isinstance(step, Worked):
        return bool(unfinished(out, step.step, step.items))
    return not groups.stands(out, step.name, step.key)
