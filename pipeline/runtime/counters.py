"""What Beam counts while a pipeline runs, which a service shows on the page of a job."""

from collections.abc import Iterable

import apache_beam as beam
from apache_beam.metrics.metric import Metrics, MetricsFilter

from massivetext.pipeline.runtime.tally import Figure, Row

_GROUPED = "grouped_bytes"
GROUPED = Metrics.counter("massivetext", _GROUPED)
"""What a pipeline groups, which is what it costs a runner's shuffle."""

COUNTED = (Figure.READ, Figure.FAILED, Figure.REMOVED, Figure.DUPLICATE, Figure.CONTAMINATED, Figure.KEPT)
"""Figures of parts that Beam counts too, by key where there is one."""


def grouped_bytes(pipeline: beam.Pipeline) -> int:
    """What a finished pipeline grouped."""
    found = pipeline.result.metrics().query(MetricsFilter().with_name(_GROUPED))
    return sum(counter.result for counter in found["counters"])


def count(step: str, rows: Iterable[Row]) -> None:
    """Count the documents and bytes of a finished part."""
    for row in rows:
        if row.figure in COUNTED:
            name = f"{row.figure} {row.key}".rstrip()
            Metrics.counter(step, f"{name}, documents").inc(row.documents)
            Metrics.counter(step, f"{name}, bytes").inc(row.bytes)
