"""Which documents an arm has, on a finished run of the bundled sample."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from massivetext.pipeline.ablate.documents import choose, held_out, texts
from massivetext.pipeline.ablate.settings import STEPS, Step

SEED, SHARE = 0, 0.2


def chosen(out: Path, source: str, step: Step, is_held_out: bool = False) -> list[str]:
    found = choose(str(out), source, step, SEED, SHARE, is_held_out)
    ids: list[str] = texts(str(out), source, found).column("id").to_pylist()
    return ids


@pytest.mark.parametrize("source", ["web", "c4", "books"])
def test_each_step_has_some_of_the_documents_of_the_one_before(finished: Path, source: str) -> None:
    arms = [set(chosen(finished, source, step)) for step in STEPS]
    assert arms[0] >= arms[1] >= arms[2] >= arms[3]
    assert arms[0] > arms[3]


def test_kept_documents_are_those_that_the_run_tokenized(finished: Path) -> None:
    tokenized = ds.dataset(finished / "tokens/source=c4").to_table(columns=["id"]).column("id").to_pylist()
    found = chosen(finished, "c4", "kept") + chosen(finished, "c4", "kept", is_held_out=True)
    assert sorted(found) == sorted(tokenized)


def test_no_arm_has_what_is_held_out_or_a_copy_of_it(finished: Path) -> None:
    table = ds.dataset(finished / "duplicates").to_table(columns=["id", "survivor_id"])
    survivors = dict(
        zip(table.column("id").to_pylist(), table.column("survivor_id").to_pylist(), strict=True)
    )
    raw = chosen(finished, "c4", "raw")
    assert not held_out(pa.array(raw), SEED, SHARE).any()
    copied = [survivors[one] for one in raw if one in survivors]
    assert copied, "the sample has duplicates that stay in the raw arm"
    assert not held_out(pa.array(copied), SEED, SHARE).any()


def test_the_order_is_a_seeded_one_and_texts_follow_it(finished: Path) -> None:
    found = choose(str(finished), "c4", "raw", SEED, SHARE, is_held_out=False)
    assert chosen(finished, "c4", "raw") == chosen(finished, "c4", "raw")
    assert not (np.diff(found.row) > 0).all()
    other = choose(str(finished), "c4", "raw", SEED + 1, 1e-9, is_held_out=False)
    assert not np.array_equal(found.row, other.row[: len(found.row)])
    table = texts(str(finished), "c4", found)
    assert [len(text.encode()) for text in table.column("text").to_pylist()] == found.bytes.tolist()
