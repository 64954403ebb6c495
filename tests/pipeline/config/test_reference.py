"""The configuration's reference: it holds every key, and the files in docs/ are what the models say."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from massivetext.filters.families import FAMILIES
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.reference import markdown, schema
from tests.paths import ROOT, SAMPLE


def keys(model: Any, prefix: str = "") -> Iterator[str]:
    """Every key of a model, those of the sections within it too; names that the user chooses as NAME."""
    for name, field in getattr(model, "model_fields", getattr(model, "__dataclass_fields__", {})).items():
        if name.startswith("__"):
            continue
        yield f"{prefix}{name}"
        annotation = getattr(field, "annotation", None)
        arguments = getattr(annotation, "__args__", ())
        for inner in (annotation, *arguments):
            named = "NAME." if getattr(annotation, "__origin__", None) is dict else ""
            for each in (inner, *getattr(inner, "__args__", ())):
                if hasattr(each, "model_fields") or hasattr(each, "__dataclass_fields__"):
                    yield from keys(each, f"{prefix}{name}.{named}")


def as_editors_read(path: Path) -> Any:
    """A configuration as YAML 1.2, in which 3e6 is a number; to PyYAML it is text."""
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.add_implicit_resolver(
        "tag:yaml.org,2002:float", re.compile(r"^\d+(\.\d+)?e\d+$"), list("123456789")
    )
    return yaml.load(path.read_text(), loader)


def test_the_files_are_made_from_the_models() -> None:
    advice = "run `make docs`"
    assert (ROOT / "docs/configuration.md").read_text() == markdown(), advice
    assert json.loads((ROOT / "docs/configuration.schema.json").read_text()) == schema(), advice


def test_every_key_is_in_the_reference_with_its_meaning() -> None:
    rows = dict(line.split("|")[1:5:3] for line in markdown().splitlines() if line.startswith("| `"))
    meanings = {key.strip().strip("`"): meaning.strip() for key, meaning in rows.items()}
    expected = {*keys(Config)}
    expected |= {f"{name}.{column}" for name, family in FAMILIES.items() for column in family.limits}
    assert expected <= set(meanings)
    assert not [key for key in expected if not meanings[key]], "each key says what it is for"


@pytest.mark.parametrize("path", [SAMPLE / "massivetext.yaml", ROOT / "pipeline/config/example.yaml"])
def test_configurations_that_are_right_are_right_for_editors(path: Path) -> None:
    jsonschema.validate(as_editors_read(path), schema())


@pytest.mark.parametrize(
    ("key", "value"),
    [("quality", {"word_cout": {"minimum": 3}}), ("sources", {"a": {"kind": "webb"}}), ("qualty", {})],
)
def test_configurations_that_are_wrong_are_wrong_for_editors(key: str, value: object) -> None:
    right = as_editors_read(SAMPLE / "massivetext.yaml")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**right, key: value}, schema())
