"""Targets: how many tokens each source gives, and which of its documents are repeated to reach them.

Source i gives weight_i * target tokens: floor(epochs) copies of each document, and one more of those that
come first in a seeded order, the last of them cut, until the target is met exactly.
"""

from collections.abc import Sequence
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
class Target:
    """The part of a source, or of one of its strata, in the mix."""

    source: str
    tokens: int  # to give
    available: int
    copies: int  # of every document
    last_order: int = -1  # one more copy of each document before this one in order ...
    last_pointer: int = 0
    last_tokens: int = 0  # ... and of this one so many tokens
    stratum: int = 0  # the number of the source's stratum that gives them

    @property
    def epochs(self) -> float:
        return self.tokens / self.available if self.available else 0.0


def targets(
    weights: dict[str, float], available: dict[str, int], tokens: int, max_epochs: float
) -> dict[str, int]:
    """The tokens each source is to give; a source of weight 0 gives none.

    Raises StageError where a source has no tokens, or would be repeated more than `max_epochs` times, with the numbers.
    """
    wanted = {name: round(weight * tokens) for name, weight in weights.items()}
    if empty := [name for name in wanted if wanted[name] and not available[name]]:
        shares = ", ".join(f"{name} ({weights[name]:g} of {tokens:,} tokens)" for name in empty)
        raise StageError(
            f"no tokens are left of {shares}, so that its weight cannot be met. "
            "Give it data or other limits, or take it out (a source of weight 0 gives nothing)."
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
    return wanted


def select(out: str, source: str, parts: Sequence[TokensPart], tokens: int, stratum: int = 0) -> Target:
    """Which copies give so many tokens, exactly."""
    histograms = [lengths.histogram(out, item.part, stratum) for item in parts]
    by_bin: npt.NDArray[np.int64] = sum((h[1] for h in histograms), np.zeros(lengths.BINS, np.int64))
    available = int(by_bin.sum())
    if not available or not tokens:
        return Target(source, 0, available, 0, stratum=stratum)
    copies, rest = divmod(tokens, available)
    if rest == 0:
        return Target(source, tokens, available, copies, stratum=stratum)
    before = np.cumsum(by_bin) - by_bin
    bin_ = int(np.searchsorted(before, rest, side="left")) - 1  # the bin in which the rest is reached
    rest -= int(before[bin_])
    blocks = []
    for item in parts:
        rows = lengths.in_bin(out, item.part, bin_, stratum)
        blocks.append(once(item.part, rows))
    found = np.sort(np.concatenate(blocks), order=("order", "pointer"))
    ends = np.cumsum(found["tokens"].astype(np.int64))
    last = int(np.searchsorted(ends, rest, side="left"))
    row = found[last]
    cut = rest - int(ends[last] - row["tokens"])
    return Target(source, tokens, available, copies, int(row["order"]), int(row["pointer"]), cut, stratum)


def once(part: int, rows: Array) -> Array:
    """One copy of each of a part's documents; `order` is the document's."""
    copies = np.empty(len(rows), COPY)
    copies["order"], copies["tokens"], copies["copy"] = rows["order"], rows["tokens"], 0
    copies["pointer"] = pointers(part, rows["row"].astype(np.int64))
    return copies


def chosen(target: Target, part: int, rows: Array) -> Array:
    """The copies of a part's documents that go into the mix; `order` is the document's."""
    full = np.empty(len(rows) * target.copies, COPY)
    for name in ("order", "tokens"):
        full[name] = np.tile(rows[name], target.copies)
    full["pointer"] = np.tile(pointers(part, rows["row"].astype(np.int64)), target.copies)
    full["copy"] = np.repeat(np.arange(target.copies), len(rows))
    if target.last_order < 0:
        return full
    last = once(part, rows)
    last["copy"] = target.copies
    order, pointer = np.uint64(target.last_order), np.uint64(target.last_pointer)
    tied = last["order"] == order
    last["tokens"][tied & (last["pointer"] == pointer)] = target.last_tokens
    return np.concatenate([full, last[(last["order"] < order) | (tied & (last["pointer"] <= pointer))]])
