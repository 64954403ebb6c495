"""Duplicates and contamination: counts them, says how similar they are, and chooses some to look at."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.seeded import order
from massivetext.filters.similarity.forms import FORMS
from massivetext.filters.similarity.minhash import candidate_probability
from massivetext.pipeline.config.deduplicate import Deduplicate
from massivetext.pipeline.runtime.candidates import candidates
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.decontaminate.canaries import STEP
from massivetext.pipeline.stages.decontaminate.test_sets import stored as test_items
from massivetext.pipeline.stages.report.documents import excerpts
from massivetext.pipeline.stages.report.documents.stretch import Place
from massivetext.pipeline.stages.report.figures.funnel import amount
from massivetext.pipeline.stages.report.stats_matches import (
    Canary,
    Contamination,
    Deduplication,
    Duplicates,
    Match,
    Pair,
)
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.schemas.duplicate import DUPLICATE_KINDS, DuplicateKind

PAIR = ("id", "survivor_id")
EDGES = np.linspace(0, 1, 101)
PAIRS = 4  # pairs shown of each: captures of one URL, exact, near at random, near closest to the threshold
SAMPLED = 2_000  # duplicates whose domain and whose survivor's domain are looked up
MATCHES = 4  # matches shown of each test set
MUCH_OF_AN_ITEM = 0.8  # share of an item's weight, or of its n-grams, from which on a document holds the item


@dataclass(frozen=True)
class Found:
    """What the tables hold beyond counts: near duplicates by similarity, and the rows to show."""

    jaccard: list[int]  # near duplicates in each bin of EDGES
    pairs: pa.Table  # rows of duplicates/ to show
    sample: pa.Table  # rows of duplicates/ whose survivors are in this output: at most SAMPLED, at random
    beside: int  # all of these rows
    matches: pa.Table  # rows of contaminated/
    highest: dict[tuple[str, str], "Highest"]  # by test set and source


@dataclass
class Highest:
    """The closest matches of one test set in one source."""

    jaccard: float = 0.0
    containment: float = 0.0
    kept: float = 0.0  # the highest containment among the documents that are kept
    kept_with_item: int = 0  # documents that are kept and hold MUCH_OF_AN_ITEM


def batches(out: str, folder: str, sources: Sequence[str]) -> Iterator[tuple[str, pa.RecordBatch]]:
    """All rows of duplicates/ or contaminated/, with the source of the documents."""
    source_of = {item.part: item.source for item in candidates(out, sources)}
    for path, _ in files.match(posixpath.join(out, folder, "part-*.parquet")):
        for batch in parquet.batches(path):
            yield source_of[layout.part_of(path)], batch


def look(out: str, sources: Sequence[str], seed: int) -> Found:
    """Finds all of this in one pass over duplicates/ and contaminated/."""
    similar = np.zeros(len(EDGES) - 1, np.int64)
    pairs: dict[str, pa.Table] = {}
    sample: dict[str, pa.Table] = {}
    beside = 0
    for _, batch in batches(out, "duplicates", sources):
        table = _hashed(batch, seed)
        near = table.filter(pc.equal(table.column("kind"), DuplicateKind.NEAR.label))
        similar += np.histogram(near.column("jaccard").to_numpy(), EDGES)[0]
        table = table.filter(pc.is_null(table.column("survivor_output")))  # other outputs' texts are not here
        beside += table.num_rows
        _keep_best(sample, "sample", table, "hash", SAMPLED)
        near = table.filter(pc.equal(table.column("kind"), DuplicateKind.NEAR.label))
        for kind in (DuplicateKind.URL.label, DuplicateKind.EXACT.label):
            _keep_best(pairs, kind, table.filter(pc.equal(table.column("kind"), kind)), "hash", PAIRS)
        _keep_best(pairs, "random", near, "hash", PAIRS)
        _keep_best(pairs, "closest", near, "jaccard", PAIRS)
    matches: dict[str, pa.Table] = {}
    highest: dict[tuple[str, str], Highest] = {}
    for source, batch in batches(out, "contaminated", sources):
        table = _hashed(batch, seed)
        gone = table.filter(table.column("removed")).column("id")
        for name in pc.unique(table.column("test_set")).to_pylist():
            of_set = table.filter(pc.equal(table.column("test_set"), name))
            _add(highest.setdefault((name, source), Highest()), of_set, gone)
            negative = pa.array(-of_set.column("containment").to_numpy())
            _keep_best(matches, name, of_set.append_column("least", negative), "least", MATCHES)
    return Found(similar.tolist(), _joined(pairs), _joined(sample), beside, _joined(matches), highest)


def _add(highest: Highest, found: pa.Table, gone: pa.ChunkedArray) -> None:
    """Adds rows of a test set. All rows of a document are in one batch, so `gone` holds each id that is removed."""
    kept = found.filter(pc.invert(pc.is_in(found.column("id"), gone)))
    held = kept.filter(pc.greater_equal(kept.column("containment"), MUCH_OF_AN_ITEM))
    highest.jaccard = max(highest.jaccard, pc.max(found.column("jaccard")).as_py() or 0.0)
    highest.containment = max(highest.containment, pc.max(found.column("containment")).as_py())
    highest.kept = max(highest.kept, pc.max(kept.column("containment")).as_py() or 0.0)
    highest.kept_with_item += pc.count_distinct(held.column("id")).as_py()


def _hashed(batch: pa.RecordBatch, seed: int) -> pa.Table:
    hashes = order(batch.column("id"), seed, "report pairs")
    return pa.Table.from_batches([batch]).append_column("hash", pa.array(hashes))


def _keep_best(best: dict[str, pa.Table], name: str, more: pa.Table, by: str, count: int) -> None:
    joined = pa.concat_tables([best[name], more]) if name in best else more
    best[name] = joined.sort_by([(by, "ascending"), ("hash", "ascending")]).slice(0, count)


def _joined(best: dict[str, pa.Table]) -> pa.Table:
    tables = [best[name].drop_columns(["hash"]) for name in sorted(best)]
    return (
        pa.concat_tables(tables).combine_chunks() if tables else pa.table({"id": pa.array([], pa.string())})
    )


def deduplication(
    out: str, sources: Sequence[str], tally: Tally, settings: Deduplicate, jaccard: list[int]
) -> Deduplication:
    """The counts of duplicates, and how deduplication found them."""
    path = posixpath.join(out, layout.work(names.DEDUPLICATE, "rounds.json"))
    facts = orjson.loads(files.read_bytes(path)) if files.exists(path) else {}
    band_count, band_rows = facts.get("bands", 0), facts.get("rows", 0)
    return Deduplication(
        sources=[
            Duplicates(
                source=source,
                **{kind: amount(tally, source, Figure.DUPLICATE, kind) for kind in DUPLICATE_KINDS},
            )
            for source in sources
        ],
        shingles=f"{settings.shingles.gram}s",
        threshold=settings.threshold,
        jaccard_edges=EDGES.tolist(),
        jaccard=jaccard,
        bands=band_count,
        rows=band_rows,
        verified_pairs=facts.get("verified_pairs", []),
        recall=[candidate_probability(float(edge), band_count, band_rows) for edge in EDGES],
    )


def contamination(
    test_sets: Sequence[str],
    sources: Sequence[str],
    tally: Tally,
    highest: dict[tuple[str, str], Highest],
) -> list[Contamination]:
    """Every test set against every source, including those without a match."""
    return [
        Contamination(
            test_set=test_set,
            source=source,
            matched=amount(tally, source, Figure.MATCHED, test_set),
            removed=amount(tally, source, Figure.CONTAMINATED, test_set),
            highest_jaccard=of.jaccard,
            highest_containment=of.containment,
            kept_with_item=of.kept_with_item,
            highest_kept=of.kept,
        )
        for test_set in test_sets
        for source in sources
        for of in (highest.get((test_set, source), Highest()),)
    ]


def canaries(out: str) -> list[Canary]:
    """How many of the run's own canaries were found, by form. The list is empty if no test set is configured."""
    tally = Tally.of(rows(out, STEP))
    forms = ((form, tally.count("", Figure.CANARIES, form).documents) for form in FORMS)
    return [
        Canary(form=form, tried=tried, found=tally.count("", Figure.CANARIES_FOUND, form).documents)
        for form, tried in forms
        if tried
    ]


def places(out: str, sources: Sequence[str], found: Found) -> dict[str, Place]:
    """The places of all documents in the rows that were found, by id."""
    ids = [id_ for rows in (found.pairs, found.sample) for name in PAIR for id_ in _column(rows, name)]
    return excerpts.find(out, sources, ids + _column(found.matches, "id"))


def _column(table: pa.Table, name: str) -> list[str]:
    values: list[str] = table.column(name).to_pylist() if name in table.column_names else []
    return values


def show(out: str, places: Mapping[str, Place], found: Found, shingle: int) -> tuple[list[Pair], list[Match]]:
    """The chosen rows, with excerpts of their documents."""
    pairs, matches = found.pairs.to_pylist(), found.matches.to_pylist()
    unique = {(row["id"], row["survivor_id"]): row for row in pairs}  # the closest may be random ones too
    ids = [id_ for pair in unique for id_ in pair] + [row["id"] for row in matches]
    documents = excerpts.fetch(out, [places[id_] for id_ in ids if id_ in places], excerpts.SHOWN)

    def pair(row: dict[str, Any]) -> Pair:
        removed, survivor = (documents[places[row[name]]] for name in PAIR)
        shown = excerpts.beside(removed, survivor)
        return Pair(kind=row["kind"], jaccard=row["jaccard"], document=shown[0], survivor=shown[1])

    questions = dict(test_items.texts(out, {(row["test_set"], row["item"]) for row in matches}))

    def match(row: dict[str, Any]) -> Match:
        names = (
            *("test_set", "item", "role", "jaccard", "containment"),
            *("answer", "missing", "longest_run", "removed"),
        )
        facts, document = {name: row[name] for name in names}, documents[places[row["id"]]]
        text = questions.get((row["test_set"], row["item"]))
        if text is None:
            return Match(**facts, document=excerpts.beginning(document), question=None)
        item = excerpts.item(row["test_set"], row["item"], text)
        shown = excerpts.matching(document, item, row, shingle)
        return Match(**facts, document=shown[0], question=shown[1])

    # A document that is not found is left out here; verify reports it better than an error would.
    return (
        [pair(row) for row in unique.values() if places.keys() >= {row["id"], row["survivor_id"]}],
        [match(row) for row in matches if row["id"] in places],
    )
