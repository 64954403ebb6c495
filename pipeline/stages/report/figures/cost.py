"""What each source cost: the CPU seconds of the workers, by source and stage."""

from collections.abc import Iterable

from massivetext.pipeline.runtime.parts import records


def by_source(out: str, stages: Iterable[str]) -> dict[str, dict[str, float]]:
    """The CPU seconds of each source by stage, from the records of the stages' parts.

    A part that counts the documents of one source belongs to that source. What parts of several sources cost, and what
    the command itself did, belongs to none; so the sum of a stage over the sources is less than the stage's own figure.
    """
    spent: dict[str, dict[str, float]] = {}
    for stage in stages:
        for record in records(out, f"{stage}/**"):
            sources = {row.source for row in record.rows if row.source}
            if len(sources) == 1:
                of_source = spent.setdefault(sources.pop(), {})
                of_source[stage] = of_source.get(stage, 0.0) + record.cpu_seconds
    return spent
