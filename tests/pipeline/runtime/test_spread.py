"""Elements on their way to the workers."""

import pickle
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.spread import _read, _written, spread
from massivetext.pipeline.stages.curate.parts import Files
from massivetext.pipeline.storage.origin import Origin, Span


@pytest.mark.parametrize(("inline", "files"), [(0, ["a-step.elements"]), (1 << 20, [])])
def test_many_elements_go_through_a_file(tmp_path: Path, inline: int, files: list[str]):
    elements = [(number, "x" * number) for number in range(100)]
    engine = Engine(["--direct_running_mode=in_memory"])
    with engine.pipeline("a/step") as pipeline:
        made: beam.PCollection[object] = spread(str(tmp_path), "a/step", pipeline, elements, inline)
        assert_that(made, equal_to(elements))
    assert [path.name for path in tmp_path.rglob("*.elements")] == files


def test_elements_keep_their_types():
    elements = [Files(3, "web", "web", (Origin("a", "/x/a", 7, Span(1, None), "s"),)), "members-0.npy"]
    kinds = [type(each) for each in elements]
    assert _written(elements, kinds).startswith(b"[[0,{")


def test_no_code_in_the_output_is_run(tmp_path: Path):
    """Who can write to OUT must not run code: a pickle in the place of the elements is refused."""

    class Attack:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (tmp_path / "ran",))

    (tmp_path / "elements").write_bytes(pickle.dumps([Attack()]))
    with pytest.raises(ValueError, match="UTF-8"):
        _read(str(tmp_path / "elements"), [str])
    assert not (tmp_path / "ran").exists()
