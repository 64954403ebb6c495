"""Scattered tokens: in the order of shards, whatever the parts, the blocks and the passes."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.stages.mix import lengths, placement, scatter
from massivetext.pipeline.stages.mix.lengths import TokensPart, in_batches
from massivetext.pipeline.stages.mix.rows import RUN
from massivetext.pipeline.stages.mix.scatter import (
    Scatter,
    ScatterAgain,
    Scattered,
    in_groups,
    joined,
)
from massivetext.pipeline.storage import arrays, layout
from massivetext.pipeline.storage.output import Output
from massivetext.schemas.token import tokens

SHARDS = 7
DTYPE = np.dtype(np.uint16)


@pytest.fixture
def parts(tmp_path: Path) -> list[TokensPart]:
    """Three parts of twenty documents; each document is two runs, which go to any shards."""
    random = np.random.default_rng(3)
    for part in range(3):
        lists = [random.integers(0, 1000, random.integers(2, 40)) for _ in range(20)]
        ids = [f"{part:016x}{row:016x}" for row in range(20)]
        path = tmp_path / layout.tokens("web", part)
        path.parent.mkdir(parents=True, exist_ok=True)
        table = pa.table({"id": ids, "length": list(map(len, lists)), "tokens": lists}, schema=tokens(1000))
        pq.write_table(table, path, row_group_size=6)
        runs = np.zeros(40, RUN)
        for row, values in enumerate(lists):
            half = len(values) // 2
            for number, (start, length) in enumerate(((0, half), (half, len(values) - half))):
                run = runs[2 * row + number]
                run["pointer"], run["start"], run["tokens"] = part << 32 | row, start, length
                run["shard"], run["key"] = random.integers(SHARDS), random.integers(1 << 60)
        arrays.save(str(tmp_path), placement.STEP, f"{placement.RUNS}-{part:05d}", runs)
    return [TokensPart(part, "web") for part in range(3)]


def of_shard(out: Path, scattered: list[Scattered], shard: int) -> set[tuple[bytes, int, tuple[int, ...]]]:
    """A shard's runs: the document, where the run starts in it, and its tokens."""
    found = [
        piece
        for each in scattered
        if each.first <= shard < each.stop
        for piece in each.of_shards(str(out), shard, shard + 1, DTYPE)
    ]
    runs, values = joined(found, DTYPE)
    assert (runs["shard"] == shard).all()
    return {
        (run["id"], int(run["start"]), tuple(values[run["at"] : run["at"] + run["tokens"]].tolist()))
        for run in runs
    }


def expected(out: Path, parts: list[TokensPart], shard: int) -> set[tuple[bytes, int, tuple[int, ...]]]:
    found = set()
    for item in parts:
        table = pq.read_table(out / layout.tokens("web", item.part), partitioning=None)
        [path] = arrays.saved(str(out), placement.STEP, f"{placement.RUNS}-{item.part:05d}")
        for run in arrays.load(path):
            if run["shard"] == shard:
                row, start = int(run["pointer"]) & 0xFFFFFFFF, int(run["start"])
                values = table["tokens"][row].as_py()[start : start + int(run["tokens"])]
                found.add((table["id"][row].as_py().encode(), start, tuple(values)))
    return found


@pytest.mark.parametrize("block", [1, 100, 1 << 20])
def test_a_shard_reads_its_own_runs_and_no_others(
    tmp_path: Path, parts: list[TokensPart], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (lengths, scatter):
        monkeypatch.setattr(module, "BLOCK_TOKENS", block)
    batches = list(in_batches(parts, [400] * 3))
    assert [item for batch in batches for item in batch.items] == parts
    for batch in batches:
        Scatter(str(tmp_path), SHARDS)(batch, Output(str(tmp_path)))
    once = [Scattered(scatter.STEP, batch.part, 0, SHARDS) for batch in batches]
    groups = in_groups(SHARDS)
    assert [shard for group in groups for shard in range(group.first, group.stop)] == list(range(SHARDS))
    for group in groups:
        numbers = tuple(batch.part for batch in batches)
        ScatterAgain(str(tmp_path), SHARDS, numbers, DTYPE.itemsize)(group, Output(str(tmp_path)))
    again = [Scattered(scatter.AGAIN, group.part, group.first, group.stop) for group in groups]
    for shard in range(SHARDS):
        wanted = expected(tmp_path, parts, shard)
        assert of_shard(tmp_path, once, shard) == wanted
        assert of_shard(tmp_path, again, shard) == wanted


def test_small_parts_share_a_batch_and_large_ones_do_not() -> None:
    items = [TokensPart(part, "web") for part in range(1000)]
    assert len(list(in_batches(items, [30_000] * 1000))) <= 64
    assert len(list(in_batches(items[:8], [1 << 25] * 8))) == 8
