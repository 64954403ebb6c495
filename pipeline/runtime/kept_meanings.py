"""Keeps the fingerprints of modules beside the compiled kernels: to find them takes a second of each command."""

import contextlib
import hashlib
import sys
from collections.abc import Collection
from typing import Any

from massivetext.filters.kernels import kernel
from massivetext.filters.kernels.source import path_of
from massivetext.pipeline.plugins import meaning as finder
from massivetext.pipeline.storage import sealed
from massivetext.pipeline.storage.sealed import DamagedError

NAME = "meanings.json"
_known: dict[str, Any] = {}
"""By module: the hash of the source, and the fingerprint."""


def meanings(modules: Collection[str]) -> list[str]:
    """Returns the fingerprint of each module. A fingerprint that is not kept, or was found for other source, is found
    now and kept."""
    folder, how = str(kernel.cache_folder()), path_of(finder.__name__).read_bytes()
    sources = {module: path_of(module).read_bytes() for module in modules}
    hashes = {module: _hash(sources[module], how) for module in modules}
    if not _known:
        # A file that is damaged is written again; what cannot be kept is found by the next process, too.
        with contextlib.suppress(OSError, DamagedError):
            _known.update(sealed.read(f"{folder}/{NAME}"))
    new = [module for module in modules if _known.get(module, [""])[0] != hashes[module]]
    _known.update({module: [hashes[module], finder.meaning(sources[module])] for module in new})
    if new:
        with contextlib.suppress(OSError):
            sealed.write(folder, NAME, _known)
    return [_known[module][1] for module in modules]


def _hash(source: bytes, how: bytes) -> str:
    """The hash of all that a fingerprint depends on."""
    return hashlib.sha256(repr((source, how, sys.version)).encode()).hexdigest()[:32]
