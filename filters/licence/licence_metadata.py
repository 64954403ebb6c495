"""The licence that a package's metadata file declares, as an SPDX expression."""

import configparser
import json
import re
import tomllib
from collections.abc import Callable
from email.parser import HeaderParser
from typing import Any

from massivetext.filters.licence.licence import UNKNOWN, join, normalise

# What people write for an SPDX id in free-text fields and trove classifiers. "BSD" alone is not here, since it does
# not say which BSD licence it means.
SPELLINGS = {
    "apache": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache software": "Apache-2.0",
    "apache, version 2.0": "Apache-2.0",
    "apache version 2.0": "Apache-2.0",
    "apache v2": "Apache-2.0",
    "apache v2.0": "Apache-2.0",
    "expat": "MIT",
    "the mit": "MIT",
    "3-clause bsd": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd-3": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "modified bsd": "BSD-3-Clause",
    "2-clause bsd": "BSD-2-Clause",
    "bsd 2-clause": "BSD-2-Clause",
    "bsd-2": "BSD-2-Clause",
    "simplified bsd": "BSD-2-Clause",
    "isc (iscl)": "ISC",
    "the unlicense (unlicense)": "Unlicense",
    "cc0": "CC0-1.0",
    "cc0 1.0 universal (cc0 1.0) public domain dedication": "CC0-1.0",
    "artistic 2.0": "Artistic-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "mpl 2.0": "MPL-2.0",
}
WORD_LICENCE = re.compile(r"\s*\blicen[sc]e\b\s*", re.IGNORECASE)
SHORT = 200  # characters; a longer licence field holds the licence's text, which a licence file states better


def declared(name: str, text: str) -> str | None:
    """The SPDX expression that the metadata file `name` declares.

    `name` is one of METADATA, in any case. None if the file declares nothing; UNKNOWN if it cannot be read or its
    declaration is not understood.
    """
    try:
        return METADATA[name.lower()](text)
    except (ValueError, RecursionError, AttributeError, TypeError, configparser.Error):
        return UNKNOWN


def _expression(field: object) -> str | None:
    """The licence in a licence field: an SPDX expression, a common spelling, or Cargo's old `MIT/Apache-2.0`."""
    if not isinstance(field, str) or not field.strip():
        return None
    if len(field) > SHORT:
        return UNKNOWN
    parts = [_one(part) for part in field.split("/")] if "/" in field else [_one(field)]
    known = [part for part in parts if part]
    return join(known, "OR") if len(known) == len(parts) else UNKNOWN


def _one(field: str) -> str | None:
    bare = WORD_LICENCE.sub(" ", field).strip(" ,").lower()
    return normalise(field.strip()) or normalise(SPELLINGS.get(bare, bare))


def _json(text: str) -> str | None:
    """package.json of npm, composer.json of PHP: `license` is an expression, or a list that offers a choice."""
    package = json.loads(text)
    field = package.get("license") or package.get("licenses")
    choices = field if isinstance(field, list) else [field]
    found = [_expression(each.get("type") if isinstance(each, dict) else each) for each in choices]
    return join([each for each in found if each], "OR")


def _pyproject(text: str) -> str | None:
    table = tomllib.loads(text)
    project = table.get("project", {})
    field = project.get("license", table.get("tool", {}).get("poetry", {}).get("license"))
    if isinstance(field, dict):
        field = field.get("text")  # {file = "LICENSE"} names a licence file, which is read by itself
    return _expression(field) or _classified(project.get("classifiers", []))


def _cargo(text: str) -> str | None:
    table: dict[str, Any] = tomllib.loads(text)
    return _expression(table.get("package", {}).get("license"))


def _core(text: str) -> str | None:
    """PKG-INFO and METADATA of Python packages: e-mail headers."""
    headers = HeaderParser().parsestr(text[: text.find("\n\n") + 1] or text)
    stated = _expression(headers["License-Expression"]) or _expression(headers["License"])
    if stated and stated != UNKNOWN:
        return stated
    return _classified(headers.get_all("Classifier", [])) or stated


def _setup(text: str) -> str | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(text)
    field = parser.get("metadata", "license", fallback="")
    return _expression(field) or _classified(parser.get("metadata", "classifiers", fallback="").splitlines())


def _classified(classifiers: list[str]) -> str | None:
    """The licences that trove classifiers state, joined by AND, since classifiers offer no choice."""
    licences = [each.rpartition("::")[2] for each in classifiers if each.strip().startswith("License ::")]
    found = [_expression(each) for each in licences if each.strip() not in ("OSI Approved", "DFSG approved")]
    return join([each for each in found if each])


def _debian(text: str) -> str | None:
    """debian/copyright in its machine-readable form: the licences of all paragraphs except that of `debian/*`."""
    if not text.lstrip().startswith("Format"):
        return None
    found = []
    for paragraph in re.split(r"\n[ \t]*\n", text):
        fields = HeaderParser().parsestr(paragraph.strip("\n"))
        if fields["Files"] and fields["License"] and not fields["Files"].startswith("debian/"):
            names = fields["License"].split("\n")[0]
            names = re.sub(r"\bExpat\b", "MIT", re.sub(r"\b([AL]?GPL-\d)(?![.\d])", r"\1.0", names))
            found.append(_expression(names) or UNKNOWN)
    return join(found)


METADATA: dict[str, Callable[[str], str | None]] = {
    "package.json": _json,
    "composer.json": _json,
    "pyproject.toml": _pyproject,
    "cargo.toml": _cargo,
    "pkg-info": _core,
    "metadata": _core,
    "setup.cfg": _setup,
    "debian/copyright": _debian,
}
"""How each metadata file is read, by its name in lower case."""
