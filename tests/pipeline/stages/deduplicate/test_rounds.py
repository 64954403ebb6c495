"""Deduplication as a whole, against brute force over all pairs."""

from pathlib import Path

import orjson
import pytest

from massivetext.pipeline.runtime import blocks, pipelines
from massivetext.pipeline.stages.deduplicate import stage as deduplicate
from massivetext.pipeline.storage import layout
from tests.pipeline.stages.deduplicate.corpus import agree, candidate_pairs, corpus, find, one_by_one, write


@pytest.fixture(scope="module")
def deduplicated(tmp_path_factory: pytest.TempPathFactory):
    out = tmp_path_factory.mktemp("deduplicated")
    texts = list(dict.fromkeys(corpus(1200, 1)))
    table = write(out, [texts[:300], texts[300:700], texts[700:]])
    return table, find(out)


def test_every_survivor_stays(deduplicated):
    _, found = deduplicated
    assert len(found) > 300
    assert not {one.survivor for one in found.values()} & set(found)


def test_jaccards_are_exact_and_above_the_threshold(deduplicated):
    table, found = deduplicated
    words = {row["id"]: row["text"].split() for row in table.to_pylist()}

    def grams(id_: str) -> set[tuple[str, ...]]:
        text = words[id_]
        return {tuple(text[at : at + 13]) for at in range(max(1, len(text) - 12))}

    for id_, (survivor, output, kind, jaccard) in found.items():
        assert output is None
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
    table, found = deduplicated
    assert agree(found, one_by_one(table))


def test_does_not_depend_on_parts_and_their_order(tmp_path: Path, deduplicated):
    table, found = deduplicated
    texts = table.column("text").to_pylist()[::-1]
    write(tmp_path, [texts[:100], texts[100:150], texts[150:]])
    assert find(tmp_path) == found


def test_does_not_depend_on_partitions_and_files(
    tmp_path: Path, deduplicated, monkeypatch: pytest.MonkeyPatch
):
    """Many rows are grouped through files; here, few are, in many small partitions."""
    table, found = deduplicated
    monkeypatch.setattr(blocks, "_SMALL_BYTES", 20_000)
    monkeypatch.setattr(pipelines, "_HELD_BYTES", 0)
    texts = table.column("text").to_pylist()
    write(tmp_path, [texts[:10], texts[10:500], texts[500:]])
    assert find(tmp_path) == found
    assert len(list((tmp_path / layout.work("deduplicate", "buckets")).glob("members-*.npy"))) > 10
    assert not list((tmp_path / layout.work("deduplicate", "")).glob("*/rows"))


def test_pages_of_a_template_that_all_stay_take_few_rounds(tmp_path: Path):
    """Each is a candidate of most others and a duplicate of none: one decided a round would take hundreds."""
    template = " ".join(f"t{number}" for number in range(200))
    texts = [f"{template} " + " ".join(f"{page}w{number}" for number in range(60)) for page in range(400)]
    table = write(tmp_path, [texts])
    assert find(tmp_path) == {}
    took = orjson.loads((tmp_path / deduplicate.ROUNDS).read_bytes())
    pairs, _ = candidate_pairs(table)
    assert len(pairs) > 30_000
    assert sum(took["verified_pairs"]) >= len(pairs)
    assert took["rounds"] <= 6  # 1 + 4 + 16 + 64 + 256 + 1024 lead a bucket in six


def test_documents_without_words_harm_no_other(tmp_path: Path):
    words = " ".join(f"w{number}" for number in range(60))
    table = write(tmp_path, [["-- --", f"{words} one", "…"], ["!"], [f"{words} two", "--  --"]])
    dashes, one, _, _, two, more_dashes = table.column("id").to_pylist()
    found = {frozenset((id_, removal.survivor)): removal.kind for id_, removal in find(tmp_path).items()}
    assert found == {frozenset((dashes, more_dashes)): "exact", frozenset((one, two)): "near"}
