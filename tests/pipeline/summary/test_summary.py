"""The public summary, Croissant and the card of the sample's run."""

import json
import shutil
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow.dataset as ds
import pytest
import yaml
from lxml import html

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.summary.public import TO_ANSWER
from massivetext.pipeline.summary.summary import summary
from tests.pipeline.documents import kept


def column(out: Path, folder: str, name: str) -> list[str]:
    found: list[str] = ds.dataset(out / folder).to_table([name]).column(name).to_pylist()
    return found


@pytest.fixture(scope="module")
def out(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("summary") / "out"
    shutil.copytree(finished, folder)
    said = summary(str(folder), "sample", "https://example.org/sample", "https://example.org/licence")
    assert "a person must answer " in said
    return folder


def test_every_field_is_filled_or_marked_in_both_forms(out: Path) -> None:
    text = (out / "summary/summary.md").read_text()
    page = html.fromstring((out / "summary/summary.html").read_bytes())
    answers = [cell.text_content() for cell in page.xpath("//td")]
    assert len(answers) == text.count("\n**") == 26
    marked = sum(answer.startswith(TO_ANSWER) for answer in answers)
    assert marked == len(page.xpath("//td[@class='open']")) == text.count(f"**{TO_ANSWER}: ")
    assert f"{26 - marked} of 26 fields are filled" in page.text_content()
    assert [heading.text[:2] for heading in page.xpath("//h2")] == ["1.", "2.", "3."]


def test_the_figures_are_those_of_the_run(out: Path) -> None:
    text = (out / "summary/summary.md").read_text()
    stats = Stats.model_validate_json((out / "report/stats.json").read_bytes())
    assert f"({sum(row.given for row in stats.mix.sources):,} tokens in the training shards" in text
    ids = column(out, "tokens", "id")
    assert f"; {len(ids):,} documents)" in text
    for row in stats.mix.sources:
        assert f"{row.given:,} tokens in the shards" in text


def test_the_largest_domains_are_those_of_crawled_pages_with_most_text(out: Path) -> None:
    in_data = set(column(out, "tokens", "id"))
    sizes: Counter[str] = Counter()
    for row in kept(out).to_pylist():
        is_crawled = row["source"] in ("web", "news")
        if is_crawled and row["id"] in in_data and row["url"] and (host := urlsplit(row["url"]).hostname):
            sizes[host.removeprefix("www.")] += len(row["text"].encode())
    expected = sorted(sizes.items(), key=lambda entry: (-entry[1], entry[0]))[: -(-len(sizes) // 10)]
    lines = (out / "summary/domains.csv").read_text().splitlines()
    assert lines == ["domain,bytes", *(f"{host},{size}" for host, size in expected)]


def test_croissant_names_columns_that_the_files_have(out: Path) -> None:
    value = json.loads((out / "summary/croissant.json").read_text())
    assert value["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert value["name"] == "sample"
    for records in value["recordSet"]:
        for field in records["field"]:
            name = field["source"]["extract"]["column"]
            table = kept(out) if records["name"] == "documents" else None
            assert table is None or name in table.column_names


def test_croissant_is_valid_where_its_validator_is_installed(out: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed")
    data = mlcroissant.Dataset(out / "summary/croissant.json")
    assert not data.metadata.ctx.issues.errors


def test_the_card_has_a_head_of_yaml(out: Path) -> None:
    _, head, body = (out / "summary/README.md").read_text().split("---\n", 2)
    value = yaml.safe_load(head)
    assert value["language"] == ["en"]
    assert value["size_categories"] == ["n<1K"]
    assert "| web |" in body


def test_a_folder_without_a_run_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no run of massivetext"):
        summary(str(tmp_path), "n", "u", "l")
