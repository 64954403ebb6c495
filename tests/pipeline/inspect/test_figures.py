"""The report's figures, taken away: as JSON by a published schema, as CSV, as Markdown."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from massivetext.pipeline.cli import main
from massivetext.pipeline.inspect.figures import Table, as_csv, as_markdown
from massivetext.pipeline.stages.report.stats import Stats, schema
from tests.paths import ROOT


def figures(out: Path, *options: str) -> str:
    result = CliRunner().invoke(main, ["figures", str(out), *options])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def published() -> object:
    return json.loads((ROOT / "docs/stats.schema.json").read_text())


def test_the_schema_is_that_of_the_model(published: object) -> None:
    assert published == schema(), "run `make docs`"


def test_figures_hold_what_the_schema_says(finished: Path, published: object) -> None:
    stats = json.loads(figures(finished, "--format", "json"))
    assert stats == json.loads((finished / "report/stats.json").read_bytes())
    jsonschema.validate(stats, published)
    del stats["mix"]
    with pytest.raises(jsonschema.ValidationError, match="'mix' is a required property"):
        jsonschema.validate(stats, published)


def test_tables_as_csv(finished: Path) -> None:
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    rows = list(csv.DictReader(io.StringIO(figures(finished, "--format", "csv", "--table", "funnel"))))
    assert [(row["source"], row["step"], int(row["documents"])) for row in rows] == [
        (funnel.source, step.name, step.amount.documents) for funnel in stats.funnels for step in funnel.steps
    ]
    several = figures(finished, "--format", "csv", "--table", "mix", "--table", "duplicates")
    assert [block.splitlines()[0].split(",")[0] for block in several.split("\n\n")] == ["table", "table"]


def test_tables_as_markdown(finished: Path) -> None:
    shown = figures(finished)
    for name in ("funnel", "rules", "failures", "duplicates", "contamination", "mix"):
        assert f"## {name}\n" in shown
    heads, rule, *rows = shown[shown.index("## mix") :].split("\n\n")[1].splitlines()
    assert heads.count("|") == rule.count("|") == rows[0].count("|")


def test_cells_that_would_end_a_cell() -> None:
    table = Table("x", ("a", "b"), [("1|2", 'say "x",\ny'), (None, 1234)])
    assert as_markdown([table]).splitlines()[4:] == ['| 1\\|2 | say "x", y |', "|  | 1,234 |"]
    assert list(csv.reader(io.StringIO(as_csv([table])))) == [
        ["a", "b"],
        ["1|2", 'say "x",\ny'],
        ["", "1234"],
    ]


def test_what_is_asked_wrongly(finished: Path, tmp_path: Path) -> None:
    for options, told in (
        (["--table", "nothing"], "no such table: expected one of funnel, rules"),
        (["--format", "json", "--table", "mix"], "--table works with --format csv or markdown"),
    ):
        result = CliRunner().invoke(main, ["figures", str(finished), *options])
        assert result.exit_code == 2
        assert told in result.stderr
    result = CliRunner().invoke(main, ["figures", str(tmp_path)])
    assert (result.exit_code, "holds no report of a finished run" in result.stderr) == (2, True)
