"""Duplicates and contamination: how many, how similar, and some to look at."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.seeded import order
from massivetext.filters.similarity.minhash import candidate_probability
from massivetext.pipeline.runtime.candidates import candidates
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages.decontaminate.test_sets import stored as test_items
from massivetext.pipeline.stages.report.documents import excerpts
from massivetext.pipeline.stages.report.figures.funnel import amount
from massivetext.pipeline.stages.report.stats import Contamination, Deduplication, Duplicates, Match, Pair
from massivetext.pipeline.storage import files, layout, parquet

EDGES = np.linspace(0, 1, 101)
PAIRS = 4  # of captures of one URL, exact ones, near ones at random, and near ones closest to the threshold
MATCHES = 4  # of a test set


@dataclass(frozen=True)
class Found:
    """What the tables hold beyond counts: near duplicates by similarity, and the rows to show."""

    jaccard: list[int]
    pairs: pa.Table  # rows of duplicates/
    matches: pa.Table  # rows of contaminated/
    highest: dict[tuple[str, str], tuple[float, float]]  # Jaccard and containment, by test set and source


def batches(out: str, folder: str, sources: Sequence[str]) -> Iterator[tuple[str, pa.RecordBatch]]:
    """All rows of duplicates/ or contaminated/, with the source of the documents."""
    source_of = {item.part: item.source for item in candidates(out, sources)}
    for path, _ in files.match(posixpath.join(out, folder, "part-*.parquet")):
        for batch in parquet.batches(path):
            yield source_of[layout.part_of(path)], batch


def look(out: str, sources: Sequence[str], seed: int) -> Found:
    """One pass over duplicates/ and contaminated/."""
    similar = np.zeros(len(EDGES) - 1, np.int64)
    pairs: dict[str, pa.Table] = {}
    for _, batch in batches(out, "duplicates", sources):
        table = _hashed(batch, seed)
        near = table.filter(pc.equal(table.column("kind"), "near"))
        similar += np.histogram(near.column("jaccard").to_numpy(), EDGES)[0]
        table = table.filter(pc.is_null(table.column("survivor_output")))  # the others' texts are not here
        near = table.filter(pc.equal(table.column("kind"), "near"))
        for kind in ("url", "exact"):
            _keep_best(pairs, kind, table.filter(pc.equal(table.column("kind"), kind)), "hash", PAIRS)
        _keep_best(pairs, "random", near, "hash", PAIRS)
        _keep_best(pairs, "closest", near, "jaccard", PAIRS)
    matches: dict[str, pa.Table] = {}
    highest: dict[tuple[str, str], tuple[float, float]] = {}
    for source, batch in batches(out, "contaminated", sources):
        table = _hashed(batch, seed)
        for name in pc.unique(table.column("test_set")).to_pylist():
            of_set = table.filter(pc.equal(table.column("test_set"), name))
            jaccard, containment = (pc.max(of_set.column(by)).as_py() for by in ("jaccard", "containment"))
            before = highest.get((name, source), (0.0, 0.0))
            highest[name, source] = max(jaccard, before[0]), max(containment, before[1])
            negative = pa.array(-of_set.column("containment").to_numpy())
            _keep_best(matches, name, of_set.append_column("least", negative), "least", MATCHES)
    return Found(similar.tolist(), _joined(pairs), _joined(matches), highest)


def _hashed(batch: pa.RecordBatch, seed: int) -> pa.Table:
    hashes = order(batch.column("id"), seed, "report pairs")
    return pa.Table.from_batches([batch]).append_column("hash", pa.array(hashes))


def _keep_best(best: dict[str, pa.Table], name: str, rows: pa.Table, by: str, count: int) -> None:
    joined = pa.concat_tables([best[name], rows]) if name in best else rows
    best[name] = joined.sort_by([(by, "ascending"), ("hash", "ascending")]).slice(0, count)


def _joined(best: dict[str, pa.Table]) -> pa.Table:
    tables = [best[name].drop_columns(["hash"]) for name in sorted(best)]
    return (
        pa.concat_tables(tables).combine_chunks() if tables else pa.table({"id": pa.array([], pa.string())})
    )


def deduplication(
    out: str, sources: Sequence[str], tally: Tally, threshold: float, jaccard: list[int]
) -> Deduplication:
    """The counts, and how deduplication went."""
    path = posixpath.join(out, layout.work("deduplicate", "rounds.json"))
    facts = orjson.loads(files.read_bytes(path)) if files.exists(path) else {}
    band_count, rows = facts.get("bands", 0), facts.get("rows", 0)
    return Deduplication(
        sources=[
            Duplicates(
                source=source,
                url=amount(tally, source, "duplicate", "url"),
                exact=amount(tally, source, "duplicate", "exact"),
                near=amount(tally, source, "duplicate", "near"),
            )
            for source in sources
        ],
        threshold=threshold,
        jaccard_edges=EDGES.tolist(),
        jaccard=jaccard,
        bands=band_count,
        rows=rows,
        verified_pairs=facts.get("verified_pairs", []),
        recall=[candidate_probability(float(edge), band_count, rows) for edge in EDGES],
    )


def contamination(
    test_sets: Sequence[str],
    sources: Sequence[str],
    tally: Tally,
    highest: dict[tuple[str, str], tuple[float, float]],
) -> list[Contamination]:
    """Every test set against every source, also where nothing matched."""
    return [
        Contamination(
            test_set=test_set,
            source=source,
            matched=amount(tally, source, "matched", test_set),
            removed=amount(tally, source, "contaminated", test_set),
            highest_jaccard=highest.get((test_set, source), (0.0, 0.0))[0],
            highest_containment=highest.get((test_set, source), (0.0, 0.0))[1],
        )
        for test_set in test_sets
        for source in sources
    ]


def show(out: str, sources: Sequence[str], found: Found, shingle: int) -> tuple[list[Pair], list[Match]]:
    """The chosen rows with the beginnings of their documents."""
    pairs, matches = found.pairs.to_pylist(), found.matches.to_pylist()
    unique = {(row["id"], row["survivor_id"]): row for row in pairs}  # the closest may be random ones too
    ids = [id_ for pair in unique for id_ in pair] + [row["id"] for row in matches]
    places = excerpts.find(out, sources, ids)
    documents = excerpts.fetch(out, places.values(), excerpts.SHOWN)

    def pair(row: dict[str, Any]) -> Pair:
        removed, survivor = (documents[places[row[name]]] for name in ("id", "survivor_id"))
        shown = excerpts.beside(removed, survivor)
        return Pair(kind=row["kind"], jaccard=row["jaccard"], document=shown[0], survivor=shown[1])

    questions = dict(test_items.texts(out, {(row["test_set"], row["item"]) for row in matches}))

    def match(row: dict[str, Any]) -> Match:
        names = ("test_set", "item", "jaccard", "containment", "longest_run", "removed")
        facts, document = {name: row[name] for name in names}, documents[places[row["id"]]]
        text = questions.get((row["test_set"], row["item"]))
        if text is None:
            return Match(**facts, document=excerpts.beginning(document), question=None)
        item = excerpts.item(row["test_set"], row["item"], text)
        shown = excerpts.matching(document, item, shingle)
        return Match(**facts, document=shown[0], question=shown[1])

    # What is not found breaks a promise, which verify says better than an error here.
    return (
        [pair(row) for row in unique.values() if places.keys() >= {row["id"], row["survivor_id"]}],
        [match(row) for row in matches if row["id"] in places],
    )
