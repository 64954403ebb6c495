"""Counts features of a group's writing: matches of patterns in texts. Audits use these counts; no rule does.

Patterns have RE2's syntax and ignore case. Counting is one scan of Arrow's buffers, in time linear in the text.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_OPEN, _CLOSE = "\x01", "\x02"


def wrong(pattern: str) -> str | None:
    """What is wrong with a pattern; None if nothing is."""
    try:
        matches_nothing = pc.match_substring_regex(pa.array(["", "a"]), pattern, ignore_case=True)
    except pa.ArrowInvalid as error:
        return str(error).removeprefix("Invalid regular expression: ")
    return "matches the empty text" if matches_nothing[0].as_py() else None


def together(patterns: Sequence[str]) -> str:
    """One pattern that matches wherever any of the patterns does."""
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def count(texts: pa.Array, pattern: str) -> npt.NDArray[np.int64]:
    """The number of matches in each text that do not overlap."""
    found: npt.NDArray[np.int32] = pc.count_substring_regex(texts, pattern, ignore_case=True).to_numpy()
    return found.astype(np.int64)


def spans(text: str, pattern: str) -> Iterator[tuple[int, int]]:
    """The start and the end, in code points, of each match that `count` counts. For the few texts that are shown."""
    clean = pa.array([text.replace(_OPEN, " ").replace(_CLOSE, " ")])
    marked = pc.replace_substring_regex(clean, f"(?i)({pattern})", f"{_OPEN}\\1{_CLOSE}")[0].as_py()
    before, *rest = marked.split(_OPEN)
    at = len(before)
    for piece in rest:
        match, _, after = piece.partition(_CLOSE)
        yield at, at + len(match)
        at += len(match) + len(after)
