"""Verify on a real run, and on copies of it of which one thing was changed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.storage import files, sealed
from massivetext.pipeline.verify.verify import verify
from tests.pipeline.documents import removed

Change = Callable[[pa.Table], pa.Table]


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    """A copy of a finished run."""
    shutil.copytree(finished, tmp_path / "out")
    return tmp_path / "out"


def first(out: Path, pattern: str) -> Path:
    return sorted(out.glob(pattern))[0]


def rewrite(path: Path, change: Change) -> None:
    """Change a Parquet file, keeping its row groups' schema."""
    table = pq.read_table(path, partitioning=None)
    pq.write_table(change(table).cast(table.schema), path)


def record_again(out: Path, path: Path) -> None:
    """Make the records believe that a changed file was written so: then only its content can give it away."""
    inside = path.relative_to(out).as_posix()
    for record in (out / ".work").rglob("part-*.json"):
        value = sealed.read(str(record))
        for written in value["files"]:
            if written["path"] == inside:
                written["bytes"], written["sha256"] = path.stat().st_size, files.sha256(str(path))
                record.write_bytes(sealed.sealed(value))
                return
    raise AssertionError(f"no record of {inside}")


def replaced(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(column), column, values)


def test_a_finished_run_keeps_its_promises(finished: Path) -> None:
    promises: list[str] = []
    assert verify(str(finished), promises.append) == []
    assert len(promises) == len(set(promises)) > 8


def test_a_run_of_next_to_nothing_keeps_its_promises(little: Path) -> None:
    assert verify(str(little)) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "documents/source=web/part-*.parquet",
        "verdicts/source=web/part-*.parquet",
        "failed/part-*.parquet",
        "duplicates/part-*.parquet",
        "contaminated/part-*.parquet",
        "tokens/source=web/part-*.parquet",
        "shards/index.parquet",
        "shards/parquet/*.parquet",
        "shards/megatron/*.bin",
    ],
)
def test_an_edited_file_is_found(out: Path, pattern: str) -> None:
    path = first(out, pattern)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    (breach,) = verify(str(out))
    assert breach.startswith(f"{path.relative_to(out)}: changed since it was written")


def test_a_missing_and_a_foreign_file_are_found(out: Path) -> None:
    gone = first(out, "tokens/source=web/part-*.parquet")
    gone.rename(gone.with_name("part-99999.parquet"))
    inside = gone.relative_to(out).as_posix()
    foreign = gone.with_name("part-99999.parquet").relative_to(out).as_posix()
    assert verify(str(out)) == [f"{inside}: missing", f"{foreign}: no stage of this run wrote it"]


def test_an_unfinished_run_and_no_run_are_told_apart(out: Path, tmp_path: Path) -> None:
    manifest = sealed.read(str(out / "manifest.json"))
    del manifest["stages"]["mix"]
    (out / "manifest.json").write_bytes(sealed.sealed(manifest))
    assert verify(str(out)) == ["manifest.json: the stage mix is not finished"]
    with pytest.raises(ConfigError, match="holds no run"):
        verify(str(tmp_path / "nowhere"))


def breaches(out: Path, path: Path, change: Change) -> str:
    """What verify says once a table was changed and its record with it."""
    rewrite(path, change)
    record_again(out, path)
    return "\n".join(verify(str(out)))


@pytest.mark.parametrize(
    "place", ["notes.txt", "report/old.html", ".work/mix/left.bin", ".work/curate/judge/x.json"]
)
def test_a_file_that_nothing_wrote_is_found(out: Path, place: str) -> None:
    (out / place).write_text("?")
    assert verify(str(out)) == [f"{place}: no stage of this run wrote it"]


def test_a_stage_that_was_made_from_something_else_is_found(out: Path) -> None:
    value = sealed.read(str(out / "manifest.json"))
    value["stages"]["curate"]["digest"] = "other"
    (out / "manifest.json").write_bytes(sealed.sealed(value))
    found = verify(str(out))
    assert (
        "manifest.json: curate ran again after deduplicate, which was made from its earlier results" in found
    )


def removals(out: Path, kind: str) -> tuple[Path, pa.Table]:
    """A file of duplicates/ that holds some of a kind, and what it holds."""
    for path in sorted(out.glob("duplicates/*.parquet")):
        table = pq.read_table(path, partitioning=None)
        if kind in table["kind"].to_pylist():
            return path, table
    raise AssertionError(f"the sample has no {kind} duplicates")


def test_an_exact_duplicate_that_stays_is_found(out: Path) -> None:
    path, table = removals(out, "exact")
    row = table["kind"].to_pylist().index("exact")
    pq.write_table(table.take(pa.array([n for n in range(len(table)) if n != row])), path)
    record_again(out, path)
    pair = {table["id"][row].as_py(), table["survivor_id"][row].as_py()}
    assert any(
        "exact duplicates, and both stay" in each and pair <= set(each.split()) for each in verify(str(out))
    )


def test_a_similarity_that_is_not_that_of_the_texts_is_found(out: Path) -> None:
    path, table = removals(out, "near")
    told = [
        value if kind != "near" else value * 0.99
        for kind, value in zip(table["kind"].to_pylist(), table["jaccard"].to_pylist(), strict=True)
    ]
    pq.write_table(replaced(table, "jaccard", pa.array(told)), path)
    record_again(out, path)
    assert any("but duplicates/ says" in each for each in verify(str(out)))


def test_a_lost_document_is_missed(out: Path) -> None:
    path = first(out, "documents/source=wikipedia/part-*.parquet")
    before = pq.read_table(path).num_rows
    found = breaches(out, path, lambda table: table.slice(1))
    assert (
        f"source wikipedia: kept + removed + failed is {before - 1:,} documents in the files, but read counts "
        f"{before:,}" in found
    )
    assert "its ids are not those of documents/source=wikipedia/" in found
    assert "is kept, but is not tokenized" in found or "was removed, but is tokenized" in found


def test_a_changed_verdict_is_found(out: Path) -> None:
    path = first(out, "verdicts/source=web/part-*.parquet")

    def change(table: pa.Table) -> pa.Table:
        return replaced(table, "removed_by", pa.nulls(table.num_rows, pa.string()))

    found = breaches(out, path, change)
    assert "differs from what the rules say of the measurements in documents/source=web/" in found
    assert "is kept, but is not tokenized" in found


def test_a_lost_failure_is_missed(out: Path) -> None:
    found = breaches(out, first(out, "failed/part-*.parquet"), lambda table: table.slice(1))
    assert "kept + removed + failed is" in found


def test_an_id_that_stands_twice_is_found(out: Path) -> None:
    path = first(out, "documents/source=code/part-*.parquet")
    id_ = pq.read_table(path).column("id")[0].as_py()
    found = breaches(
        out,
        path,
        lambda table: replaced(table, "id", pa.array([id_, id_, *table.column("id").to_pylist()[2:]])),
    )
    assert f"the id {id_} occurs 2 times" in found


def test_a_survivor_must_be_a_document_that_stays(out: Path) -> None:
    path = max(out.glob("duplicates/part-*.parquet"), key=lambda one: pq.read_table(one).num_rows)
    ids = pq.read_table(path).column("id").to_pylist()
    assert len(ids) > 1
    found = breaches(out, path, lambda table: replaced(table, "survivor_id", pa.array([ids[1], *ids[:-1]])))
    assert "survives, but is a duplicate" in found
    gone = removed(out).column("id")[0].as_py()
    found = breaches(out, path, lambda table: replaced(table, "survivor_id", pa.array([gone] * len(ids))))
    assert f"{gone} survives, but is no document" in found


@pytest.mark.parametrize(("kind", "jaccard"), [("near", 0.8), ("exact", 0.99)])
def test_a_duplicate_must_be_similar(out: Path, kind: str, jaccard: float) -> None:
    for path in sorted(out.glob("duplicates/part-*.parquet")):
        if kind in pq.read_table(path).column("kind").to_pylist():
            break
    found = breaches(
        out,
        path,
        lambda table: replaced(
            table,
            "jaccard",
            pc.if_else(pc.equal(table.column("kind"), kind), jaccard, table.column("jaccard")),
        ),
    )
    assert "is not similar enough" in found


def test_a_removed_document_in_the_index_is_found(out: Path) -> None:
    duplicate = pq.read_table(first(out, "duplicates/part-*.parquet")).column("id")[0].as_py()

    def change(table: pa.Table) -> pa.Table:
        lists = table.column("document_ids").to_pylist()
        lists[0][0] = duplicate
        return replaced(table, "document_ids", pa.array(lists))

    found = breaches(out, out / "shards/index.parquet", change)
    assert f"{duplicate} is in a sequence, but was not kept" in found


def test_tokens_in_no_order_are_found(out: Path) -> None:
    path = first(out, "tokens/source=wikipedia/part-*.parquet")
    found = breaches(out, path, lambda table: table.take(np.arange(table.num_rows)[::-1]))
    assert "its ids are not in the order of documents/" in found


def test_shards_must_hold_the_indexed_tokens(out: Path) -> None:
    path = first(out, "shards/megatron/*.bin")
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.write_bytes(data)
    record_again(out, path)
    assert any("its tokens are not those in megatron" in breach for breach in verify(str(out)))
    path.write_bytes(data[: len(data) // 2])
    record_again(out, path)
    assert any("not those of sequences in its .bin" in breach for breach in verify(str(out)))


def test_sequences_must_hold_the_tokens_of_their_documents(out: Path) -> None:
    def change(table: pa.Table) -> pa.Table:
        starts = table.column("starts").to_pylist()
        starts[0][0] += 1
        return replaced(table, "starts", pa.array(starts, pa.list_(pa.int64())))

    id_ = pq.read_table(out / "shards/index.parquet").column("document_ids")[0][0].as_py()
    found = breaches(out, out / "shards/index.parquet", change)
    assert f"shards: a sequence holds other tokens of {id_} than tokens/ does" in found


def test_shares_must_be_the_weights(out: Path) -> None:
    manifest = sealed.read(str(out / "manifest.json"))
    sources = manifest["configuration"]["sources"]
    sources["web"]["weight"], sources["code"]["weight"] = sources["code"]["weight"], sources["web"]["weight"]
    (out / "manifest.json").write_bytes(sealed.sealed(manifest))
    found = "\n".join(verify(str(out)))
    assert "source web: 48.00% of the mix, but its weight asks for 3.00%" in found


def test_figures_must_be_those_of_the_files(out: Path) -> None:
    path = out / "report/stats.json"
    stats = json.loads(path.read_text())
    stats["funnels"][0]["steps"][0]["amount"]["documents"] += 1
    path.write_text(json.dumps(stats))
    [breach] = verify(str(out))
    assert breach.startswith("report/stats.json: changed since it was written")
    manifest = sealed.read(str(out / "manifest.json"))
    for written in manifest["stages"]["report"]["files"]:
        if written["path"] == "report/stats.json":
            written["bytes"], written["sha256"] = path.stat().st_size, files.sha256(str(path))
    (out / "manifest.json").write_bytes(sealed.sealed(manifest))
    assert verify(str(out)) == ["report/stats.json: `funnels` differs from the figure that the files give"]
