"""No gold set: no filter is trained on, or compared with, a reference corpus.

A rule may look only at the document itself. The one model that filters read is the language model, which
answers which language a text is in, not how good it is. These tests fail when another comes in.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

FILTERS = ROOT / "filters"
LANGUAGE_MODEL = "models/lid.176.ftz"
SHIPPED = {LANGUAGE_MODEL, "models/NOTICE.md"}

# What filters may import beside the standard library and what stands below them. A library that brings models or
# word lists with it (fasttext, kenlm, nltk, sentencepiece, spacy, torch, transformers, ...) has no place here.
# The two for licences know what licences say, and nothing of the documents' quality.
# detect-secrets knows the forms of keys.
LIBRARIES = {"numba", "llvmlite", "numpy", "pyarrow", "langcodes", "datasketch", "ftfy"}
LIBRARIES |= {"w3lib", "detect_secrets"}
LICENCES = {"licenseclassifier", "license_expression"}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "a relative import")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "__import__",
            "importlib.import_module",
            "import_module",
        ):
            found.add("an import by a computed name")
    return found


@pytest.mark.parametrize("path", sorted(FILTERS.rglob("*.py")), ids=lambda path: path.stem)
def test_imports(path: Path) -> None:
    own = ("massivetext.filters", "massivetext.schemas")
    others = {name.partition(".")[0] for name in imports(path) if not name.startswith(own)}
    if path.name == "discover.py":  # which imports modules of this package only, and tests say so
        others.discard("an import by a computed name")
    outside = others - LIBRARIES - LICENCES - sys.stdlib_module_names
    assert not outside, f"{path.name} imports {outside}: filters bring no models or reference data"
    if not path.stem.startswith("fasttext_") and path.stem != "language":
        assert "massivetext.filters.language.fasttext_model" not in imports(path), (
            f"{path.name} reads a model: only language.py does"
        )


def test_files_shipped() -> None:
    files = {
        path.relative_to(FILTERS).as_posix()
        for path in FILTERS.rglob("*")
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    }
    licence_texts = {file for file in files if file.startswith("licences/") and file.endswith(".txt")}
    assert files - licence_texts == SHIPPED


PROGRAM = """
import importlib, pkgutil, sys
import massivetext.filters
opened = []
sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" else None)
for module in pkgutil.walk_packages(massivetext.filters.__path__, "massivetext.filters."):
    importlib.import_module(module.name)
import massivetext.filters.compile
massivetext.filters.compile.main()  # each filter, once
print("\\n".join({str(path) for path in opened if isinstance(path, (str, bytes))}))
"""


def is_code(path: Path) -> bool:
    """Whether a file is code, compiled code, what describes a package, or the system's account of itself."""
    system = path.parts[:2] in (("/", "proc"), ("/", "sys"), ("/", "dev"))
    package = path.parent.suffix in (".dist-info", ".egg-info")
    compiled = path.suffix in (".py", ".pyc", ".so", ".nbi", ".nbc", ".pth") or ".so." in path.name
    return system or package or compiled or "__pycache__" in path.parts


def test_files_opened() -> None:
    environment = {**os.environ, "PYTHONPATH": str(FILTERS.parent)}
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment)
    assert run.returncode == 0, run.stderr
    opened = {path.resolve() for path in map(Path, run.stdout.splitlines()) if path.is_file()}
    assert FILTERS / LANGUAGE_MODEL in opened, "the hook sees what is opened"
    data = {path for path in opened if not is_code(path) and not LICENCES & set(path.parts)}
    data.discard(FILTERS / LANGUAGE_MODEL)
    # pyarrow imports pandas where that is installed, as for the notebook, and pandas reads a time zone
    data -= {path for path in data if path.is_relative_to("/usr/share/zoneinfo")}
    assert not data
