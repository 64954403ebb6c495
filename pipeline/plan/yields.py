"""Estimates the tokens to expect from a byte of each source's raw input, from a run's own counts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.parts import records
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names

MINIMUM_PARTS = 5
"""With fewer parts, the spread between parts says too little, and the spread between documents is used."""


@dataclass(frozen=True)
class Yield:
    """The tokens that a source gave. Its raw bytes are those of its files as they are stored, mostly compressed.

    `relative_error` is the standard error of `tokens_per_byte`, as a share of it. It comes from the spread over parts,
    or over documents if the run had too few parts; the second leaves out how files differ. It is None if nothing was
    tokenized, or only one document was read. Neither spread accounts for the duplicates that a larger corpus adds.
    """

    files: int
    raw_bytes: int
    tokens: int
    tokens_per_byte: float
    relative_error: float | None
    spread_over: Literal["parts", "documents"]


def yields(out: str, config: Config) -> dict[str, Yield]:
    """The yield of each source. A source without files, whose input was never counted, is left out."""
    curated, tokenized = _by_part(out, names.CURATE), _by_part(out, names.TOKENIZE)
    found = {}
    for source in config.sources:
        parts = [part for part, tally in curated.items() if any(tally.count(source, Figure.INPUT))]
        if not parts:
            continue
        counts = {part: curated[part].count(source, Figure.INPUT) for part in parts}
        empty = Tally()
        tokens = {part: tokenized.get(part, empty).count(source, Figure.TOKENIZED).tokens for part in parts}
        raw, total = sum(count.bytes for count in counts.values()), sum(tokens.values())
        if len(parts) >= MINIMUM_PARTS:
            error = _error_over_parts([(counts[part].bytes, tokens[part]) for part in parts])
        else:
            read = sum(curated[part].count(source, Figure.READ).documents for part in parts)
            squares = sum(
                tokenized.get(part, empty).count(source, Figure.TOKENS_SQUARED).tokens for part in parts
            )
            error = _error_over_documents(read, total, squares)
        found[source] = Yield(
            files=sum(count.documents for count in counts.values()),
            raw_bytes=raw,
            tokens=total,
            tokens_per_byte=total / raw if raw else 0.0,
            relative_error=error,
            spread_over="parts" if len(parts) >= MINIMUM_PARTS else "documents",
        )
    return found


def _by_part(out: str, stage: str) -> Mapping[int, Tally]:
    return {record.part: Tally.of(record.rows) for record in records(out, stage)}


def _error_over_parts(parts: list[tuple[int, int]]) -> float | None:
    """The relative standard error of a ratio estimate (Cochran, Sampling Techniques, 1977, section 2.11).

    parts: (raw bytes, tokens) of each part.
    """
    raw, tokens = sum(size for size, _ in parts), sum(got for _, got in parts)
    if not tokens or not raw:
        return None
    ratio = tokens / raw
    squares: float = sum((got - ratio * size) ** 2 for size, got in parts)
    return math.sqrt(len(parts) / (len(parts) - 1) * squares) / tokens


def _error_over_documents(read: int, tokens: int, squares: int) -> float | None:
    """The relative standard error of a sum over `read` documents. Documents that are not kept count as 0 tokens."""
    if not tokens or read < 2:
        return None
    return math.sqrt(max(0.0, (squares - tokens**2 / read) * read / (read - 1))) / tokens
