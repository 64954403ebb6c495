"""Corpora with many duplicates, the stage run on them, and brute force over all pairs."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console

from massivetext.filters.seeded import order
from massivetext.filters.similarity.minhash import band_parameters, bands, signatures
from massivetext.filters.similarity.shingles import shingles
from massivetext.pipeline.config.load import Loaded
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.read.identity import identity
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.progress import Display
from massivetext.pipeline.runtime.stage import Run
from massivetext.pipeline.stages.deduplicate import stage as deduplicate
from tests.pipeline.documents import write_documents

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


def write(out: Path, parts: list[list[str]], source: str = "web", first: int = 0) -> pa.Table:
    """documents/ as curate leaves it, of one source; returns all ids and texts."""
    tables = []
    for part, texts in enumerate(parts, start=first):
        rows = [
            {
                "id": identity(source, text, 0),
                "text": text,
                "origin_file": "f",
                "origin_offset": 0,
            }
            for text in texts
        ]
        tables.append(write_documents(out, source, part, rows))
    return pa.concat_tables(tables).select(["id", "text"])


class Found(NamedTuple):
    """What is in duplicates/ of an id."""

    survivor: str
    output: str | None
    kind: str
    jaccard: float


def find(out: Path, console: Console | None = None, **options: Any) -> dict[str, Found]:
    """Run the stage with some options on the sources written; returns duplicates/ by id."""
    sources = [path.name.removeprefix("source=") for path in sorted((out / "documents").iterdir())]
    config = Config.model_validate(
        {
            "seed": SEED,
            "sources": {
                name: {"kind": "web", "paths": ["f"], "weight": 1 / len(sources)} for name in sources
            },
            "deduplicate": options,
            "mix": {"tokens": 1000},
        }
    )
    loaded = Loaded(config, str(out.parent / "config.yaml"), None)
    run = Run(loaded, str(out), Engine([]), Display(console or Console(quiet=True)))
    deduplicate.run(run)
    state = manifest.Manifest(config.model_dump(mode="json"))
    state.stages["deduplicate"] = manifest.Finished({}, "digest", 0, [], [], 1, 0, 0)
    state.write(str(out))
    found = {}
    for path in sorted((out / "duplicates").glob("*.parquet")):
        for row in pq.read_table(path).to_pylist():
            assert row["id"] not in found
            found[row["id"]] = Found(row["survivor_id"], row["survivor_output"], row["kind"], row["jaccard"])
    return found


Similarity = Callable[[str, str], float]


def candidate_pairs(table: pa.Table) -> tuple[set[tuple[str, str]], Similarity]:
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


def one_by_one(table: pa.Table, first: Iterable[str] = ()) -> dict[str, set[str]]:
    """The definition itself: in order, a document goes if it is a duplicate of one that stays.

    Those of `first` come before all others and stay in any case. Returns, of each that goes, those
    that stay of which it is a duplicate: any may be named as its survivor.
    """
    pairs, similarity = candidate_pairs(table)
    neighbours = defaultdict(set)
    for left, right in pairs:
        neighbours[left].add(right)
        neighbours[right].add(left)
    always = set(first)
    ids = table.column("id").combine_chunks()
    ranks = [
        (id_.as_py() not in always, int(hash_))
        for id_, hash_ in zip(ids, order(ids, SEED, "survivor"), strict=True)
    ]
    by_order = [id_ for _, id_ in sorted(zip(ranks, ids.to_pylist(), strict=True))]
    words = {row["id"]: " ".join(row["text"].split()) for row in table.to_pylist()}
    stay: set[str] = set()
    by_words: dict[str, set[str]] = {}
    survivors: dict[str, set[str]] = {}
    for id_ in by_order:
        if id_ not in always:
            similar = {other for other in neighbours[id_] & stay if similarity(id_, other) > 0.8}
            if words[id_] in by_words:
                survivors[id_] = by_words[words[id_]]
            elif similar:
                survivors[id_] = similar
        if id_ not in survivors:
            stay.add(id_)
        by_words.setdefault(words[id_], survivors.get(id_, {id_}))
    return survivors


def agree(found: dict[str, Found], expected: dict[str, set[str]]) -> bool:
    """Whether the same documents go, each with a survivor of which it is a duplicate."""
    return set(found) == set(expected) and all(one.survivor in expected[id_] for id_, one in found.items())
