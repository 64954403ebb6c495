"""A kind of source: how its files are read, and which families of rules judge its documents by default."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from massivetext.pipeline.read.record import Reader


def _never(_: bytes) -> bool:
    return False


@dataclass(frozen=True)
class SourceKind:
    """A kind of source: one file of this folder declares it, and everything else derives from that.

    `meaning` describes its files in a line. `is_streaming`: the reader yields a file's first documents before it has
    read the whole file. `is_divisible` decides from a file's first bytes whether readers may read it in spans.
    `is_prose`: the rules for prose are measured on its documents. `judged_by` has families of rules that judge it by
    default, in addition to those that name this kind themselves.
    """

    name: str
    meaning: str
    read: Reader
    is_divisible: Callable[[bytes], bool] = _never
    is_prose: bool = True
    is_streaming: bool = True
    judged_by: frozenset[str] = frozenset()


def later(module: str, function: str) -> Callable[..., Any]:
    """Returns a function of a module that is imported when the function is first called.

    A run that reads no web pages need not load an HTML parser.
    """
    return lambda *arguments: getattr(importlib.import_module(module), function)(*arguments)
