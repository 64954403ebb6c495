"""The page as a browser gets it: whole, self-contained, and safe from what documents hold."""

import json
import re
from pathlib import Path

from lxml import html

import pipeline.report
from pipeline.report.funnel import FAMILIES
from pipeline.report.stats import Stats

HIDDEN = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)


def tables(page: Path) -> dict[str, list[list[str]]]:
    """The cells of every table, by the label of the region it stands in."""
    root = html.fromstring(page.read_bytes())
    return {
        region.get("aria-label"): [
            [" ".join(cell.text_content().split()) for cell in row.iterchildren()]
            for row in region.iter("tr")
        ]
        for region in root.xpath("//*[@role='region']")
    }


def test_every_step_of_the_funnel_has_a_colour() -> None:
    style = (Path(pipeline.report.__file__).parent / "page.css").read_text()
    steps = {"failed", *FAMILIES, "url", "exact", "near", "contaminated", "kept"}
    assert set(re.findall(r"--step-(\w+):", style)) == steps


def test_tables_show_the_stats(finished: Path) -> None:
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    shown = tables(finished / "report/index.html")
    heads, *rows = shown["Funnel table"]
    assert heads == ["source", *(step.name for step in stats.funnels[0].steps)]
    documents = rows[1 : 1 + len(stats.funnels)]  # after the row that names the unit
    for row, funnel in zip(documents, stats.funnels, strict=True):
        assert row == [funnel.source, *(f"{step.amount.documents:,}" for step in funnel.steps)]
    by_rule = {row[0]: row for row in shown["Rules table"]}
    for rule in stats.rules:
        row = by_rule[rule.name.replace("_", " ")]
        total = rule.sources[0]
        for cell, amount in zip(row[2:6], (total.judged, total.first, total.broken, total.only), strict=True):
            assert cell.split(" ")[0].startswith(f"{amount.documents:,}")
    for title, name in (("In all", "broken"), ("First", "first"), ("Only", "only")):
        heads, *rows = shown[f"{title}, by source"]
        for rule, row in zip(stats.rules, rows, strict=True):
            amounts = {one.source: getattr(one, name).documents for one in rule.sources}
            cells = [f"{amounts[source]:,}" if source in amounts else "-" for source in heads[1:]]
            assert [cell.split(" ")[0] if cell else "0" for cell in row[1:]] == cells, (title, rule.name)
    heads, *rows = shown["In all, by language"]
    for rule, row in zip(stats.rules, rows, strict=True):
        broken = [rule.languages.get("" if name == "none found" else name, 0) for name in heads[1:]]
        assert [cell.split(" ")[0] if cell else "0" for cell in row[1:]] == [f"{count:,}" for count in broken]
    by_source = {row[0]: row for row in shown["Mix table"]}
    for source in stats.mix.sources:
        assert f"{source.given:,}" in by_source[source.source]
    text = HIDDEN.sub("", (finished / "report/index.html").read_text())
    for warning in stats.warnings:
        assert warning.message in html.fromstring(text).text_content()


def test_page_stands_alone(finished: Path) -> None:
    page = finished / "report/index.html"
    assert page.stat().st_size < 5_000_000
    root = html.fromstring(page.read_bytes())
    for element in root.iter("script", "link", "img", "iframe", "object", "source", "base", "form"):
        assert not {"src", "href", "action", "data"} & set(element.attrib)
    assert all(link.get("href").startswith("#") for link in root.iter("a"))
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy[0].startswith("default-src 'none'")


def test_links_within_the_page_lead_somewhere(finished: Path) -> None:
    root = html.fromstring((finished / "report/index.html").read_bytes())
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    for reference in root.xpath("//a/@href | //*[@aria-labelledby]/@aria-labelledby"):
        assert reference.removeprefix("#") in ids


def test_text_of_documents_stays_text(little: Path) -> None:
    page = (little / "report/index.html").read_bytes()
    root = html.fromstring(page)
    assert b"window.wasRun" in page, "the documents are to be shown"
    assert not root.xpath("//*[@onerror]")
    assert not root.xpath("//img")
    assert all("window.wasRun" not in (script.text or "") for script in root.iter("script"))


def test_data_in_the_page_is_that_of_stats(finished: Path) -> None:
    root = html.fromstring((finished / "report/index.html").read_bytes())
    data = json.loads(root.get_element_by_id("data").text)
    stats = json.loads((finished / "report/stats.json").read_bytes())
    for sample in stats["samples"]:
        del sample["ids"]
    assert data == {name: stats[name] for name in data}
    assert {"samples", "histograms", "funnels"} < set(data)
