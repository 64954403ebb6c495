"""Deduplication as a whole, against brute force over all pairs."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from filters.minhash import band_parameters, bands, signatures
from filters.seeded import order
from filters.shingles import shingles
from pipeline import layout
from pipeline.config import Config
from pipeline.engine import Engine
from pipeline.load import Loaded
from pipeline.progress import Display
from pipeline.read.identity import identity
from pipeline.stage import Run
from pipeline.stages import deduplicate
from schemas.document import CANDIDATE

SEED = 5


def corpus(documents: int, seed: int) -> list[str]:
    """Texts in families: exact copies, small and large edits, chains of edits, and some alone."""
    random = np.random.default_rng(seed)
    words = np.array([f"w{number}" for number in range(5000)])
    texts: list[str] = []
    while len(texts) < documents:
        base = words[random.integers(0, len(words), random.integers(5, 200))]
        texts.append(" ".join(base))
        for _ in range(random.integers(0, 8)):
            kind = random.integers(0, 3)
            if kind == 0:  # exact but for white space
                texts.append("  ".join(base) + "\n")
                continue
            edited = base.copy()
            edited[random.integers(0, len(base), 1 if kind == 1 else 1 + len(base) // 20)] = "edited"
            texts.append(" ".join(edited))
            if kind == 1:
                base = edited  # a chain: the next edit starts here
    return texts[:documents]


def write(out: Path, parts: list[list[str]]) -> pa.Table:
    """documents/ as curate leaves it, one source; returns all ids and texts."""
    tables = []
    for part, texts in enumerate(parts):
        rows = [
            {
                "id": identity("web", text, 0),
                "source": "web",
                "text": text,
                "origin_file": "f",
                "origin_offset": 0,
            }
            for text in texts
        ]
        path = out / layout.documents("web", part)
        path.parent.mkdir(parents=True, exist_ok=True)
        tables.append(pa.Table.from_pylist(rows, CANDIDATE))
        pq.write_table(tables[-1], path, row_group_size=50)
    return pa.concat_tables(tables).select(["id", "text"])


def find(out: Path) -> dict[str, tuple[str, str, float]]:
    """Run the stage; returns id -> (survivor, kind, jaccard)."""
    config = Config.model_validate(
        {
            "seed": SEED,
            "sources": {"web": {"kind": "web", "paths": ["f"], "weight": 1}},
            "mix": {"tokens": 1000},
        }
    )
    run = Run(Loaded(config, "test", None), str(out), Engine([]), Display(Console(quiet=True)))
    run.keys["deduplicate"] = "key"
    deduplicate.run(run)
    found = {}
    for path in sorted((out / "duplicates").glob("*.parquet")):
        for row in pq.read_table(path).to_pylist():
            assert row["id"] not in found
            found[row["id"]] = (row["survivor_id"], row["kind"], row["jaccard"])
    return found


@pytest.fixture(scope="module")
def deduplicated(tmp_path_factory: pytest.TempPathFactory):
    out = tmp_path_factory.mktemp("deduplicated")
    texts = list(dict.fromkeys(corpus(1200, 1)))
    table = write(out, [texts[:300], texts[300:700], texts[700:]])
    return table, find(out)


def test_every_survivor_stays(deduplicated):
    _, found = deduplicated
    assert len(found) > 300
    assert not {survivor for survivor, _, _ in found.values()} & set(found)


def test_jaccards_are_exact_and_above_the_threshold(deduplicated):
    table, found = deduplicated
    words = {row["id"]: row["text"].split() for row in table.to_pylist()}

    def grams(id_: str) -> set[tuple[str, ...]]:
        text = words[id_]
        return {tuple(text[at : at + 13]) for at in range(max(1, len(text) - 12))}

    for id_, (survivor, kind, jaccard) in found.items():
        left, right = grams(id_), grams(survivor)
        exact = len(left & right) / len(left | right)
        assert jaccard == exact
        assert exact > 0.8
        assert (kind == "exact") == (words[id_] == words[survivor])


def test_no_two_that_stay_are_candidates_above_the_threshold(deduplicated):
    table, found = deduplicated
    pairs, similarity = candidate_pairs(table)
    for left, right in pairs:
        if left not in found and right not in found:
            assert similarity(left, right) <= 0.8


def test_equals_taking_documents_one_by_one_in_order(deduplicated):
    """The definition itself: in order, a document goes if it is a verified duplicate of one that stays."""
    table, found = deduplicated
    near = {id_ for id_, (_, kind, _) in found.items() if kind == "near"}
    exact = {id_ for id_, (_, kind, _) in found.items() if kind == "exact"}
    table = table.filter(pa.array([id_ not in exact for id_ in table.column("id").to_pylist()]))
    pairs, similarity = candidate_pairs(table)
    neighbours = defaultdict(set)
    for left, right in pairs:
        neighbours[left].add(right)
        neighbours[right].add(left)
    ids = table.column("id").combine_chunks()
    stay: set[str] = set()
    for at in np.argsort(order(ids, SEED, "survivor")):
        id_ = ids[int(at)].as_py()
        if all(similarity(id_, other) <= 0.8 for other in neighbours[id_] & stay):
            stay.add(id_)
    assert near == set(ids.to_pylist()) - stay


def candidate_pairs(table: pa.Table):
    """All pairs that share a band, and their similarity."""
    batch = table.combine_chunks().to_batches()[0]
    band_count, rows = band_parameters(0.8, 128, 0.99)
    hashed = bands(signatures(batch, permutations=128), band_count, rows).to_pylist()
    buckets = defaultdict(list)
    ids = batch.column("id").to_pylist()
    for id_, hashes in zip(ids, hashed, strict=True):
        for value in hashes or []:
            buckets[value].append(id_)
    sets = shingles(batch)
    by_id = {
        id_: set(sets.values[start:end].tolist())
        for id_, start, end in zip(ids, sets.offsets[:-1], sets.offsets[1:], strict=True)
    }
    pairs = {
        (min(left, right), max(left, right))
        for members in buckets.values()
        for left in members
        for right in members
        if left != right
    }
    return pairs, lambda left, right: len(by_id[left] & by_id[right]) / len(by_id[left] | by_id[right])


def test_does_not_depend_on_parts_and_their_order(tmp_path: Path, deduplicated):
    table, found = deduplicated
    texts = table.column("text").to_pylist()[::-1]
    write(tmp_path, [texts[:100], texts[100:150], texts[150:]])
    assert find(tmp_path) == found
