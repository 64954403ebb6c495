"""The versions and the fingerprint of the code on which the bytes of a run may depend."""

import contextlib
import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARIES = ("apache-beam", "datasketch", "numba", "numpy", "pyarrow", "sentencepiece")
_OPTIONAL = ("tokenizers",)


@cache
def versions() -> dict[str, str]:
    """Returns the versions on which the bytes of a run may depend."""
    libraries = {name: version(name) for name in _LIBRARIES}
    for name in _OPTIONAL:
        with contextlib.suppress(PackageNotFoundError):
            libraries[name] = version(name)
    return {
        "massivetext": version("massivetext"),
        "code": code(),
        "python": platform.python_version(),
        **libraries,
    }


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
