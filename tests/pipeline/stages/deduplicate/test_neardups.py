"""Revisions of real posts, of which most are near duplicates of each other."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import zstandard

from massivetext.pipeline.read.identity import identity
from tests.pipeline.stages.deduplicate.corpus import agree, candidate_pairs, find, one_by_one, write


@pytest.fixture(scope="module")
def revisions(shared_data: Path, tmp_path_factory: pytest.TempPathFactory):
    """The documents, what was found of them, candidates, and pairs of revisions of one post that are similar."""
    folder = shared_data / "neardups"
    with zstandard.open(folder / "18f-docs.jsonl.zst", "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    ids = {document["id"]: identity("web", document["text"], 0) for document in documents}
    texts = list(dict.fromkeys(document["text"] for document in documents))
    out = tmp_path_factory.mktemp("revisions")
    table = write(out, [texts[:700], texts[700:]])
    with open(folder / "18f-pairs.jsonl") as lines:
        pairs = [(ids[pair["a"]], ids[pair["b"]]) for pair in map(json.loads, lines)]
    candidates, similarity = candidate_pairs(table)
    similar = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1] and similarity(*pair) > 0.8}
    return table, find(out), candidates, similar, similarity


def test_pairs_above_the_threshold_are_candidates(revisions):
    _, _, candidates, similar, _ = revisions
    assert len(similar) > 1000
    assert len(similar & candidates) >= 0.99 * len(similar)


def test_what_is_removed_is_similar_to_a_survivor_that_stays(revisions):
    table, found, _, _, similarity = revisions
    assert len(found) > 500
    for id_, one in found.items():
        assert one.survivor not in found
        assert one.jaccard == similarity(id_, one.survivor) > 0.8
    assert agree(found, one_by_one(table))


def test_hardly_any_pair_above_the_threshold_is_left(revisions):
    _, found, _, similar, _ = revisions
    left = np.array([not set(pair) & set(found) for pair in similar])
    assert left.mean() < 0.01


def test_a_new_half_against_the_old_one(revisions, tmp_path: Path):
    """It loses what it would lose in a run of both in which the old half has priority."""
    table, _, _, _, _ = revisions
    texts = table.column("text").to_pylist()
    old, new = write(tmp_path / "old", [texts[::2]]), write(tmp_path / "new", [texts[1::2]])
    gone = find(tmp_path / "old")
    found = find(tmp_path / "new", against=["old"])
    staying = set(old.column("id").to_pylist()) - set(gone)
    both = one_by_one(pa.concat_tables([old, new]), first=staying)
    assert agree(found, {id_: both[id_] for id_ in new.column("id").to_pylist() if id_ in both})
    assert sum(one.output == "old" for one in found.values()) > 300
