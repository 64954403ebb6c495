"""Figures of a run of many sources, made from those of a real one."""

from collections.abc import Mapping, Sequence
from typing import Any

from massivetext.pipeline.stages.report.figures.assemble import SAMPLED
from massivetext.pipeline.stages.report.stats import Stats

WIDE = {letter: 0x4E00 + letter for letter in range(ord("a"), ord("z") + 1)}
"""Letters to signs that take three bytes."""


def crowded(stats: Stats, source: str, count: int) -> Stats:
    """As if a source were `count` sources; every third of them is in a script that takes three bytes a letter."""
    names = [f"{source}_of_crawl_{number:03}" for number in range(count)]
    given = stats.model_dump(mode="json")
    found = _many(given, source, names) | {"pairs": given["pairs"]}  # of which there are no more
    for sample in found["samples"]:
        size = SAMPLED // count
        sample.update({name: sample[name][:size] for name in ("ids", "bytes", "free")})
        sample["values"] = [values[:size] for values in sample["values"]]
    return Stats.model_validate(found)


def _many(value: Any, source: str, names: Sequence[str]) -> Any:
    """With `count` of everything that is of the source."""
    if isinstance(value, Mapping):
        entries = value.items()
        return {
            new: _many(one, source, names)
            for key, one in entries
            for new in (names if key == source else [key])
        }
    if isinstance(value, list):
        return [
            copy
            for one in value
            for copy in (
                _copies(one, source, names) if _owner(one) == source else [_many(one, source, names)]
            )
        ]
    return value


def _owner(value: Any) -> Any:
    return value.get("source", _owner(value.get("document"))) if isinstance(value, Mapping) else None


def _copies(value: Any, source: str, names: Sequence[str]) -> list[Any]:
    return [_renamed(value, source, name, number % 3 == 0) for number, name in enumerate(names)]


def _renamed(value: Any, source: str, name: str, is_wide: bool) -> Any:
    if isinstance(value, Mapping):
        renamed = {key: _renamed(one, source, name, is_wide) for key, one in value.items()}
        if renamed.get("source") == source:
            renamed["source"] = name
        if is_wide and "text" in renamed:
            renamed["text"] = renamed["text"].translate(WIDE)
        return renamed
    return [_renamed(one, source, name, is_wide) for one in value] if isinstance(value, list) else value
