"""Builds the graph of a pipeline from its steps, of which each waits for the end of the one before.

Between two steps stands one value, a barrier: whether all steps so far have finished all that was to do. The elements
of the next step wait for it as a side input, and go on only if it is true. So a step never reads the files of a step
that failed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput
from apache_beam.transforms.combiners import Count

from massivetext.pipeline.plugins.use import Plugins, use
from massivetext.pipeline.runtime.lock import Held, TakenOverError
from massivetext.pipeline.runtime.parts import Step, Then, drop, unfinished
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.runtime.spread import spread
from massivetext.pipeline.runtime.steps import AStep, Grouped, OnlyIf, Planned, Worked
from massivetext.pipeline.runtime.versions import versions
from massivetext.pipeline.runtime.work_on import WorkOn, refuse_other

Barrier = PCollection[bool]


@dataclass(frozen=True)
class Graph:
    """Where the steps of a graph work: the output, the plugins that workers use, and the command's lock."""

    out: str
    plugins: Plugins
    holder: Held | None

    def build(self, pipeline: beam.Pipeline, steps: Sequence[AStep], shuffles: Sequence[Shuffle]) -> None:
        """Add the steps to a pipeline. Each grouping uses the shuffle at its place."""
        barrier: Barrier = pipeline | "Begin" >> beam.Create([True])
        for step, shuffle in zip(steps, shuffles, strict=True):
            barrier = pipeline | step.name >> _Applied(self, step, shuffle, barrier)


class _Applied(beam.PTransform[Any, Any]):
    """Applies a step, which begins after a barrier. Its result is the next barrier."""

    def __init__(self, graph: Graph, step: AStep, shuffle: Shuffle, barrier: Barrier) -> None:
        super().__init__()
        self._graph, self._step, self._shuffle, self._barrier = graph, step, shuffle, barrier

    def expand(self, begin: Any) -> Barrier:
        step = self._step
        if isinstance(step, Worked):
            return self._worked(begin, step)
        if isinstance(step, Planned):
            return self._planned(begin, step)
        if isinstance(step, Grouped):
            return self._grouped(begin, step)
        checked: Barrier = self._barrier | "Check" >> beam.Map(_and, step)
        return checked

    def _worked(self, begin: Any, step: Worked) -> Barrier:
        graph = self._graph
        rest = unfinished(graph.out, step.step, step.items)
        rest.sort(
            key=step.size, reverse=True
        )  # large items first, so that no worker is left with one at the end
        worker = WorkOn(graph.out, step.step, step.then, graph.plugins, graph.holder)
        items = self._waiting(spread(graph.out, step.name, begin, rest))
        return _ended(items | "Work" >> beam.ParDo(worker), _all_of, self._barrier, len(rest))

    def _planned(self, begin: Any, step: Planned) -> Barrier:
        graph = self._graph
        plan = _Plan(graph, step.plan)
        once = self._waiting(begin | "Once" >> beam.Create([None]))
        found = once | "Plan" >> beam.ParDo(plan).with_outputs("plan", main="items")
        planned = AsSingleton(found.plan, default_value=None)
        worker = _WorkOnPlanned(graph)
        done = found.items | "Spread" >> beam.Reshuffle() | "Work" >> beam.ParDo(worker, planned)
        return _ended(done, _all_planned, self._barrier, planned)

    def _grouped(self, begin: Any, step: Grouped) -> Barrier:
        if callable(step.elements):
            once = self._waiting(begin | "Once" >> beam.Create([None]))
            elements = (
                once | "Elements" >> beam.FlatMap(_listed, step.elements) | "Spread" >> beam.Reshuffle()
            )
        else:
            elements = self._waiting(spread(self._graph.out, step.name, begin, step.elements))
        return _ended(step.grouping.grouped(elements, self._shuffle), _any, self._barrier)

    def _waiting(self, elements: PCollection[Any]) -> PCollection[Any]:
        waiting: PCollection[Any] = elements | "Wait" >> beam.FlatMap(_after, AsSingleton(self._barrier))
        return waiting


def _ended(done: PCollection[Any], is_whole: Callable[..., bool], barrier: Barrier, *given: Any) -> Barrier:
    """Returns the barrier after a step, whose outputs are counted."""
    ended: Barrier = (
        done | "Ended" >> Count.Globally() | "Barrier" >> beam.Map(is_whole, AsSingleton(barrier), *given)
    )
    return ended


def _after(element: Any, goes_on: bool) -> Iterator[Any]:
    if goes_on:
        yield element


def _all_of(done: int, goes_on: bool, items: int) -> bool:
    return goes_on and done == items


def _all_planned(done: int, goes_on: bool, planned: "_PlannedStep | None") -> bool:
    return goes_on and planned is not None and done == planned.items


def _any(_: int, goes_on: bool) -> bool:
    return goes_on


def _and(goes_on: bool, step: OnlyIf) -> bool:
    return goes_on and step.holds()


def _listed(_: None, elements: Callable[[], Sequence[Any]]) -> Sequence[Any]:
    return elements()


@dataclass(frozen=True)
class _PlannedStep:
    """A step that a worker has planned, and the number of its unfinished items."""

    step: Step
    then: Then | None
    items: int


@dataclass(eq=False)
class _Plan(beam.DoFn):
    """Plans a step: deletes parts of other items, and yields the unfinished items.

    Without a plan nothing follows in this pipeline. The command then plans the step itself, and says what is wrong.
    """

    graph: Graph
    plan: Callable[[], Worked]
    versions: dict[str, str] = field(default_factory=versions)  # of the command

    def process(self, _: None) -> Iterator[Any]:
        try:
            refuse_other(self.versions)
            use(self.graph.plugins)
            planned = self.plan()
            if self.graph.holder is not None:
                self.graph.holder.check()
            drop(self.graph.out, planned.name, planned.items)
            rest = unfinished(self.graph.out, planned.step, planned.items)
        except TakenOverError:
            raise
        except Exception:
            return
        yield TaggedOutput("plan", _PlannedStep(planned.step, planned.then, len(rest)))
        yield from sorted(rest, key=planned.size, reverse=True)


@dataclass(eq=False)
class _WorkOnPlanned(beam.DoFn):
    graph: Graph
    versions: dict[str, str] = field(default_factory=versions)  # of the command

    def process(self, item: Any, planned: _PlannedStep) -> Iterator[int]:
        graph = self.graph
        worker = WorkOn(graph.out, planned.step, planned.then, graph.plugins, graph.holder, self.versions)
        return worker.process(item)
