import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from backports import zstd
from click.testing import CliRunner

from massivetext.pipeline.cli import main
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.export.export import Wanted, export


def kept(out: Path, source: str) -> dict[str, str]:
    """The texts that no stage removed, by id, told from the tables themselves."""
    gone: set[str] = set()
    for path in out.glob(f"verdicts/source={source}/*.parquet"):
        table = pq.read_table(path, partitioning=None)
        removed = table.filter(table.column("removed_by").is_valid())
        gone.update(removed.column("id").to_pylist())
    for path in out.glob("duplicates/*.parquet"):
        gone.update(pq.read_table(path).column("id").to_pylist())
    for path in out.glob("contaminated/*.parquet"):
        gone.update(row["id"] for row in pq.read_table(path).to_pylist() if row["removed"])
    rows = (
        row
        for path in sorted(out.glob(f"documents/source={source}/*.parquet"))
        for row in pq.read_table(path, columns=["id", "text"], partitioning=None).to_pylist()
    )
    return {row["id"]: row["text"] for row in rows if row["id"] not in gone}


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in io.BytesIO(zstd.decompress(path.read_bytes()))]


def test_json_lines_hold_what_is_kept(finished: Path, tmp_path: Path) -> None:
    written = export(str(finished), str(tmp_path / "to"), Wanted(shard_bytes=1 << 19))
    for one in written:
        files = sorted((tmp_path / "to/data" / one.source).glob("*.jsonl.zst"))
        rows = [row for path in files for row in lines(path)]
        assert {row["id"]: row["text"] for row in rows} == kept(finished, one.source)
        assert {row["source"] for row in rows} == {one.source}
        assert (len(rows), len(files)) == (one.documents, one.shards)
        assert sum(len(str(row["text"]).encode()) for row in rows) == one.bytes
    assert max(one.shards for one in written) > 1
    again = export(str(finished), str(tmp_path / "again"), Wanted(shard_bytes=1 << 19))
    assert again == written
    for path in (tmp_path / "to").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(tmp_path / "to")).read_bytes()


def test_parquet_of_some_columns_of_a_source(finished: Path, tmp_path: Path) -> None:
    wanted = Wanted(("web",), ("id", "word_count", "text"), "parquet")
    (one,) = export(str(finished), str(tmp_path), wanted)
    table = pq.read_table(tmp_path / "data/web/web-00000.parquet")
    assert table.column_names == ["id", "word_count", "text"]
    assert dict(zip(table["id"].to_pylist(), table["text"].to_pylist(), strict=True)) == kept(finished, "web")
    assert one.documents == table.num_rows
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "data"]


def test_the_card_names_the_files_of_each_source(finished: Path, tmp_path: Path) -> None:
    export(str(finished), str(tmp_path), Wanted(form="parquet"))
    _, head, body = (tmp_path / "README.md").read_text().split("---\n", 2)
    for entry in yaml.safe_load(head)["configs"]:
        assert list(tmp_path.glob(entry["data_files"])), entry
    assert "| web | " in body
    assert "dataset_info" not in yaml.safe_load(head), "Parquet has types itself"


def test_the_card_of_json_lines_names_the_types_of_columns(finished: Path, tmp_path: Path) -> None:
    wanted = Wanted(("web", "books"), ("id", "captured", "word_count", "mean_word_length", "text"))
    export(str(finished), str(tmp_path), wanted)
    head = yaml.safe_load((tmp_path / "README.md").read_text().split("---\n", 2)[1])
    types = {"id": "string", "captured": "timestamp[us, tz=UTC]", "word_count": "int64"}
    types |= {"mean_word_length": "float64", "text": "string"}
    assert [one["config_name"] for one in head["dataset_info"]] == ["all", "web", "books"]
    for one in head["dataset_info"]:
        assert {each["name"]: each["dtype"] for each in one["features"]} == types


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (Wanted(("books", "wob")), "no source is named `wob`; there are web, books"),
        (Wanted(columns=("id", "score")), "no column is named `score`; documents have source, id, "),
        (Wanted(form="csv"), "there is no format `csv`: expected one of jsonl.zst, parquet"),
    ],
)
def test_what_is_not_there_is_refused(finished: Path, tmp_path: Path, wanted: Wanted, error: str) -> None:
    with pytest.raises(ConfigError, match=error):
        export(str(finished), str(tmp_path), wanted)


def test_a_folder_that_holds_no_finished_run_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["export", str(tmp_path), "--to", str(tmp_path / "to")])
    assert (done.exit_code, "holds no run of massivetext" in done.output) == (2, True)
