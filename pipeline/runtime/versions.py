"""The versions and the fingerprint of the code on which the bytes of a run may depend."""

import contextlib
import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ENTERING = {
    "array_record": "array-record",
    "chardetng_py": "chardetng-py",
    "datasketch": "datasketch",
    "detect_secrets": "detect-secrets",
    "fasttext": "fasttext-community",
    "ftfy": "ftfy",
    "jinja2": "jinja2",
    "langcodes": "langcodes",
    "license_expression": "license-expression",
    "licenseclassifier": "licenseclassifier",
    "lxml": "lxml",
    "mwparserfromhell": "mwparserfromhell",
    "pypdfium2": "pypdfium2",
    "resiliparse": "resiliparse",
    "sentencepiece": "sentencepiece",
    "tokenizers": "tokenizers",
    "w3lib": "w3lib",
}
"""Libraries whose output enters results, by the name by which they are imported: another version may read another text,
or learn another tokenizer. A stage's key holds the versions of those that its code imports."""

_LIBRARIES = ("apache-beam", "numba", "numpy", "pyarrow")


@cache
def versions() -> dict[str, str]:
    """Returns the versions on which the bytes of a run may depend."""
    found = ((name, version_of(name)) for name in (*_LIBRARIES, *ENTERING.values()))
    return {
        "massivetext": version("massivetext"),
        "code": code(),
        "python": platform.python_version(),
        **{name: one for name, one in found if one is not None},
    }


@cache
def version_of(distribution: str) -> str | None:
    """Returns the version of a library, or None if it is not installed."""
    with contextlib.suppress(PackageNotFoundError):
        return version(distribution)
    return None


@cache
def code() -> str:
    """Returns a fingerprint of this package's own source."""
    root = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for package in ("filters", "pipeline", "schemas"):
        for path in sorted((root / package).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def tag() -> str:
    """Returns the tag of a container image that holds exactly this code."""
    return code()[:12]
