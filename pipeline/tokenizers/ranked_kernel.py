"""Encodes with a tokenizer.json's byte-pair model by the kernel of `filters.tokens.ranked`."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.kernels.utf8 import views
from massivetext.filters.tokens.ranked import encode, words
from massivetext.filters.tokens.ranked.added import next_added
from massivetext.filters.tokens.ranked.normal_form import kinds_of, stretches
from massivetext.pipeline.tokenizers.protocol import Encoded
from massivetext.pipeline.tokenizers.ranked_model import Plan

SPACE = "\u2581"


class RankedKernel:
    """A tokenizers.FastEncoder of a tokenizer.json.

    Few texts need the library: those that its normaliser may change, and those that hold U+2581, if the tokens use
    U+2581 for a space.
    """

    name = "filters.tokens.ranked"

    def __init__(self, plan: Plan, library: Any) -> None:
        """`library` is the tokenizer of `tokenizers`, with its settings made."""
        self._plan = plan
        self._library = library
        self.words = words.words()
        words.remember_tokens(self.words, plan.model.vocabulary)

    def forget(self) -> None:
        """See FastEncoder."""
        words.forget(self.words)
        words.remember_tokens(self.words, self._plan.model.vocabulary)

    def encode(self, text: pa.StringArray, bos: int, eos: int, dtype: Any) -> Encoded:
        """See FastEncoder."""
        text, left_out = self._prepared(text)
        offsets, data = views(text)
        out = np.empty(int(offsets[-1] - offsets[0]) + 2 * len(text) + 5, dtype)
        starts, looked, missed = encode.encode(self._plan.model, self.words, data, offsets, out, bos, eos)
        if left_out:
            return Encoded(*_put_in(starts, out, left_out, bos, dtype), looked, missed)
        return Encoded(starts, out[: starts[-1]], looked, missed)

    def _prepared(self, text: pa.StringArray) -> tuple[pa.StringArray, dict[int, list[int]]]:
        """Returns the texts for the kernel, and the ids of those that the library must encode, which are then empty."""
        changed = self._normalised(text) if self._plan.form else {}
        left_out: dict[int, list[int]] = {}
        offsets, data = views(text)
        for row in changed:
            start, end = int(offsets[row]), int(offsets[row + 1])
            if next_added(self._plan.model.added, data, start, end)[2] >= 0:
                left_out[row] = self._ids(text[row].as_py())
        if self._plan.spells_spaces:
            for row in np.flatnonzero(
                pc.match_substring(text, SPACE).to_numpy(zero_copy_only=False)
            ).tolist():
                left_out[row] = self._ids(text[row].as_py())
        text = _replaced(text, changed | dict.fromkeys(left_out, ""))
        if self._plan.prefix != "never":
            stays = pc.equal(text, "")
            if self._plan.prefix == "unless_space":
                stays = pc.or_(stays, pc.starts_with(text, " "))
            text = pc.if_else(stays, text, pc.binary_join_element_wise(" ", text, ""))
        return text, left_out

    def _normalised(self, text: pa.StringArray) -> dict[int, str]:
        """Returns the texts that the library's normaliser changes, normalised, by row."""
        assert self._plan.form is not None
        offsets, data = views(text)
        changed: dict[int, list[bytes]] = {}  # by row: pieces of its text up to `done`
        done: dict[int, int] = {}
        for row, start, end in stretches(kinds_of(self._plan.form), data, offsets).tolist():
            before = data[start:end].tobytes()
            after = self._library.normalizer.normalize_str(before.decode()).encode()
            if after != before:
                from_ = done.get(row, int(offsets[row]))
                changed.setdefault(row, []).extend((data[from_:start].tobytes(), after))
                done[row] = end
        return {
            row: b"".join((*pieces, data[done[row] : offsets[row + 1]].tobytes())).decode()
            for row, pieces in changed.items()
        }

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._library.encode(text, add_special_tokens=False).ids
        return ids


def _replaced(text: pa.StringArray, changed: dict[int, str]) -> pa.StringArray:
    if not changed:
        return text
    rows = np.arange(len(text))
    rows[list(changed)] = len(text) + np.arange(len(changed))
    return pa.concat_arrays([text, pa.array(changed.values(), pa.string())]).take(pa.array(rows))


def _put_in(
    starts: npt.NDArray[np.int32],
    ids: npt.NDArray[np.unsignedinteger],
    left_out: dict[int, list[int]],
    bos: int,
    dtype: Any,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.unsignedinteger]]:
    """Returns the ids with those of the documents that the library encoded, each after its bos."""
    parts, lengths, at = [], np.diff(starts), 0
    for row in sorted(left_out):
        place = int(starts[row]) + (bos >= 0)
        parts += [ids[at:place], np.array(left_out[row], dtype)]
        lengths[row] += len(left_out[row])
        at = place
    parts.append(ids[at : starts[-1]])
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32), np.concatenate(parts)
