"""Targets: exact to the token, whatever the lengths."""

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.read.identity import identity
from massivetext.pipeline.runtime.parts import StageError
from massivetext.pipeline.stages.mix import lengths
from massivetext.pipeline.stages.mix.lengths import TokensPart
from massivetext.pipeline.stages.mix.target import chosen, select, skipped, targets
from massivetext.pipeline.storage import layout
from massivetext.pipeline.storage.output import Output
from massivetext.schemas.token import tokens

PARTS = [TokensPart(0, "web"), TokensPart(3, "web")]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """tokens/ of two parts with documents of 0 to 400 tokens, and their lengths."""
    folder = tmp_path_factory.mktemp("mix")
    random = np.random.default_rng(3)
    for item in PARTS:
        sizes = random.integers(0, 400, 500)
        ids = [identity("web", "f", 1000 * item.part + row) for row in range(len(sizes))]
        table = pa.table(
            [ids, sizes, pa.array([np.arange(size, dtype=np.uint16) for size in sizes])], schema=tokens(1000)
        )
        path = folder / layout.tokens("web", item.part)
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path, row_group_size=64)
        lengths.Measure(str(folder), 7, validation=0.0)(item, Output(str(folder)))
    return folder


def copies(out: Path, wanted: int) -> np.ndarray:
    target = select(str(out), "web", PARTS, wanted)
    return np.concatenate([chosen(target, item.part, lengths.lengths(str(out), item.part)) for item in PARTS])


@pytest.mark.parametrize("share", [1e-5, 0.001, 0.1, 0.5, 0.999, 1, 1.3, 2, 3.77])
def test_the_tokens_are_exactly_those_asked_for(out: Path, share: float):
    available = select(str(out), "web", PARTS, 1).available
    wanted = max(1, round(share * available))
    found = copies(out, wanted)
    assert int(found["tokens"].sum()) == wanted
    times = np.unique(found["pointer"], return_counts=True)[1]
    assert times.max() - times.min() <= 1 or share < 1, "copies are whole epochs and at most one more"
    assert len(np.unique(found[["pointer", "copy"]])) == len(found)


def test_more_tokens_keep_the_documents_of_fewer(out: Path):
    """The choice is an order: a larger target adds documents and removes none."""
    few, many = (set(copies(out, wanted)["pointer"]) for wanted in (5_000, 20_000))
    assert few < many


def test_a_source_without_tokens_cannot_meet_its_weight():
    with pytest.raises(StageError, match=r"no tokens are left of b \(0.5 of 100 tokens\), so the weight"):
        targets({"a": 0.5, "b": 0.5}, {"a": 100, "b": 0}, 100, 4)
    assert targets({"a": 1, "b": 0}, {"a": 100, "b": 0}, 100, 4) == {"a": 100, "b": 0}
    assert targets({"a": 1, "b": 0}, {"a": 100, "b": 50}, 100, 4) == {"a": 100, "b": 0}


def test_too_many_epochs_name_the_source_and_the_most_that_works():
    with pytest.raises(
        StageError, match=r"b: 0.5 of 1,000 tokens is 500, but it has 100: 5.00 epochs"
    ) as error:
        targets({"a": 0.5, "b": 0.5}, {"a": 500, "b": 100}, 1000, 4)
    assert "at most 800" in str(error.value)
    assert targets({"a": 0.5, "b": 0.5}, {"a": 500, "b": 100}, 800, 4) == {"a": 400, "b": 400}


@pytest.mark.parametrize("steps", [[1, 50_000, 3], [60_000, 60_000, 180_000, 7], [999, 1, 1, 1, 400_000]])
def test_phases_share_the_row_of_tokens_without_a_gap_or_an_overlap(out: Path, steps: list[int]):
    """A phase goes on where the one before stopped: together they take what one target of all their tokens takes."""
    found: Counter[tuple[int, int, int]] = Counter()
    place = None
    for phase, wanted in enumerate(steps):
        target = select(str(out), "web", PARTS, wanted, start=place, phase=phase)
        place = target.stop
        for item in PARTS:
            rows = chosen(target, item.part, lengths.lengths(str(out), item.part))
            starts = skipped(target, rows)
            for row, start in zip(rows, starts.tolist(), strict=True):
                span = range(start, start + int(row["tokens"]))
                found.update((int(row["pointer"]), int(row["copy"]), token) for token in span)
        assert found.total() == sum(steps[: phase + 1])
    assert max(found.values()) == 1
    whole = copies(out, sum(steps))
    assert found.keys() == {
        (int(row["pointer"]), int(row["copy"]), token) for row in whole for token in range(int(row["tokens"]))
    }
