"""Targets: computes how many tokens each source gives, and which of its documents are repeated for that.

Source i gives weight_i * target tokens: floor(epochs) copies of each document, and one more copy of the documents that
come first in a seeded order. The last of these is cut, so that the target is met exactly. In a mix of phases, each
phase goes on where the one before stopped: no document is repeated before all have been used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.runtime.blocks import pointers
from massivetext.pipeline.runtime.parts import StageError
from massivetext.pipeline.stages.mix import lengths
from massivetext.pipeline.stages.mix.lengths import TokensPart
from massivetext.pipeline.stages.mix.rows import COPY
from massivetext.pipeline.storage.arrays import Array


@dataclass(frozen=True)
class Place:
    """A place in the endless sequence of a source's tokens: all its documents in a seeded order, copy after copy."""

    tokens: int = 0  # before the place
    copy: int = 0
    order: int = -1  # of the document that holds the place; -1 at the beginning of a copy
    pointer: int = 0
    within: int = 0  # tokens of that document before the place


@dataclass(frozen=True)
class Target:
    """The part of a source, or of one of its strata, in the mix, or in one of its phases: a stretch of its tokens."""

    source: str
    available: int
    start: Place
    stop: Place
    stratum: int = 0  # the number of the source's stratum that gives them
    phase: int = 0

    @property
    def tokens(self) -> int:
        """The number of tokens that it gives."""
        return self.stop.tokens - self.start.tokens

    @property
    def epochs(self) -> float:
        return self.tokens / self.available if self.available else 0.0


def targets(
    weights: Mapping[str, float], available: Mapping[str, int], tokens: int, max_epochs: float
) -> dict[str, int]:
    """Returns the tokens that each source gives. A source of weight 0 gives none. Raises StageError: see affordable."""
    wanted = {name: round(weight * tokens) for name, weight in weights.items()}
    affordable(wanted, weights, available, tokens, max_epochs)
    return wanted


def affordable(
    wanted: Mapping[str, int],
    weights: Mapping[str, float],
    available: Mapping[str, int],
    tokens: int,
    max_epochs: float,
) -> None:
    """Raise StageError, with the numbers, if a source has no tokens or would be repeated more than `max_epochs` times.

    `weights` are shares of all `tokens`.
    """
    if empty := [name for name in wanted if wanted[name] and not available[name]]:
        shares = ", ".join(f"{name} ({weights[name]:g} of {tokens:,} tokens)" for name in empty)
        raise StageError(
            f"no tokens are left of {shares}, so the weight cannot be met. "
            "Add data, change the limits, or set its weight to 0."
        )
    over = {n: wanted[n] / available[n] for n in wanted if wanted[n] > max_epochs * available[n]}
    if over:
        most = min(int(max_epochs * available[n] / weights[n]) for n in over)
        lines = [
            f"{n}: {weights[n]:g} of {tokens:,} tokens is {wanted[n]:,}, but it has {available[n]:,}: "
            f"{epochs:.2f} epochs, more than mix.max_epochs {max_epochs:g}"
            for n, epochs in over.items()
        ]
        raise StageError(
            "\n".join(lines) + f"\nLower mix.tokens to at most {most:,}, change the weights, or add data "
            "(more than 4 epochs is worth less than new data: Muennighoff et al., arXiv 2305.16264)."
        )


def select(
    out: str,
    source: str,
    parts: Sequence[TokensPart],
    tokens: int,
    stratum: int = 0,
    start: Place | None = None,
    phase: int = 0,
) -> Target:
    """Returns the copies of a source's documents that give exactly `tokens` from a place on."""
    start = start or Place()
    histograms = [lengths.histogram(out, item.part, stratum) for item in parts]
    by_bin: npt.NDArray[np.int64] = sum((h[1] for h in histograms), np.zeros(lengths.BINS, np.int64))
    available = int(by_bin.sum())
    if not available or not tokens:
        return Target(source, available, start, start, stratum, phase)
    end = start.tokens + tokens
    copies, rest = divmod(end, available)
    if rest == 0:
        return Target(source, available, start, Place(end, copies), stratum, phase)
    before = np.cumsum(by_bin) - by_bin
    bin_ = int(np.searchsorted(before, rest, side="left")) - 1  # the bin in which the sum reaches the rest
    rest -= int(before[bin_])
    blocks = []
    for item in parts:
        rows = lengths.in_bin(out, item.part, bin_, stratum)
        blocks.append(once(item.part, rows))
    found = np.sort(np.concatenate(blocks), order=("order", "pointer"))
    ends = np.cumsum(found["tokens"].astype(np.int64))
    last = int(np.searchsorted(ends, rest, side="left"))
    row = found[last]
    within = rest - int(ends[last] - row["tokens"])
    stop = Place(end, copies, int(row["order"]), int(row["pointer"]), within)
    return Target(source, available, start, stop, stratum, phase)


def once(part: int, rows: Array) -> Array:
    """Returns one copy of each document of a part. `order` is that of the document."""
    copies = np.empty(len(rows), COPY)
    copies["order"], copies["tokens"], copies["copy"] = rows["order"], rows["tokens"], 0
    copies["pointer"] = pointers(part, rows["row"].astype(np.int64))
    return copies


def chosen(target: Target, part: int, rows: Array) -> Array:
    """Returns the copies of a part's documents that go into the mix. `order` is that of the document."""
    found = [np.empty(0, COPY)]
    for number in range(target.start.copy, target.stop.copy + 1):
        copies = once(part, rows)
        copies["copy"] = number
        if number == target.stop.copy:
            copies = _before(copies, target.stop)
        if number == target.start.copy:
            copies = _from(copies, target.start)
        found.append(copies)
    return np.concatenate(found)


def _before(copies: Array, place: Place) -> Array:
    """Returns the documents before a place in its copy."""
    if place.order < 0:
        return copies[:0]
    earlier, at = _beside(copies, place)
    copies["tokens"][at] = place.within
    return copies[earlier | at]


def _from(copies: Array, place: Place) -> Array:
    """Returns the documents after a place in its copy. The document that holds the place has lost its first tokens."""
    if place.order < 0:
        return copies
    earlier, at = _beside(copies, place)
    copies["tokens"][at] -= np.uint32(place.within)
    return copies[~earlier & (copies["tokens"] > 0)]


def _beside(copies: Array, place: Place) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Returns whether each document comes before the one that holds a place, and whether it is that one."""
    order, pointer = np.uint64(place.order), np.uint64(place.pointer)
    tied = copies["order"] == order
    return (copies["order"] < order) | (tied & (copies["pointer"] < pointer)), tied & (
        copies["pointer"] == pointer
    )


def skipped(target: Target, copies: Array) -> npt.NDArray[np.int64]:
    """Returns how many tokens at the start of each copy do not belong to the target."""
    place = target.start
    is_cut = (copies["pointer"] == np.uint64(place.pointer)) & (copies["copy"] == place.copy)
    return np.where(is_cut, place.within, 0)
