"""A mix whose weights change twice, by the files that it leaves."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.plan.plan import plan
from massivetext.pipeline.verify.verify import verify
from massivetext.pipeline.withdraw import withdraw

CONFIG = """
sources:
  pages: {kind: text, paths: [pages.jsonl], weight: 0.5}
  books: {kind: text, paths: [books.jsonl], weight: 0.5}
language: {sources: []}
quality: {sources: []}
repetition: {sources: []}
deduplicate: {sources: []}
tokenizer: {train: {vocabulary: 512}}
mix:
  tokens: 30000
  sequence_length: 64
  shard_tokens: 4000
  validation: 0.1
  formats: [parquet, nanogpt]
  phases:
    - {name: warm-up, until: 5000, weights: {pages: 9, books: 1}}
    - {name: main, until: 25000}
    - {name: annealing, weights: {books: 1}}
"""
ASKED = [
    ("warm-up", {"pages": 4500, "books": 500}, 2),
    ("main", {"pages": 10000, "books": 10000}, 5),
    ("annealing", {"pages": 0, "books": 5000}, 2),
]


@pytest.fixture(scope="module")
def phased(tmp_path_factory: pytest.TempPathFactory, massivetext_here) -> Path:
    folder = tmp_path_factory.mktemp("phases")
    random = np.random.default_rng(5)
    words = ["".join(random.choice(list("aeioustrnlm"), random.integers(2, 8))) for _ in range(500)]
    for name, documents, length in (("pages", 200, 40), ("books", 12, 500)):
        rows = [{"text": " ".join(random.choice(words, length))} for _ in range(documents)]
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "mix.yaml").write_text(CONFIG)
    done = massivetext_here("run", "mix.yaml", "--output", "out", "--direct_num_workers", "1", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_every_promise_holds(phased: Path) -> None:
    assert verify(str(phased)) == []


def test_the_shards_of_each_phase_hold_its_tokens(phased: Path) -> None:
    phases = json.loads((phased / "shards/phases.json").read_text())
    rows = pq.read_table(phased / "shards/index.parquet").to_pylist()
    first = 0
    for phase, (name, sources, shards) in zip(phases, ASKED, strict=True):
        assert (phase["name"], phase["sources"], phase["shards"]) == (name, sources, shards)
        assert phase["first_shard"] == first
        given: Counter[str] = Counter(dict.fromkeys(sources, 0))
        for row in rows:
            if first <= row["shard"] < first + shards:
                given[row["source"]] += row["tokens"]
        assert given == sources
        first += shards
    assert first == len(list((phased / "shards/parquet").glob("shard-*.parquet")))


def test_a_phase_goes_on_in_the_document_that_the_one_before_cut(phased: Path) -> None:
    """No token of a copy is in the shards twice, and none of its first copy is left out before a second one begins."""
    seen: Counter[tuple[str, int, int]] = Counter()
    for row in pq.read_table(phased / "shards/index.parquet").to_pylist():
        for id_, copy, start, length in zip(
            row["document_ids"], row["copies"], row["starts"], row["lengths"], strict=True
        ):
            seen.update((id_, copy, token) for token in range(start, start + length))
    assert max(seen.values()) == 1
    ends = Counter((id_, copy) for id_, copy, _ in seen)
    sizes = {
        row["id"]: row["length"]
        for path in (phased / "tokens").rglob("*.parquet")
        for row in pq.read_table(path, columns=["id", "length"]).to_pylist()
    }
    cut = [id_ for (id_, _), tokens in ends.items() if tokens != sizes[id_]]
    assert len(cut) <= 2, "at most the last document of each source is cut"


def test_the_report_and_the_plan_show_the_phases(phased: Path) -> None:
    mix = json.loads((phased / "report/stats.json").read_text())["mix"]
    assert [(one["name"], one["given"], one["shards"]) for one in mix["phases"]] == ASKED
    assert "Phases of the mix" in (phased / "report/index.html").read_text()
    planned = plan("tokens", 60_000, str(phased)).mix
    assert planned is not None
    assert [(one.name, one.tokens) for one in planned.phases] == [
        ("warm-up", 10_000),
        ("main", 40_000),
        ("annealing", 10_000),
    ]


def test_the_shards_of_training_end_where_those_of_validation_begin(phased: Path) -> None:
    config = withdraw.manifest.opened(str(phased)).config
    assert withdraw._training(str(phased), config) == 9
