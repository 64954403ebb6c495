"""Imports point one way: no circle, no stage that imports a later one, no floor that imports the floor above."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from massivetext.filters.kernels.source import ROOT, imports
from massivetext.pipeline.stages.names import NAMES

FLOORS = (
    {"schemas"},
    {"filters"},
    {"pipeline.storage"},
    {"pipeline.read", "pipeline.shards"},
    {"pipeline.plugins"},
    {"pipeline.config"},
    {"pipeline.runtime", "pipeline.tokenizers"},
    {"pipeline.stages"},
    {
        "pipeline.ablate",
        "pipeline.compare",
        "pipeline.init",
        "pipeline.inspect",
        "pipeline.lineage",
        "pipeline.plan",
        "pipeline.verify",
        "pipeline.run",
        "pipeline.execute",
        "pipeline.outcome",
        "pipeline.export",
        "pipeline.check",
        "pipeline.summary",
        "pipeline.withdraw",
    },
    {"pipeline.serve"},
    {"pipeline.commands"},
    {"pipeline.cli", "pipeline.programs"},
)
"""The floors, from the lowest. A module imports only from its own floor and from those below. A floor has no
circles."""


def modules() -> Iterator[str]:
    for package in ("schemas", "filters", "pipeline"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield f"massivetext.{name.removesuffix('.__init__')}"


def floor(module: str) -> int:
    name = module.removeprefix("massivetext.")
    for number, places in enumerate(FLOORS):
        if any(name == place or name.startswith(f"{place}.") for place in places):
            return number
    raise AssertionError(f"{module} stands on no floor: add its folder to FLOORS")


def folder(module: str) -> str:
    """The folder of a module: `filters.measure` for `massivetext.filters.measure.words`."""
    parts = module.split(".")[1:]
    return ".".join(parts[:3] if parts[:2] == ["pipeline", "stages"] and len(parts) > 3 else parts[:2])


IMPORTS = {module: imports(module) for module in modules() if module.count(".")}
BUILT_OF = [(module, imported) for module, found in IMPORTS.items() for imported in sorted(found)]


def circle(graph: dict[str, set[str]]) -> list[str]:
    """One circle of a graph of imports, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_imports_from_a_floor_above() -> None:
    found = [f"{module} imports {name}" for module, name in BUILT_OF if floor(name) > floor(module)]
    assert not found


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert not circle({module: set(found) - {module} for module, found in IMPORTS.items()})


def test_no_folders_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for module, name in BUILT_OF:
        if folder(module) != folder(name):
            graph.setdefault(folder(module), set()).add(folder(name))
    assert not circle(graph)


def test_no_stage_imports_a_later_one() -> None:
    place = {f"massivetext.pipeline.stages.{name}": number for number, name in enumerate(NAMES)}
    found = []
    for module, name in BUILT_OF:
        own, other = (place.get(".".join(each.split(".")[:4])) for each in (module, name))
        if own is not None and other is not None and other > own:
            found.append(f"{module} imports {name}")
    assert not found


def test_a_circle_is_noticed() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})
    assert not circle({"a": {"b", "c"}, "b": {"c"}})
    with pytest.raises(AssertionError, match="stands on no floor"):
        floor("massivetext.pipeline.utils")
