"""Costs: the CPU seconds and the seconds of each stage. The pipeline of one stage may make parts of the next."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from massivetext.pipeline.runtime.parts import whole_records


class Costs:
    """What the stages of a run cost: CPU seconds of the command and of its workers, and seconds by the clock.

    A pipeline that makes parts of several stages lends each the share of its seconds that it has of the CPU seconds.
    """

    def __init__(self, out: str, is_in_process: bool) -> None:
        self._out, self._is_in_process = out, is_in_process
        self._stood: dict[str, set[str]] = {}  # the keys of the parts that this run found finished
        self.cpu_seconds: dict[str, float] = {}
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def counted(self, stage: str, ahead: Sequence[str]) -> Iterator[None]:
        """Count what a stage costs. Its pipelines may make parts of the stages `ahead`, which count for those."""
        for name in (stage, *ahead):
            if name not in self._stood:
                self._stood[name] = {key for key, _ in self._parts(name)}
        before = {name: self._made(name) for name in (stage, *ahead)}
        began, clock = time.process_time(), time.monotonic()
        yield
        spent, passed = time.process_time() - began, time.monotonic() - clock
        made = {name: self._made(name) for name in before}
        now = {name: made[name] - before[name] for name in before}
        if self._is_in_process:  # this time holds that of all parts
            spent = max(0.0, spent - sum(now.values()))
        self.cpu_seconds[stage] = spent + made[stage]
        now[stage] += spent
        if not any(now.values()):
            now[stage] = 1.0
        for name, of_stage in now.items():
            self.seconds[name] += passed * of_stage / sum(now.values())

    def _made(self, stage: str) -> float:
        """Returns the CPU seconds of the parts of a stage that this run made."""
        return sum(cpu for key, cpu in self._parts(stage) if key not in self._stood[stage])

    def _parts(self, stage: str) -> Iterator[tuple[str, float]]:
        for record in whole_records(self._out, f"{stage}/**"):
            yield record.reads or record.key, record.cpu_seconds
