"""Parts that fold, addresses that lead into them, tables that are sorted, searched and taken away."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from massivetext.pipeline.stages.report.stats import Stats

pytest.importorskip("selenium.webdriver", reason="selenium is not installed")

from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

TAKEN = """
    window.taken = [];
    URL.createObjectURL = (blob) => { window.taken.push(blob); return "#"; };
"""
TEXT = "const done = arguments[0]; window.taken.at(-1).text().then(done);"


@pytest.fixture
def page(browser: Any, finished: Path) -> Any:
    browser.get("about:blank")
    browser.get((finished / "report/index.html").resolve().as_uri())
    return browser


def at(browser: Any, finished: Path, address: str) -> None:
    browser.get("about:blank")
    browser.get(f"{(finished / 'report/index.html').resolve().as_uri()}#{address}")


def stats_of(finished: Path) -> Stats:
    return Stats.model_validate_json((finished / "report/stats.json").read_bytes())


def open_parts(browser: Any) -> list[str]:
    return list(
        browser.execute_script(
            "return [...document.querySelectorAll('.part[open] > summary h2')].map((one) => one.id)"
        )
    )


def test_the_first_screen_shows_the_funnel_and_folds_the_rest(page: Any) -> None:
    assert open_parts(page) == ["funnel"]
    page.find_element(By.XPATH, "//nav/button").click()
    assert {"funnel", "rules", "whatif", "mix", "run"} <= set(open_parts(page))
    page.find_element(By.XPATH, "//nav/button").click()
    assert open_parts(page) == []


def test_what_the_verdict_names_is_one_click_away(page: Any, finished: Path) -> None:
    causes = stats_of(finished).verdict.causes
    assert causes
    for number, cause in enumerate(causes):
        page.find_elements(By.CSS_SELECTOR, ".causes a")[number].click()
        subject = cause.subject.replace("_", " ")  # a group by its label
        # The browser tells the page of its new address a little later.
        WebDriverWait(page, 10).until(lambda page, of=subject: of in _found(page), f"shows {subject}")
        assert page.find_element(By.CSS_SELECTOR, ".found").is_displayed()
        assert page.execute_script("return location.hash") == f"#{cause.link}"


def _found(page: Any) -> str:
    """The text of what the page's address leads to."""
    text: str = page.execute_script("return document.querySelector('.found')?.textContent ?? ''")
    return text.replace("_", " ")


@pytest.mark.parametrize(
    ("address", "part", "text"),
    [
        ("rules/word_count", "rules", "word count"),
        ("rules/word_count?source=nothing", "rules", "word count"),
        ("mix?source=books", "mix", "books"),
        ("examples/duplicate_5_gram_character_fraction?source=web", "examples", "web"),
    ],
)
def test_an_address_opens_its_part_and_shows_its_row(
    browser: Any, finished: Path, address: str, part: str, text: str
) -> None:
    at(browser, finished, address)
    assert part in open_parts(browser)
    (spot,) = browser.find_elements(By.CSS_SELECTOR, ".found")
    assert spot.is_displayed()
    assert spot.text.startswith(text)


@pytest.mark.parametrize("address", ["nothing", "%00", "rules/'\"><b>", "?source=web"])
def test_an_address_that_names_nothing_changes_nothing(browser: Any, finished: Path, address: str) -> None:
    browser.get_log("browser")
    at(browser, finished, address)
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    assert "funnel" in open_parts(browser)


def test_moved_limits_stand_in_the_address(browser: Any, finished: Path) -> None:
    at(browser, finished, "whatif?word_count.minimum=400")
    yaml = browser.find_element(By.CSS_SELECTOR, "[data-chart=whatif] pre")
    assert yaml.text == "quality:\n  word_count: {minimum: 400}"
    browser.find_element(By.XPATH, "//button[starts-with(., 'Back')]").click()
    assert browser.execute_script("return location.hash") == "#whatif"


def column(browser: Any, region: str, number: int) -> list[str]:
    return list(
        browser.execute_script(
            "const [name, number] = arguments;"
            "return [...document.querySelectorAll(`[aria-label='${name}'] tbody tr`)]"
            ".filter((row) => !row.hidden).map((row) => valueOf(row.cells[number]))",
            region,
            number,
        )
    )


def test_a_column_sorts_its_table(page: Any) -> None:
    page.execute_script("openAll()")
    before = column(page, "Rules table", 3)
    head = page.find_elements(By.CSS_SELECTOR, "[aria-label='Rules table'] .sort")[3]
    head.click()
    counts = [int(one.replace(",", "")) for one in column(page, "Rules table", 3)]
    assert counts == sorted(counts, reverse=True)
    assert sorted(counts) == sorted(int(one.replace(",", "")) for one in before)
    head.click()
    counts = [int(one.replace(",", "")) for one in column(page, "Rules table", 3)]
    assert counts == sorted(counts)
    assert page.find_element(By.CSS_SELECTOR, "[aria-label='Rules table'] [aria-sort]").text.startswith(
        "first"
    )


def test_bytes_sort_by_their_number(page: Any, finished: Path) -> None:
    page.execute_script("openAll()")
    page.find_elements(By.CSS_SELECTOR, "[aria-label='Rules table'] .sort")[7].click()
    expected = sorted((rule.sources[0].broken.bytes for rule in stats_of(finished).rules), reverse=True)
    assert [int(one) for one in column(page, "Rules table", 7)] == expected


def test_a_long_table_is_searched(page: Any) -> None:
    page.execute_script("openAll()")
    page.find_element(By.CSS_SELECTOR, "[aria-label='search in Rules']").send_keys("Word Count")
    assert column(page, "Rules table", 0) == ["word count", "stop word count"]


def test_a_table_is_taken_away_as_csv(page: Any, finished: Path) -> None:
    stats = stats_of(finished)
    page.execute_script(TAKEN)
    page.find_element(By.CSS_SELECTOR, "[aria-label='Funnel as CSV']").click()
    rows = list(csv.DictReader(io.StringIO(page.execute_async_script(TEXT))))
    assert len(rows) == 3 * len(stats.funnels)
    found = {(row["unit"], row["source"]): row for row in rows}
    for funnel in stats.funnels:
        kept = funnel.steps[-1]
        assert found["documents", funnel.source]["kept"] == str(kept.amount.documents)
        assert found["bytes", funnel.source]["read"] == str(funnel.steps[0].amount.bytes)
        assert found["tokens", funnel.source]["kept"] == str(kept.tokens)


def test_units_show_one_at_a_time(page: Any) -> None:
    shown = (
        "return [...document.querySelectorAll('[data-unit]:not([hidden])')].map((one) => one.dataset.unit)"
    )
    assert page.execute_script(shown) == ["documents"]
    page.find_element(By.XPATH, "//button[.='tokens']").click()
    assert page.execute_script(shown) == ["tokens"]


def test_a_chart_is_taken_away_as_svg(page: Any) -> None:
    page.execute_script(TAKEN)
    page.find_element(By.CSS_SELECTOR, "[data-chart=funnel] .take").click()
    drawn = page.execute_async_script(TEXT)
    assert drawn.startswith("<svg")
    assert (
        "var("
        not in json.dumps(drawn).split("style=", 1)[1].split("<rect", 1)[1].split("style=")[1].split('"')[1]
    )


def test_the_numbers_of_a_histogram_are_those_of_stats(page: Any, finished: Path) -> None:
    page.execute_script("openAll()")
    histogram = next(one for one in stats_of(finished).histograms if one.column == "word_count")
    page.execute_script("document.querySelector('[data-histogram=word_count] details').open = true")
    read = """
        const done = arguments[0];
        requestAnimationFrame(() => setTimeout(() => done([...document.querySelectorAll(
            "[aria-label='word count, numbers'] tbody tr")].map((row) => valueOf(row.cells[2]))), 100));
    """
    shown = [int(one.replace(",", "")) for one in page.execute_async_script(read)]
    counts = histogram.counts["web"]
    assert shown == counts[: len(shown)]
    assert sum(counts) == sum(shown)


def test_the_failures_name_file_and_offset(page: Any, finished: Path) -> None:
    page.execute_script("openAll()")
    failures = stats_of(finished).failures
    assert failures
    assert column(page, "Failures table", 3) == [failure.origin_file for failure in failures]
    assert column(page, "Failures table", 1) == [f"{failure.records:,}" for failure in failures]
