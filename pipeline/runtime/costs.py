"""Costs: the CPU seconds of each stage. The pipeline of one stage may make parts of the next."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from massivetext.pipeline.runtime.parts import whole_records


class Costs:
    """The CPU seconds of the stages of a run, of the command and of its workers."""

    def __init__(self, out: str, is_in_process: bool) -> None:
        self._out, self._is_in_process = out, is_in_process
        self._stood: dict[str, set[str]] = {}  # the keys of the parts that this run found finished
        self.seconds: dict[str, float] = {}

    @contextmanager
    def counted(self, stage: str, ahead: Sequence[str]) -> Iterator[None]:
        """Count what a stage costs. Its pipelines may make parts of the stages `ahead`, which count for those."""
        for name in (stage, *ahead):
            if name not in self._stood:
                self._stood[name] = {key for key, _ in self._parts(name)}
        made, began = self._made((stage, *ahead)), time.process_time()
        yield
        spent = time.process_time() - began
        if self._is_in_process:  # this time holds that of all parts
            spent -= self._made((stage, *ahead)) - made
        self.seconds[stage] = spent + self._made([stage])

    def _made(self, stages: Sequence[str]) -> float:
        """Returns the CPU seconds of the parts of some stages that this run made."""
        return sum(
            cpu_seconds
            for stage in stages
            for key, cpu_seconds in self._parts(stage)
            if key not in self._stood[stage]
        )

    def _parts(self, stage: str) -> Iterator[tuple[str, float]]:
        for record in whole_records(self._out, f"{stage}/**"):
            yield record.reads or record.key, record.cpu_seconds
