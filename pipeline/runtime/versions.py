"""What a run's bytes may depend on: versions, and a fingerprint of this very code."""

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
    """The versions that a run's bytes may depend on."""
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
    """A fingerprint of this package's own source."""
    root = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for package in ("filters", "pipeline", "schemas"):
        for path in sorted((root / package).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def tag() -> str:
    """The tag by which an image says that it holds this very code."""
    return code()[:12]
