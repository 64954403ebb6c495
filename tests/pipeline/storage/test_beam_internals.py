"""What this package uses of Beam beyond its public interface is still there. A failure names what has moved."""

import importlib
import inspect
import re
from importlib.util import find_spec
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.transforms import userstate
from apache_beam.transforms.core import CallableWrapperDoFn
from apache_beam.transforms.userstate import CombiningValueStateSpec

from massivetext.pipeline.storage import beam_internals
from massivetext.pipeline.storage.beam_internals import USED, Part
from tests.paths import ROOT

get_dofn_specs = inspect.unwrap(userstate.get_dofn_specs)  # Beam's own
NEEDED = {"gcp": "google.cloud.storage", "aws": "boto3"}


def is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize(("use", "part"), USED.items(), ids=list(USED))
def test_beam_still_has(use: str, part: Part) -> None:
    if part.extra and not is_installed(NEEDED[part.extra]):
        pytest.skip(f"needs the extra {part.extra}")
    try:
        found = getattr(importlib.import_module(part.module), part.name)
    except (ImportError, AttributeError) as error:
        pytest.fail(f"{use}: {part.module}.{part.name} has moved: {error}")
    moved = [name for name in part.attributes if not hasattr(found, name)]
    assert not moved, f"{use}: {part.module}.{part.name} has lost {', '.join(moved)}"


def test_the_logger_bears_its_name() -> None:
    from apache_beam.runners.worker import data_plane

    assert data_plane._LOGGER.name == beam_internals.DATA_PLANE_LOGGER


PLACES = (
    *("runners.worker", "runners.portability", "options.value_provider", "transforms.environments"),
    *("io.gcp", "io.aws"),
)
PRIVATE = re.compile("|".join(rf"apache_beam\.{re.escape(place)}" for place in PLACES))


def test_no_other_file_reaches_into_beam() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in (ROOT / "pipeline").rglob("*.py")
        if path.name != "beam_internals.py"
        for match in PRIVATE.finditer(path.read_text())
    ]
    assert not found, "what is not public in Beam is used by way of beam_internals.py"


class Stateful(beam.DoFn):
    """A DoFn with a state."""

    COUNT = CombiningValueStateSpec("count", sum)

    def process(self, element: Any, count: Any = beam.DoFn.StateParam(COUNT)) -> None:  # noqa: B008
        """Do nothing."""


class Stateless(beam.DoFn):
    """A DoFn without a state."""

    def process(self, element: Any) -> None:
        """Do nothing."""


def test_a_class_of_work_is_inspected_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def look(dofn: Any) -> tuple[set[Any], set[Any]]:
        looked.append(type(dofn).__name__)
        return get_dofn_specs(dofn)

    monkeypatch.setattr(userstate, "get_dofn_specs", look)
    beam_internals.inspect_work_once()
    beam_internals.inspect_work_once()  # of no effect
    for _ in range(3):
        assert userstate.get_dofn_specs(Stateful()) == ({Stateful.COUNT}, set())
        assert userstate.get_dofn_specs(Stateless()) == (set(), set())
    assert looked == ["Stateful", "Stateless"]


def test_work_with_methods_of_its_own_is_inspected_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(userstate, "get_dofn_specs", get_dofn_specs)
    beam_internals.inspect_work_once()
    assert userstate.get_dofn_specs(CallableWrapperDoFn(Stateless().process)) == (set(), set())
    assert userstate.get_dofn_specs(CallableWrapperDoFn(Stateful().process)) == ({Stateful.COUNT}, set())
