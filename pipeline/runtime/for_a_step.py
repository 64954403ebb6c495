"""What a process builds once and keeps for as long as it works on one step, such as an index of test items."""

import functools
from collections.abc import Callable
from typing import TypeVar

from massivetext.pipeline.storage.memory import give_back

R = TypeVar("R")

_forget: list[Callable[[], None]] = []


def kept_for_a_step(function: Callable[..., R]) -> Callable[..., R]:
    """Keep the result of a function's last call, until the process begins another step. Arguments must be hashable."""
    kept = functools.lru_cache(maxsize=1)(function)
    _forget.append(kept.cache_clear)
    return kept


@functools.lru_cache(maxsize=1)
def begin(_step: str) -> None:
    """If this is another step than the last, forget what was kept for that, and give back the memory.

    The last item of a step may keep one worker busy for long, such as the training of a tokenizer. The others, which
    wait, should not hold what nobody uses any more.
    """
    for forget in _forget:
        forget()
    give_back()
