"""Which source a module's behaviour depends on: its own file, and the files of this package that it imports."""

import hashlib
import re
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The folder that holds the parts of `massivetext`: `filters`, `pipeline`, `schemas`."""

_PACKAGE = "massivetext"


@cache
def fingerprint(module: str) -> str:
    """The hash of the source of `module` and of all modules of this package that it imports, directly or not.

    Imports within functions count too. A module is named as in `filters.measure.words`.
    """
    digest = hashlib.sha256()
    for name in sorted(closure(module)):
        digest.update(name.encode() + b"\0" + path_of(name).read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def closure(module: str, without: tuple[str, ...] = ()) -> frozenset[str]:
    """The names of `module` and of all modules of this package that it imports, directly or not.

    Modules named by `without`, those inside them, and what only they import are left out.
    """
    found: set[str] = set()
    rest = [module]
    while rest:
        name = rest.pop()
        is_left_out = any(name == each or name.startswith(f"{each}.") for each in without)
        if name not in found and not is_left_out and path_of(name).is_file():
            found.add(name)
            rest.extend(imports(name))
    return frozenset(found)


@cache
def imports(module: str) -> frozenset[str]:
    """The modules of this package that `module`, which is one of them, imports itself.

    A folder that collects its modules by `filters.discover` counts as importing all of them, and the module of a kind
    of source as importing its reader.
    """
    return frozenset(
        name for name in _named(module) if name.startswith(f"{_PACKAGE}.") and path_of(name).is_file()
    )


def libraries(module: str) -> frozenset[str]:
    """The packages that are no part of this one or of Python, and that `module` imports itself."""
    tops = {name.partition(".")[0] for name in _named(module)}
    return frozenset(tops - {_PACKAGE} - sys.stdlib_module_names)


_FROM = r"from[ \t]+(?P<module>[\w.]+)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n]+)"
_IMPORT = re.compile(rf"^[ \t]*(?:{_FROM}|import[ \t]+(?P<modules>[^\n]+))", re.MULTILINE)
_COMMENT = re.compile(r"#[^\n]*")
_NAME = re.compile(r"(?:^|,)[\s(]*([\w.]+)")
_DECLARED = re.compile(r"(?<![\w.])(?<!def )declared\(")
_LATER = re.compile(r"(?<![\w.])later\(\s*\"([\w.]+)\"")


@cache
def _named(module: str) -> frozenset[str]:
    """All that a module's imports name. They are found by their lines, as ruff writes them: to parse all modules takes
    a second of each command.

    `declared` imports the modules of a folder, and `later` the one that it names.
    """
    source, found = path_of(module).read_text("utf-8"), set[str]()
    for each in _IMPORT.finditer(source):
        names = _NAME.findall(_COMMENT.sub("", each["names"] or each["modules"]))
        found.update(
            [each["module"], *(f"{each['module']}.{name}" for name in names)] if each["module"] else names
        )
    if _DECLARED.search(source):
        found.update(f"{module}.{file.stem}" for file in path_of(module).parent.glob("*.py"))
    return frozenset(found.union(_LATER.findall(source)))


def path_of(module: str) -> Path:
    """The file of a module; for a package, its `__init__.py`."""
    place = ROOT.joinpath(*module.split(".")[1:])
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
