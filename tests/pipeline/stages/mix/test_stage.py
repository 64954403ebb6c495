"""The shards of a finished run: every token accounted for, shares exact, documents whole."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import orjson
import pyarrow.parquet as pq
import pytest


@pytest.fixture(scope="module")
def index(finished: Path) -> list[dict]:
    return pq.read_table(finished / "shards/index.parquet").to_pylist()


@pytest.fixture(scope="module")
def documents(finished: Path) -> dict[str, list[int]]:
    table = pq.read_table(finished / "tokens", columns=["id", "tokens"])
    return dict(zip(table.column("id").to_pylist(), table.column("tokens").to_pylist(), strict=True))


def test_each_source_gives_its_weight_to_the_token(finished: Path, index: list[dict]):
    got: dict[str, int] = defaultdict(int)
    for row in index:
        got[row["source"]] += row["tokens"]
    asked = orjson.loads((finished / ".work/mix/targets.json").read_bytes())
    assert got == {name: target["tokens"] for name, target in asked.items()}
    total = sum(got.values())
    for name, target in asked.items():
        assert abs(got[name] / total - target["weight"]) < 1e-6


def test_shards_hold_the_documents_that_the_index_says(
    finished: Path, index: list[dict], documents: dict[str, list[int]]
):
    numbers = {row["shard"] for row in index}
    paths = {number: finished / f"shards/parquet/shard-{number:05d}.parquet" for number in numbers}
    shards = {number: pq.read_table(path).column("input_ids").to_pylist() for number, path in paths.items()}
    for row in index:
        got = shards[row["shard"]][row["sequence"]]
        runs = zip(row["document_ids"], row["starts"], row["lengths"], strict=True)
        expected = [token for id_, start, length in runs for token in documents[id_][start : start + length]]
        assert got[: len(expected)] == expected
        assert len(set(got[len(expected) :])) <= 1, "the rest is padding"


def test_both_formats_hold_the_same_tokens(finished: Path):
    for path in sorted((finished / "shards/parquet").glob("*.parquet")):
        ids = pq.read_table(path).column("input_ids").combine_chunks()
        raw = np.fromfile(finished / f"shards/megatron/{path.stem}.bin", np.uint16)
        assert np.array_equal(ids.flatten().to_numpy(), raw)


def test_every_copy_is_whole_but_for_the_last_of_a_source(index: list[dict], documents: dict[str, list[int]]):
    runs = defaultdict(list)
    source = {}
    for row in index:
        for id_, copy, start, length in zip(
            row["document_ids"], row["copies"], row["starts"], row["lengths"], strict=True
        ):
            runs[id_, copy].append((start, length))
            source[id_] = row["source"]
    cut = defaultdict(int)
    for (id_, _), pieces in runs.items():
        pieces.sort()
        ends = [start + length for start, length in pieces]
        assert [start for start, _ in pieces] == [0, *ends[:-1]], "no gap and no overlap"
        cut[source[id_]] += ends[-1] != len(documents[id_])
    assert max(cut.values()) <= 1


def test_sources_are_shuffled_over_the_shard(index: list[dict]):
    """Each eighth of the shard holds each large source at about its share: within five standard deviations."""
    names = [row["source"] for row in index if row["shard"] == 0]
    for name in ("web", "books"):
        share = names.count(name) / len(names)
        for part in np.array_split(np.array(names), 8):
            deviation = (share * (1 - share) / len(part)) ** 0.5
            assert abs((part == name).mean() - share) < 5 * deviation
