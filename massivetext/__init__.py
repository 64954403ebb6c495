"""Open, runnable MassiveText on Apache Beam: turns raw sources into token shards for pre-training.

docs/library.md describes the public names. They are imported when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from massivetext.library import (
        Configuration,
        ConfigurationError,
        Output,
        RunError,
        compare,
        configuration,
        load,
        plan,
        run,
    )

__all__ = [
    "Configuration",
    "ConfigurationError",
    "Output",
    "RunError",
    "compare",
    "configuration",
    "load",
    "plan",
    "run",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("massivetext.library"), name)
    raise AttributeError(f"module 'massivetext' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
