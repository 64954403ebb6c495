"""Beam's counters of a pipeline. A service shows them on the page of a job."""

from collections.abc import Iterable

import apache_beam as beam
from apache_beam.metrics.metric import Metrics, MetricsFilter

from massivetext.pipeline.runtime.tally import Figure, Row

_GROUPED = "grouped_bytes"
GROUPED = Metrics.counter("massivetext", _GROUPED)
"""The bytes that a pipeline groups, which are the cost of a runner's shuffle."""

COUNTED = (Figure.READ, Figure.FAILED, Figure.REMOVED, Figure.DUPLICATE, Figure.CONTAMINATED, Figure.KEPT)
"""The figures of parts that Beam also counts, by key if there is one."""


def grouped_bytes(pipeline: beam.Pipeline) -> int:
    """Returns the bytes that a finished pipeline grouped."""
    found = pipeline.result.metrics().query(MetricsFilter().with_name(_GROUPED))
    return sum(counter.result for counter in found["counters"])


def count(step: str, rows: Iterable[Row]) -> None:
    """Count the documents and bytes of a finished part."""
    for row in rows:
        if row.figure in COUNTED:
            name = f"{row.figure} {row.key}".rstrip()
            Metrics.counter(step, f"{name}, documents").inc(row.documents)
            Metrics.counter(step, f"{name}, bytes").inc(row.bytes)
