"""Every number on the page, against one counted from the Parquet files with pyarrow's datasets."""

import itertools
import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pytest
from sentencepiece import SentencePieceProcessor

from massivetext.filters.families import FAMILIES
from massivetext.filters.histogram import edges
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.record import Input, Skipped
from massivetext.pipeline.stages.report.stats import Funnel, Stats
from massivetext.pipeline.stages.report.stats_part import Amount, Excerpt
from tests.paths import SAMPLE
from tests.pipeline.documents import kept, removed


def read(out: Path, folder: str) -> pa.Table:
    """A whole folder, or what the rules keep and remove, as one table; with the bytes of each text."""
    if folder in ("documents", "removed"):
        table = {"documents": kept, "removed": removed}[folder](out)
    elif (out / folder).exists():
        table = ds.dataset(out / folder, format="parquet").to_table()
    else:
        return pa.table({name: pa.array([], pa.string()) for name in ("id", "source", "kind")})
    if "text" in table.column_names:
        table = table.append_column("size", pc.binary_length(table.column("text")).cast(pa.int64()))
    return table


def amount(table: pa.Table, size: str = "size") -> Amount:
    return Amount(documents=table.num_rows, bytes=pc.sum(table.column(size)).as_py() or 0)


def where(table: pa.Table, column: str, value: str | None) -> pa.Table:
    return table.filter(pc.equal(table.column(column), value))


def among(table: pa.Table, ids: pa.ChunkedArray) -> pa.Table:
    return table.filter(pc.is_in(table.column("id"), ids.combine_chunks()))


@pytest.fixture(scope="module")
def stats(finished: Path) -> Stats:
    return Stats.model_validate_json((finished / "report/stats.json").read_bytes())


def funnel_of(stats: Stats, source: str) -> Funnel:
    return next(funnel for funnel in stats.funnels if funnel.source == source)


def breaking(removed: pa.Table, rule: str) -> pa.Table:
    return removed.filter(pa.array([rule in rules for rules in removed.column("failed_rules").to_pylist()]))


SOURCES = ("web", "books", "c4", "news", "code", "wikipedia")


@pytest.mark.parametrize("source", SOURCES)
def test_funnel_equals_the_files(finished: Path, stats: Stats, source: str) -> None:
    documents = where(read(finished, "documents"), "source", source)
    removed = where(read(finished, "removed"), "source", source)
    failed = where(read(finished, "failed"), "source", source)
    duplicates, contaminated = read(finished, "duplicates"), read(finished, "contaminated")
    tokens = read(finished, "tokens")
    funnel = funnel_of(stats, source)

    assert funnel.amount("failed") == amount(failed, "bytes")
    families = {
        "language": ["language"],
        "quality": list(FAMILIES["quality"].limits),
        "repetition": list(FAMILIES["repetition"].limits),
        "licence": ["licence"],
    }
    for family, rules in families.items():
        of_family = removed.filter(pc.is_in(removed.column("removed_by"), pa.array(rules)))
        assert funnel.amount(family) == amount(of_family)
    for kind in ("exact", "near"):
        assert funnel.amount(kind) == amount(among(documents, where(duplicates, "kind", kind).column("id")))
    gone = contaminated.filter(contaminated.column("removed"))
    assert funnel.amount("contaminated") == amount(among(documents, gone.column("id")))
    kept = among(documents, tokens.column("id"))
    assert funnel.amount("kept") == amount(kept)
    assert funnel.amount("read") == amount(documents) + amount(removed) + amount(failed, "bytes")
    of_kept = among(tokens, kept.column("id"))
    counted = pc.sum(pc.list_value_length(of_kept.column("tokens"))).as_py() or 0
    assert next(step for step in funnel.steps if step.name == "kept").tokens == counted


def test_funnel_adds_up_and_holds_something_of_every_step(stats: Stats) -> None:
    for funnel in stats.funnels:
        assert funnel.steps[0].amount == sum((step.amount for step in funnel.steps[1:]), Amount())
    total = funnel_of(stats, "all")
    assert all(step.amount.documents for step in total.steps), "the sample is to show every step"
    for step in total.steps:
        assert step.amount == sum((funnel.amount(step.name) for funnel in stats.funnels[1:]), Amount())


def test_skipped_records_are_those_the_readers_pass_over(sample: Path, stats: Stats) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for source, files in (("code", "code/*"), ("wikipedia", "wikipedia/*")):
        for path in sample.glob(files):
            with path.open("rb") as stream:
                for each in KINDS[source].read(Input(path.name, stream)):
                    if isinstance(each, Skipped):
                        found[source, each.kind] += 1
    assert found
    counted = {(one.source, one.kind): one.records for one in stats.skipped}
    assert found == {key: count for key, count in counted.items() if key[0] in ("code", "wikipedia")}
    assert counted["web", "HTTP status 4xx"] == 1


def test_sentences_left_out_are_those_of_the_documents(finished: Path, stats: Stats) -> None:
    rows = ds.dataset(finished / "documents", partitioning="hive").to_table(["source", "sentences_left_out"])
    sentences: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for row in rows.to_pylist():
        sentences[row["source"]] += row["sentences_left_out"] or 0
        documents[row["source"]] += bool(row["sentences_left_out"])
    counted = {one.source: (one.documents, one.sentences) for one in stats.left_out}
    assert "wikipedia" in counted
    assert counted == {name: (documents[name], sentences[name]) for name in sentences if documents[name]}


def test_rules_equal_the_files(finished: Path, stats: Stats) -> None:
    removed = read(finished, "removed")
    assert [rule.name for rule in stats.rules] == [
        "language",
        *FAMILIES["quality"].limits,
        *FAMILIES["repetition"].limits,
        "licence",
    ]
    for rule in stats.rules:
        broken = breaking(removed, rule.name)
        alone = broken.filter(pc.equal(pc.list_value_length(broken.column("failed_rules")), 1))
        for figures in rule.sources:
            everywhere = figures.source == "all"

            def of(table: pa.Table, source: str = figures.source, everywhere: bool = everywhere) -> Amount:
                return amount(table if everywhere else where(table, "source", source))

            assert figures.first == of(where(removed, "removed_by", rule.name))
            assert figures.broken == of(broken)
            assert figures.only == of(alone)
        languages = Counter(language or "" for language in broken.column("language").to_pylist())
        assert rule.languages == dict(languages)


def test_overlaps_equal_the_files(finished: Path, stats: Stats) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for rules in read(finished, "removed").column("failed_rules").to_pylist():
        counts.update((a, b) for place, a in enumerate(rules) for b in rules[place:])
    assert {(row.rule, row.other): row.documents for row in stats.overlaps} == dict(counts)
    assert any(row.rule != row.other for row in stats.overlaps)


def test_histograms_equal_the_files(finished: Path, stats: Stats) -> None:
    documents, removed = read(finished, "documents"), read(finished, "removed")
    assert {histogram.column for histogram in stats.histograms} > set(FAMILIES["quality"].limits) | set(
        FAMILIES["repetition"].limits
    )
    for histogram in stats.histograms:
        assert histogram.edges == edges(histogram.column).tolist()
        for source in SOURCES:
            values = np.concatenate(
                [
                    where(table, "source", source).column(histogram.column).drop_null().to_numpy()
                    for table in (documents, removed)
                ]
            )
            inside = np.clip(values.astype(np.float64), histogram.edges[0], histogram.edges[-1])
            expected = np.histogram(inside, histogram.edges)[0].tolist()
            assert histogram.counts.get(source, [0] * len(expected)) == expected


def test_languages_equal_the_files(finished: Path, stats: Stats) -> None:
    documents, removed = read(finished, "documents"), read(finished, "removed")
    columns = ["source", "language", "size"]
    both = pa.concat_tables([documents.select(columns), removed.select(columns)])
    assert sum(row.read.documents for row in stats.languages) == both.num_rows
    for row in stats.languages:
        for table, counted in ((both, row.read), (documents, row.kept)):
            of_source = where(table, "source", row.source)
            languages = pc.fill_null(of_source.column("language"), "")
            assert amount(of_source.filter(pc.equal(languages, row.language))) == counted
    assert len({row.language for row in stats.languages}) > 5


def test_groups_equal_the_files(finished: Path, stats: Stats) -> None:
    documents, removed = (
        read(finished, name).select(["licence", "word_count", "url"]).to_pylist()
        for name in ("documents", "removed")
    )
    classes = [0, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000]

    def value(kind: str, row: dict[str, object]) -> str | None:
        if kind == "licence":
            return row["licence"]
        if kind == "length":
            words = row["word_count"]
            return None if words is None else str(max(limit for limit in classes if limit <= words))
        host = urlsplit(row["url"] or "").hostname
        return host if kind == "domain" or not host else host.rsplit(".", 1)[-1]

    for kind in ("licence", "length", "top_level", "domain"):
        gone = Counter(value(kind, row) for row in removed)
        everything = gone + Counter(value(kind, row) for row in documents)
        counted = {group.value: (group.read, group.removed) for group in stats.groups if group.kind == kind}
        named = gone if kind == "domain" else everything
        assert counted == {name: (everything[name], gone[name]) for name in named if name is not None}
        assert len(counted) > 1


def test_duplicates_and_contamination_equal_the_files(finished: Path, stats: Stats) -> None:
    duplicates, contaminated = read(finished, "duplicates"), read(finished, "contaminated")
    near = where(duplicates, "kind", "near").column("jaccard").to_numpy()
    found = stats.deduplication
    assert found.jaccard == np.histogram(near, found.jaccard_edges)[0].tolist()
    documents = read(finished, "documents")
    for entry in stats.contamination:
        matched = where(contaminated, "test_set", entry.test_set)
        of_source = where(documents, "source", entry.source)
        assert entry.matched == amount(among(of_source, matched.column("id")))
        removed = matched.filter(matched.column("removed"))
        assert entry.removed == amount(among(of_source, removed.column("id")))
        here = among(matched, of_source.column("id"))
        assert entry.highest_jaccard == (pc.max(here.column("jaccard")).as_py() or 0)
        assert entry.highest_containment == (pc.max(here.column("containment")).as_py() or 0)
    clean = set(stats.configuration["decontaminate"]["test_sets"]) - set(
        contaminated.column("test_set").to_pylist()
    )
    assert clean, "the sample holds a test set that nothing matches"
    assert not clean & {warning.subject for warning in stats.warnings}, "which is good news"


def test_no_kept_document_of_the_sample_holds_an_item(finished: Path, stats: Stats) -> None:
    contaminated = read(finished, "contaminated")
    kept = contaminated.filter(pc.invert(contaminated.column("removed")))
    assert pc.max(kept.column("containment")).as_py() < 0.8
    assert not [warning for warning in stats.warnings if warning.code == "contained"]
    assert {entry.kept_with_item for entry in stats.contamination} == {0}


def test_every_canary_of_the_sample_is_found(stats: Stats) -> None:
    assert len(stats.canaries) == 12
    assert {(canary.tried, canary.found) for canary in stats.canaries} == {(11, 11)}


def test_duplicates_by_source_equal_the_files(finished: Path, stats: Stats) -> None:
    documents, duplicates = read(finished, "documents"), read(finished, "duplicates")
    assert [row.source for row in stats.deduplication.sources] == ["web", "books", "c4", "news"]
    for row in stats.deduplication.sources:
        of_source = where(documents, "source", row.source)
        for kind in ("exact", "near"):
            ids = where(duplicates, "kind", kind).column("id")
            assert getattr(row, kind) == amount(among(of_source, ids))
    rows = {(row["id"], row["survivor_id"]): row for row in duplicates.to_pylist()}
    assert {pair.kind for pair in stats.pairs} == {"exact", "near"}
    for pair in stats.pairs:
        row = rows[pair.document.id, pair.survivor.id]
        assert (pair.kind, pair.jaccard) == (row["kind"], row["jaccard"])


def test_differences_are_all_that_is_not_marked(stats: Stats) -> None:
    """The words that are not marked are the same in both, up to where the shorter of them is cut."""
    for pair in stats.pairs:
        left, right = (
            re.findall(r"\w+", "".join(text for is_marked, text in pieces(one) if not is_marked).lower())
            for one in (pair.document, pair.survivor)
        )
        length = min(len(left), len(right)) - 1
        assert length > 10
        assert left[:length] == right[:length]
    assert any(pair.document.marks or pair.survivor.marks for pair in stats.pairs)


def pieces(excerpt: Excerpt) -> list[tuple[bool, str]]:
    """The text in marked pieces and others."""
    ends = [0, *(end for span in excerpt.marks for end in span), len(excerpt.text)]
    return [(place % 2 == 1, excerpt.text[a:b]) for place, (a, b) in enumerate(itertools.pairwise(ends))]


def test_distinct_domains_equal_the_files(finished: Path, stats: Stats) -> None:
    """Of few domains the sketch gives the exact number, but where two of them share a register."""
    tables = [read(finished, name).select(["source", "url"]).to_pylist() for name in ("documents", "removed")]
    hosts = {(row["source"], urlsplit(row["url"] or "").hostname) for table in tables for row in table}
    hosts = {(source, host) for source, host in hosts if host}
    expected = {source: sum(of == source for of, _ in hosts) for source in SOURCES}
    expected["all"] = len({host for _, host in hosts})
    assert {row.source: row.domains for row in stats.domains} == expected


def test_tokens_equal_the_files(finished: Path, stats: Stats) -> None:
    documents, tokens = read(finished, "documents"), read(finished, "tokens")
    processor = SentencePieceProcessor(model_file=str(finished / "tokenizer/tokenizer.model"))
    is_byte = np.array([processor.IsByte(piece) for piece in range(processor.GetPieceSize())])
    weights = stats.configuration["sources"]
    for row in stats.mix.sources:
        of_source = where(documents, "source", row.source)
        own = among(tokens, of_source.column("id"))
        pieces_ = pc.list_flatten(own.column("tokens")).to_numpy()
        assert row.documents == own.num_rows
        assert row.bytes == amount(among(of_source, own.column("id"))).bytes
        assert row.tokens == len(pieces_)
        assert row.byte_fallback == int(is_byte[pieces_].sum())
        assert row.weight == weights[row.source]["weight"]
        assert row.wanted == round(row.weight * stats.configuration["mix"]["tokens"])
    assert sum(row.byte_fallback for row in stats.mix.sources) > 0


def test_estimates_of_tokens_follow_from_the_bytes(stats: Stats) -> None:
    for funnel in stats.funnels[1:]:
        kept = funnel.steps[-1]
        assert kept.tokens
        for step in funnel.steps:
            assert step.tokens == round(step.amount.bytes * kept.tokens / kept.amount.bytes)
    (sample,) = stats.samples
    mixed = next(row for row in stats.mix.sources if row.source == sample.source)
    assert sample.tokens_per_byte == mixed.tokens / mixed.bytes


def test_matches_show_the_words_that_the_item_has_too(stats: Stats) -> None:
    """Every marked passage of the document, as words, stands in the item's text, which is read from its file."""
    sample = SAMPLE
    items = [json.loads(line) for line in (sample / "testsets/quiz.jsonl").read_text().splitlines()]
    texts = {item["id"]: item["text"] for item in items}
    assert stats.matches
    for match in stats.matches:
        assert match.question is not None
        assert texts[match.item].startswith(match.question.text[:100])
        wanted = " ".join(re.findall(r"\w+", texts[match.item].lower()))
        for shown in (match.document, match.question):
            passages = [re.findall(r"\w+", shown.text[start:end].lower()) for start, end in shown.marks]
            assert sum(map(len, passages)) >= 13
            assert all(" ".join(words) in wanted for words in passages)


def test_mix_equals_the_shards(finished: Path, stats: Stats) -> None:
    index = read(finished, "shards/index.parquet")
    total = pc.sum(index.column("tokens")).as_py()
    length = stats.mix.sequence_length
    for source in stats.mix.sources:
        of_source = where(index, "source", source.source)
        given = pc.sum(of_source.column("tokens")).as_py() or 0
        assert source.given == given
        assert source.share == given / total
        assert source.sequences == of_source.num_rows
        assert source.padding == of_source.num_rows * length - given
        assert source.tokens == 0 or source.epochs == pytest.approx(given / source.tokens)
    shards = ds.dataset(finished / "shards/parquet", format="parquet").to_table()
    assert shards.num_rows == sum(source.sequences for source in stats.mix.sources)


def test_sample_is_everything_where_there_is_little(finished: Path, stats: Stats) -> None:
    (sample,) = [sample for sample in stats.samples if sample.source == "web"]
    columns = ["id", "size", *sample.columns]
    tables = [
        where(read(finished, name), "source", "web").select(columns) for name in ("documents", "removed")
    ]
    everything = pa.concat_tables(tables).sort_by("id")
    assert sample.ids == everything.column("id").to_pylist()
    assert sample.bytes == everything.column("size").to_pylist()
    for column, values in zip(sample.columns, sample.values, strict=True):
        assert values == everything.column(column).to_pylist()
    assert sample.population.documents == len(sample.ids)


def test_examples_show_what_their_rule_did(finished: Path, stats: Stats) -> None:
    removed = {row["id"]: row for row in read(finished, "removed").to_pylist()}
    documents = {row["id"]: row for row in read(finished, "documents").to_pylist()}
    limits = {rule.name: (rule.minimum, rule.maximum) for rule in stats.rules}
    assert {example.kind for example in stats.examples} == {"random", "outside", "inside"}
    for example in stats.examples:
        stands = documents if example.kind == "inside" else removed
        row = stands[example.document.id]
        assert example.document.characters == len(row["text"])
        minimum, maximum = limits[example.rule]
        if example.kind == "random":
            assert row["removed_by"] == example.rule
        if example.kind != "inside":
            assert example.rule in row["failed_rules"]
        elif example.value is not None:
            assert row[example.rule] == example.value
            assert minimum is None or example.value >= minimum
            assert maximum is None or example.value <= maximum


def test_examples_are_the_nearest_to_the_limit(finished: Path, stats: Stats) -> None:
    """Of each rule, the two documents just beyond it and the two just within."""
    documents, removed = (read(finished, name).to_pylist() for name in ("documents", "removed"))
    for rule in stats.rules:
        limits = [limit for limit in (rule.minimum, rule.maximum) if limit is not None]
        if not limits:
            continue
        judging = {figures.source for figures in rule.sources}

        def away(value: float, limits: list[float] = limits) -> float:
            return min(abs(value - limit) / limit for limit in limits)

        beyond = [row for row in removed if rule.name in row["failed_rules"]]
        within = [row for row in documents if row["source"] in judging]
        for kind, rows in (("outside", beyond), ("inside", within)):
            nearest = sorted(away(row[rule.name]) for row in rows)[:2]
            shown = [e.value for e in stats.examples if (e.rule, e.kind) == (rule.name, kind)]
            assert [away(value) for value in shown if value is not None] == pytest.approx(nearest)


def test_run_of_next_to_nothing(little: Path) -> None:
    stats = Stats.model_validate_json((little / "report/stats.json").read_bytes())
    kept = {funnel.source: funnel.amount("kept").documents for funnel in stats.funnels}
    assert kept == {"all": 1, "nothing": 0, "single": 1, "gone": 0}
    assert funnel_of(stats, "gone").amount("quality").documents == 3
    warned = {(warning.code, warning.subject) for warning in stats.warnings}
    assert {("empty", "nothing"), ("emptied", "gone")} < warned
    assert ("emptied", "single") not in warned


def test_stats_are_read_as_they_were_written(stats: Stats) -> None:
    assert Stats.model_validate_json(stats.model_dump_json()) == stats
