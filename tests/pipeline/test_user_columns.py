"""A user's own columns from the input to the documents, the rules, the report and the export."""

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from massivetext.pipeline.cli import main
from massivetext.pipeline.export.export import Wanted, export
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.verify.verify import verify

PROSE = (
    "The library of the harbour town was to be opened again in the spring of that year, and so it was number "
)
CONFIGURATION = """
sources:
  a:
    kind: text
    paths: [a.jsonl]
    columns: {{keep: [score, date, meta.licence]}}
    limits: {{score: {{minimum: {minimum}}}}}
language: {{sources: []}}
deduplicate: {{sources: []}}
tokenizer: {{train: {{vocabulary: 512}}}}
mix: {{tokens: 500, sequence_length: 64}}
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("columns")
    rows = [
        {"id": f"d{n}", "text": f"{PROSE}{n}", "score": n, "date": "2024-05-06", "meta": {"licence": "MIT"}}
        for n in range(20)
    ]
    rows[3]["score"] = None
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "c.yaml").write_text(CONFIGURATION.format(minimum=5))
    done = CliRunner().invoke(main, ["run", str(folder / "c.yaml"), "--output", str(folder / "out")])
    assert done.exit_code == 0, done.output
    return folder / "out"


def test_documents_have_them_and_the_rule_removes(out: Path) -> None:
    (documents,) = out.glob("documents/source=a/*.parquet")
    (verdicts,) = out.glob("verdicts/source=a/*.parquet")
    table = pq.read_table(documents, partitioning=None).to_pylist()
    removed = pq.read_table(verdicts, partitioning=None)["removed_by"].to_pylist()
    found = {row["source_id"]: (row["score"], reason) for row, reason in zip(table, removed, strict=True)}
    assert found == {
        f"d{n}": (None, None) if n == 3 else (float(n), None if n >= 5 else "score") for n in range(20)
    }
    assert {(str(row["date"]), row["meta.licence"]) for row in table} == {
        ("2024-05-06 00:00:00+00:00", "MIT")
    }


def test_the_report_counts_it_and_what_if_can_move_it(out: Path) -> None:
    stats = Stats.model_validate_json((out / "report/stats.json").read_bytes())
    (rule,) = [rule for rule in stats.rules if rule.name == "score"]
    assert (rule.family, rule.minimum, rule.sources[0].first.documents) == ("columns", 5, 4)
    assert stats.funnels[0].amount("columns").documents == 4
    (sample,) = stats.samples
    assert "score" in sample.columns
    assert verify(str(out)) == []


def test_inspect_lists_what_is_kept_with_the_columns_in_80_columns(out: Path) -> None:
    done = CliRunner(env={"COLUMNS": "80"}).invoke(main, ["inspect", str(out), "--kept", "-n", "30"])
    assert done.exit_code == 0, done.output
    assert max(map(len, done.output.splitlines())) <= 80
    assert len(re.findall(r"^fate +kept *$", done.output, re.MULTILINE)) == 16
    assert "removed by" not in done.output
    assert done.output.count("meta.licence") == 16
    assert done.output.count("source_id") == 16
    both = CliRunner().invoke(main, ["inspect", str(out), "--kept", "--removed-by", "score"])
    assert both.exit_code == 2
    assert "exclude each other" in both.output


def test_another_limit_keeps_others_and_the_export_has_the_columns(out: Path) -> None:
    config = out.parent / "c.yaml"
    config.write_text(CONFIGURATION.format(minimum=10))
    done = CliRunner().invoke(main, ["run", str(config), "--output", str(out), "--changed"])
    assert done.exit_code == 0, done.output
    (one,) = export(str(out), str(out.parent / "to"), Wanted(form="parquet"))
    table = pq.read_table(out.parent / "to/data/a/a-00000.parquet")
    assert one.documents == 11
    assert {"source_id", "score", "date", "meta.licence"} < set(table.column_names)


def test_a_limit_on_a_column_that_is_not_kept_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(
        CONFIGURATION.format(minimum=5).replace("limits: {score", "limits: {scare")
    )
    done = CliRunner().invoke(main, ["run", str(tmp_path / "c.yaml"), "--output", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert (
        "limits.scare: there is no such column: expected one that columns.keep names (score, date, meta.licence)"
        in done.output
    )
