"""The steps of a pipeline: work on parts, groupings of rows, and what decides whether the next step begins."""

from collections.abc import Callable, Iterator, Sequence
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
    size: Callable[[Any], int] = lambda _: 0
    then: Then | None = None

    @property
    def name(self) -> str:
        return self.step.name


@dataclass(frozen=True)
class Planned:
    """Work on items that are known only when the steps before have ended, since they depend on what those wrote.

    A worker then calls `plan`, which reads OUT, writes nothing and can be pickled. The command calls it, too.
    """

    name: str
    plan: Callable[[], Worked]


@dataclass(frozen=True)
class Grouped:
    """A grouping of rows of elements into files. `size` is about how many bytes are grouped.

    If the elements depend on what the steps before wrote, `elements` is a function that returns them.
    """

    name: str
    key: str
    elements: Sequence[Any] | Callable[[], Sequence[Any]]
    grouping: Grouping
    size: int


@dataclass(frozen=True)
class OnlyIf:
    """The steps after this one are left out if `holds` is false when the steps before have ended."""

    name: str
    holds: Callable[[], bool]


AStep = Worked | Planned | Grouped | OnlyIf


def to_do(out: str, steps: Sequence[AStep]) -> list[AStep]:
    """Returns the steps from the first unfinished one on. Those after it that are certainly finished are left out."""
    rest: list[AStep] = []
    for step in steps:
        if rest:
            if not isinstance(step, Worked | Grouped) or _is_to_do(out, step):
                rest.append(step)
        elif isinstance(step, OnlyIf):
            if not step.holds():
                return []
        elif _is_to_do(out, now := step if isinstance(step, Grouped) else known(step)):
            rest.append(now)
    return rest


def _is_to_do(out: str, step: Worked | Grouped) -> bool:
    if isinstance(step, Worked):
        return bool(unfinished(out, step.step, step.items))
    return not groups.stands(out, step.name, step.key)


def ended(out: str, steps: Sequence[AStep]) -> Iterator[AStep]:
    """Yields the steps of a pipeline that has run, up to the last grouping that it came to. It comes to none after
    work that failed, or after a condition that does not hold."""
    groupings = [number for number, step in enumerate(steps) if isinstance(step, Grouped)]
    for step in steps[: groupings[-1] + 1 if groupings else 0]:
        if isinstance(step, OnlyIf):
            if not step.holds():
                return
        elif not isinstance(step, Grouped) and _is_to_do(out, known(step)):
            return
        yield step


def known(step: Worked | Planned) -> Worked:
    return step.plan() if isinstance(step, Planned) else step


def worked(steps: Sequence[AStep]) -> Iterator[Worked]:
    """Yields the work of steps that have ended, up to a condition that does not hold."""
    for step in steps:
        if isinstance(step, OnlyIf) and not step.holds():
            return
        if isinstance(step, Worked | Planned):
            yield known(step)
