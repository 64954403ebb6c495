"""Elements on their way to the workers."""

from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.stage import _spread


@pytest.mark.parametrize(("inline", "files"), [(0, ["a-step.elements"]), (1 << 20, [])])
def test_many_elements_go_through_a_file(tmp_path: Path, inline: int, files: list[str]):
    elements = [(number, "x" * number) for number in range(100)]
    engine = Engine(["--direct_running_mode=in_memory"])
    with engine.pipeline("a/step") as pipeline:
        spread: beam.PCollection[object] = _spread(str(tmp_path), "a/step", pipeline, elements, inline)
        assert_that(spread, equal_to(elements))
    assert [path.name for path in tmp_path.rglob("*.elements")] == files
