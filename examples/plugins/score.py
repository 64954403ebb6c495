"""A score of a model's, from a column that a source brings: the probabilities of each of its classes.

The source keeps the column by `columns: {keep: [education]}`: JSON lists such as `[0.1, 0.2, 0.4, 0.2, 0.1, 0]`, the
probabilities that a text deserves 0, 1, 2, 3, 4 or 5. The measurement is the expected grade. No model is run here, and
none is shipped: the team that has one brings its column.
"""

import json

import numpy as np
import pyarrow as pa

from massivetext.plugins import Measurement


def grade(probabilities: str | None) -> float | None:
    """The expected grade; None, which breaks no limit, without probabilities."""
    return None if probabilities is None else float(np.dot(json.loads(probabilities), range(6)))


def grades(batch: pa.RecordBatch) -> list[float | None]:
    """The expected grade of each document."""
    if "education" not in batch.schema.names:  # a source that has no such column
        return [None] * len(batch)
    return [grade(one) for one in batch.column("education").to_pylist()]


GRADE = Measurement(
    "education_grade",
    "expected grade of a model, 0 to 5",
    grades,
    pa.float64(),
    minimum=2.5,
    edges=[0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5],
)
