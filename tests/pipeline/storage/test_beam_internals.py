"""What this package uses of Beam beyond its public interface is still there. A failure names what has moved."""

import importlib
import re
from importlib.util import find_spec

import pytest

from massivetext.pipeline.storage import beam_internals
from massivetext.pipeline.storage.beam_internals import USED, Part
from tests.paths import ROOT

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
