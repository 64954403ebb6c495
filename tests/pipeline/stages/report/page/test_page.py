"""The page as a browser gets it: whole, self-contained, and safe from what documents hold."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import html

from massivetext.filters.families import FAMILIES, limits
from massivetext.pipeline.stages.curate.figures import measured
from massivetext.pipeline.stages.report.figures.warnings import ABOUT
from massivetext.pipeline.stages.report.page.environment import FOLDER
from massivetext.pipeline.stages.report.page.page import render
from massivetext.pipeline.stages.report.page.terms import OTHERS, measurements, steps
from massivetext.pipeline.stages.report.stats import Stats, Warning

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
    style = (FOLDER / "page.css").read_text()
    coloured = {"failed", *FAMILIES, "other", "url", "exact", "near", "contaminated", "kept"}
    assert set(re.findall(r"--step-(\w+):", style)) == coloured


def test_tables_show_the_stats(finished: Path) -> None:
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    shown = tables(finished / "report/index.html")
    heads, *rows = shown["Funnel table"]
    taking = [step.name for step in stats.funnels[0].steps[1:-1] if step.amount.documents]
    columns = ["read", "kept", *taking]
    assert heads == ["source", *columns]
    documents = rows[1 : 1 + len(stats.funnels)]  # after the row that names the unit
    for row, funnel in zip(documents, stats.funnels, strict=True):
        of = {step.name: f"{step.amount.documents:,}" for step in funnel.steps}
        assert row == [funnel.source, *(of[name] for name in columns)]
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
        place, _, source = reference.removeprefix("#").partition("?source=")
        section, _, row = place.partition("/")
        assert section in ids
        assert not row or root.xpath("//*[@data-row=$row]", row=row)
        assert not source or root.xpath("//*[@data-source=$source]", source=source)


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


def test_every_term_is_explained(finished: Path) -> None:
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    assert {"read", "failed", *FAMILIES, "url", "exact", "near", "contaminated", "kept"} == set(steps())
    assert set(limits()) | {histogram.column for histogram in stats.histograms} <= set(measurements())
    assert set(measurements()) == set(measured())
    assert set(OTHERS) == {name for name, family in FAMILIES.items() if not family.limits}


def test_the_head_says_what_went_in_and_what_came_out(finished: Path) -> None:
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    root = html.fromstring((finished / "report/index.html").read_bytes())
    boxes = [" ".join(box.text_content().split()) for box in root.xpath("//dl[@class='big']/div")]
    total = stats.funnels[0]
    read, kept = total.steps[0], total.steps[-1]
    removed = {step.name: step.amount.documents for step in total.steps[2:-1]}
    most = sorted(removed, key=lambda name: -removed[name])[:3]
    assert f"{read.amount.documents:,} documents" in boxes[0]
    assert f"≈ {read.tokens:,} tokens" in boxes[0]
    assert f"{read.amount.documents - kept.amount.documents:,} documents" in boxes[1]
    assert ", ".join(f"{name} {removed[name]:,}" for name in most) in boxes[1]
    assert f"{kept.amount.documents:,} documents" in boxes[2]
    assert f"{kept.tokens:,} tokens" in boxes[2]
    assert f"{sum(source.given for source in stats.mix.sources):,} tokens" in boxes[3]
    repeated = max(stats.mix.sources, key=lambda source: source.epochs)
    assert f"{repeated.source}, {repeated.epochs:.2f} times" in boxes[3]


def test_many_warnings_of_a_kind_are_folded(finished: Path) -> None:
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    idle = [Warning(code="idle_rule", subject=f"rule_{n}", message=f"nothing {n}") for n in range(9)]
    root = html.fromstring(render(stats.model_copy(update={"warnings": [*stats.warnings, *idle]})))
    (folded,) = root.xpath("//ul[@class='warnings']//details")
    assert "9 rules that no document breaks" in folded.text_content()
    assert all(f"nothing {n}" in folded.text_content() for n in range(9))
    assert len(root.xpath("//ul[@class='warnings']/li")) == len(stats.warnings) + 1


def test_every_warning_has_a_place_on_the_page(finished: Path) -> None:
    source = (FOLDER.parent / "figures/warnings.py").read_text()
    codes = set(re.findall(r'yield \(?\s*"(\w+)"', source))
    assert codes == set(ABOUT)
    ids = html.fromstring((finished / "report/index.html").read_bytes()).xpath("//@id")
    assert {about.section for about in ABOUT.values()} <= set(ids)


def test_pairs_of_rules_are_those_of_stats(finished: Path) -> None:
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    both = {(row.rule, row.other): row.documents for row in stats.overlaps if row.rule != row.other}
    _, *rows = tables(finished / "report/index.html")["Pairs of rules table"]
    label = {rule.name: rule.name.replace("_", " ") for rule in stats.rules}
    shown = {(row[0], row[1]): row[2] for row in rows}
    assert len(shown) == min(30, len(both))
    counts = {(label[a], label[b]): f"{documents:,}" for (a, b), documents in both.items()}
    assert shown.items() <= counts.items()
    assert (
        sorted((int(row[2].replace(",", "")) for row in rows), reverse=True)
        == sorted(both.values(), reverse=True)[:30]
    )


def test_the_mix_stands_beside_that_of_the_papers(finished: Path) -> None:
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    rows = tables(finished / "report/index.html")["MassiveText table"]
    own = {row[0]: row for row in rows[2 : 2 + len(stats.mix.sources)]}
    for source in stats.mix.sources:
        mean = round(source.tokens / source.documents)
        assert own[source.source][2] == f"{source.documents:,}"
        assert own[source.source][5:] == [f"{source.epochs:.2f}", f"{mean:,}"]
    gopher, chinchilla = ({row[0]: row for row in of} for of in (rows[-13:-7], rows[-6:]))
    # arXiv 2203.15556, Table A1; for Gopher, tokens of arXiv 2112.11446, Table 2: 48 % of 300 B of 506 B
    assert (gopher["MassiveWeb"][4:6], chinchilla["MassiveWeb"][4:6]) == (["48 %", "0.28"], ["45 %", "1.24"])
    assert (gopher["Wikipedia"][4:6], chinchilla["Wikipedia"][4:6]) == (["2 %", "1.50"], ["1 %", "3.40"])


def test_a_bundled_lexicon_says_its_limits(finished: Path) -> None:
    text = html.fromstring((finished / "report/index.html").read_bytes()).text_content()
    assert "This finds documents that use such features, not people" in text
    assert "Lisa J. Green" in text


def test_languages_of_all_sources_add_up(finished: Path) -> None:
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    read, kept = Counter(), Counter()
    for row in stats.languages:
        read[row.language or "none found"] += row.read.documents
        kept[row.language or "none found"] += row.kept.documents
    _, *rows = tables(finished / "report/index.html")["Languages of all sources table"]
    shown = {row[0]: (row[1], row[3].split(" ")[0]) for row in rows}
    assert len(shown) == min(20, len(read))
    assert all(shown[name] == (f"{read[name]:,}", f"{kept[name]:,}") for name in shown)
    assert [int(row[1].replace(",", "")) for row in rows] == sorted(read.values(), reverse=True)[:20]


def test_byte_fallback_is_shown(finished: Path) -> None:
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    _, *rows = tables(finished / "report/index.html")["Mix table"]
    for source, row in zip(stats.mix.sources, rows, strict=True):
        share = 100 * source.byte_fallback / source.tokens
        assert float(row[-1].removesuffix(" %")) == pytest.approx(
            share, rel=0.06, abs=0.5 if share >= 10 else 0
        )
