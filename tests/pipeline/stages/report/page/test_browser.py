"""The page in a browser: headless Chromium, driven by Selenium. Skipped where there is no Chromium."""

import itertools
import json
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from massivetext.pipeline.stages.report.page.page import render
from massivetext.pipeline.stages.report.stats import Funnel, Sample, Stats, Step
from tests.pipeline.stages.report.contrast import FUNCTIONS

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")

from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402


def stats_of(out: Path) -> Stats:
    return Stats.model_validate_json((out / "report/stats.json").read_bytes())


def open_page(browser: "webdriver.Chrome", out: Path) -> str:
    address = (out / "report/index.html").resolve().as_uri()
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(address)
    browser.execute_script("openAll()")
    return address


@pytest.mark.parametrize("run", ["finished", "little"])
def test_no_error_and_no_request(
    browser: "webdriver.Chrome", run: str, request: pytest.FixtureRequest
) -> None:
    address = open_page(browser, request.getfixturevalue(run))
    assert browser.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    requested = {
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent" and message["params"]["documentURL"] == address
    }
    assert requested == {address}


CELLS = """
    return Object.fromEntries([...document.querySelectorAll("[role=region]")].map((region) => [region.ariaLabel,
        [...region.querySelectorAll("tbody tr")].map((row) =>
            [...row.cells].map((cell) => cell.textContent.trim().replace(/\\s+/g, " ")))]));
"""


def numbers(cells: list[str]) -> list[str]:
    """The first number of each cell, without its share."""
    return [cell.removeprefix("≈ ").removeprefix("⚠ ").split(" ")[0] for cell in cells]


def in_columns(stats: Stats, funnel: Funnel) -> list[Step]:
    """The steps of a funnel as its table has them: read, kept, and what took anything of any source."""
    taking = [step.name for step in stats.funnels[0].steps[1:-1] if step.amount.documents]
    of = {step.name: step for step in funnel.steps}
    return [of[name] for name in ("read", "kept", *taking)]


def test_numbers_drawn_in_tables_are_those_of_stats(browser: "webdriver.Chrome", finished: Path) -> None:
    stats = stats_of(finished)
    open_page(browser, finished)
    shown: dict[str, list[list[str]]] = browser.execute_script(CELLS)

    names = [funnel.source for funnel in stats.funnels]
    funnel_rows = [row for row in shown["Funnel table"] if row[0] in names]
    documents, tokens = funnel_rows[: len(names)], funnel_rows[-len(names) :]
    for funnel, of_documents, of_tokens in zip(stats.funnels, documents, tokens, strict=True):
        steps = in_columns(stats, funnel)
        assert numbers(of_documents[1:]) == [f"{step.amount.documents:,}" for step in steps]
        assert numbers(of_tokens[1:]) == [f"{step.tokens:,}" for step in steps]

    for rule, row in zip(stats.rules, shown["Rules table"], strict=True):
        total = rule.sources[0]
        amounts = (total.judged, total.first, total.broken, total.only)
        assert numbers(row[2:6]) == [f"{one.documents:,}" for one in amounts]

    for language, row in zip(stats.languages[:40], shown["Languages table"], strict=True):
        assert row[:2] == [language.language or "none found", language.source]
        assert numbers([row[2], row[4]]) == [f"{language.read.documents:,}", f"{language.kept.documents:,}"]

    titles = {"length": "Length, in words from", "top_level": "Top-level domain", "licence": "Licence"}
    for kind, title in {**titles, "domain": "Domains that lost most"}.items():
        groups = [group for group in stats.groups if group.kind == kind][:25]
        assert [numbers(row[1:]) for row in shown[f"{title} table"]] == [
            [f"{group.read:,}", f"{group.removed:,}"] for group in groups
        ]

    for group in stats.audit:
        rows = shown[f"{group.name.replace('_', ' ')}, members"]
        for source, row in zip(group.sources, rows, strict=True):
            counts = (source.searched, source.with_feature, source.members)
            assert numbers(row[1:4]) == [f"{count:,}" for count in counts]
            if source.rules:
                assert numbers(row[5:6]) == [f"{source.rules[0].members.documents:,}"]

    for found, row in zip(stats.deduplication.sources, shown["Duplicates table"], strict=True):
        assert numbers([row[1], row[3]]) == [f"{found.exact.documents:,}", f"{found.near.documents:,}"]
    for entry, row in zip(stats.contamination, shown["Test sets table"], strict=True):
        assert row[:2] == [entry.test_set, entry.source]
        assert numbers(row[2:4]) == [f"{entry.matched.documents:,}", f"{entry.removed.documents:,}"]
        similar = [f"{entry.highest_jaccard:.3f}", f"{entry.highest_containment:.3f}"]
        kept = [f"{entry.kept_with_item:,}", f"{entry.highest_kept:.3f}"]
        assert row[5:] == [*similar, *kept]
    for mixed, row in zip(stats.mix.sources, shown["Mix table"], strict=True):
        assert numbers(row[1:3]) == [f"{mixed.wanted:,}", f"{mixed.given:,}"]
        assert numbers(row[3:5]) == [f"{100 * mixed.weight:.2f}", f"{100 * mixed.share:.2f}"]
        assert numbers(row[6:8]) == [f"{mixed.tokens:,}", f"{mixed.documents:,}"]


def test_numbers_drawn_in_charts_are_those_of_stats(browser: "webdriver.Chrome", finished: Path) -> None:
    """What a pointer over a bar or cell is told."""
    stats = stats_of(finished)
    open_page(browser, finished)
    titles = "return [...document.querySelectorAll(`[data-chart=${arguments[0]}] title`)].map((t) => t.textContent)"
    bars = {title.rsplit(",", 1)[0] for title in browser.execute_script(titles, "funnel")}
    assert bars == {
        f"{funnel.source}, {step.name}: {step.amount.documents:,} documents"
        for funnel in stats.funnels
        for step in funnel.steps[1:]
        if step.amount.documents
    }
    cells = {title.split(":")[0] for title in browser.execute_script(titles, "overlap")}
    assert cells == {
        f"{row.documents:,} documents break {a.replace('_', ' ')} and {b.replace('_', ' ')}"
        for row in stats.overlaps
        for a, b in ((row.rule, row.other), (row.other, row.rule))
    }


def test_every_chart_is_drawn_and_named(browser: "webdriver.Chrome", finished: Path) -> None:
    open_page(browser, finished)
    for name in ("funnel", "overlap", "jaccard", "recall", "mix", "cost"):
        assert (
            len(browser.find_elements(By.CSS_SELECTOR, f"[data-chart={name}] svg[role=img][aria-label]")) == 1
        )
    histograms = browser.find_elements(By.CSS_SELECTOR, "[data-chart=histograms] svg[role=img][aria-label]")
    assert len(histograms) == len(stats_of(finished).histograms)


def test_forty_sources_are_drawn(browser: "webdriver.Chrome", crowd: tuple[Stats, Path]) -> None:
    """All in the funnel; in the histograms the nine largest, and the others as one."""
    stats, path = crowd
    browser.get_log("browser")
    browser.get(path.as_uri())
    browser.execute_script("openAll()")
    assert browser.get_log("browser") == []
    for name in ("funnel", "overlap", "jaccard", "recall"):
        assert browser.find_elements(By.CSS_SELECTOR, f"[data-chart={name}] svg[role=img]")
    titles = (
        "return [...document.querySelectorAll('[data-chart=funnel] title')].map((one) => one.textContent)"
    )
    assert {title.split(",")[0] for title in browser.execute_script(titles)} == {
        funnel.source for funnel in stats.funnels
    }
    rows = "return document.querySelector('[data-histogram=word_count] svg').textContent"
    assert f"{len(stats.funnels) - 1 - 9} other" in browser.execute_script(rows)
    summed = """
        const [histogram] = stats.histograms.filter((one) => one.column === "word_count");
        return [d3.sum([...bySeries(histogram.counts).values()].flat()), bySeries(histogram.counts).size];
    """
    counts = next(histogram.counts for histogram in stats.histograms if histogram.column == "word_count")
    assert browser.execute_script(summed) == [sum(map(sum, counts.values())), 10]
    root = "document.documentElement"
    assert browser.execute_script(f"return {root}.scrollWidth <= {root}.clientWidth")

    set_limit(browser, "word_count", "minimum", 300)
    kept, shown, change, _, sampled = result(browser, "all")
    assert sampled == "5,000 of 23,040"
    assert int(kept.replace(",", "")) == 40 * sum(
        step.amount.documents
        for step in stats.funnels[1].steps
        if step.name in ("exact", "near", "contaminated", "kept")
    )
    assert re.fullmatch(r"-[\d,]+ ± [\d,]+", change)
    assert " ± " in shown


def test_text_of_documents_is_not_run(browser: "webdriver.Chrome", little: Path) -> None:
    open_page(browser, little)
    assert browser.execute_script("return window.wasRun") is None
    assert browser.execute_script("return document.body.textContent.includes('window.wasRun = 2')")


Limits = dict[str, tuple[float | None, float | None]]


def predicted(sample: Sample, limits: Limits) -> int:
    """Documents kept under some limits, where the sample is everything."""
    assert len(sample.ids) == sample.population.documents
    return int(kept_of(sample, limits).sum())


def kept_of(sample: Sample, limits: Limits) -> npt.NDArray[np.bool_]:
    """Whether each document of the sample breaks no rule under some limits."""
    kept = np.array(sample.free)
    for column, values in zip(sample.columns, map(np.array, sample.values), strict=True):
        minimum, maximum = limits[column]
        kept &= (values >= (-np.inf if minimum is None else minimum)) & (
            values <= (np.inf if maximum is None else maximum)
        )
    return kept


def set_limit(browser: "webdriver.Chrome", rule: str, side: str, value: float) -> None:
    exact = browser.find_element(By.CSS_SELECTOR, f"[data-limit='{rule}.{side}'] + input")
    exact.send_keys(Keys.CONTROL, "a")
    exact.send_keys(str(value), Keys.TAB)


def result(browser: "webdriver.Chrome", source: str) -> list[str]:
    row = browser.find_element(By.CSS_SELECTOR, f"[data-chart=whatif] tr[data-source={source}]")
    return [cell.text for cell in row.find_elements(By.TAG_NAME, "td")]


def test_sliders_count_as_python_does(browser: "webdriver.Chrome", finished: Path) -> None:
    stats = stats_of(finished)
    (sample,) = stats.samples
    limits = {rule.name: (rule.minimum, rule.maximum) for rule in stats.rules if rule.name in sample.columns}
    ofrun = dict(limits)
    open_page(browser, finished)
    kept_by_rules = predicted(sample, limits)
    assert result(browser, sample.source)[:2] == [f"{kept_by_rules:,}"] * 2
    said = browser.find_element(By.CSS_SELECTOR, "[data-chart=whatif] .changes")
    assert said.text == "No limit is moved."

    changes = [("word_count", "minimum", 400), ("duplicate_5_gram_character_fraction", "maximum", 0.4)]
    shown = set()
    for rule, side, value in changes:
        minimum, maximum = limits[rule]
        limits[rule] = (value, maximum) if side == "minimum" else (minimum, value)
        set_limit(browser, rule, side, value)
        kept = predicted(sample, limits)
        before, after, change, tokens, sampled = result(browser, sample.source)
        assert sampled == "all"
        assert (before, after) == (f"{kept_by_rules:,}", f"{kept:,}")
        assert int(change.replace(",", "")) == kept - kept_by_rules
        gained = (kept_of(sample, limits).astype(int) - kept_of(sample, ofrun)) @ np.array(sample.bytes)
        assert int(tokens.replace(",", "")) == pytest.approx(gained * (sample.tokens_per_byte or 0), abs=1)
        shown.add(after)
    assert len(shown) == 2, "each change is to show"
    assert said.text.startswith(f"{kept - kept_by_rules:+,} documents, ")
    yaml = browser.find_element(By.CSS_SELECTOR, "[data-chart=whatif] pre").text
    assert "quality:\n  word_count: {minimum: 400}" in yaml
    assert "repetition:\n  duplicate_5_gram_character_fraction: {maximum: 0.4}" in yaml

    browser.find_element(By.XPATH, "//button[starts-with(., 'Back')]").click()
    assert result(browser, sample.source)[1] == f"{kept_by_rules:,}"


def test_limits_of_every_family_move(browser: "webdriver.Chrome", finished: Path, tmp_path: Path) -> None:
    """Of code and of characters, too, which are measured in counts and may be limited to none."""
    stats = stats_of(finished)
    (sample,) = stats.samples
    rule = next(rule for rule in stats.rules if rule.name == "hash_ratio")
    limits = {
        "maximum_line_length": ("code_quality", 1000.0),
        "replacement_character_count": ("characters", 0.0),
    }
    rules = [
        rule.model_copy(update={"name": name, "family": family, "maximum": maximum})
        for name, (family, maximum) in limits.items()
    ]
    histogram = next(one for one in stats.histograms if one.column == "word_count")
    histograms = [histogram.model_copy(update={"column": name}) for name in limits]
    counts = [[float(n % 3) for n in range(len(sample.ids))] for _ in limits]
    free = [True] * len(sample.ids)
    update = {"columns": list(limits), "values": counts, "free": free}
    page = render(
        stats.model_copy(
            update={
                "rules": rules,
                "overlaps": [],
                "histograms": histograms,
                "samples": [sample.model_copy(update=update)],
            }
        )
    )
    path = tmp_path / "index.html"
    path.write_text(page)
    browser.get_log("browser")
    browser.get(path.as_uri())
    browser.execute_script("openAll()")
    assert browser.get_log("browser") == []
    yaml = browser.find_element(By.CSS_SELECTOR, "[data-chart=whatif] pre")
    slider = browser.find_element(By.CSS_SELECTOR, "[data-limit='replacement_character_count.maximum']")
    for _ in range(50):
        slider.send_keys(Keys.ARROW_RIGHT)
    assert yaml.text == "characters:\n  replacement_character_count: {maximum: 2}"
    gained = sum(count > 0 for count in counts[0])
    assert result(browser, sample.source)[2] == f"+{gained:,}"
    browser.find_element(By.CSS_SELECTOR, "[data-limit='maximum_line_length.maximum']").send_keys(Keys.HOME)
    assert yaml.text.startswith("code_quality:\n  maximum_line_length: {maximum: 0}\ncharacters:")


def test_a_slider_moves_by_key(browser: "webdriver.Chrome", finished: Path) -> None:
    open_page(browser, finished)
    slider = browser.find_element(By.CSS_SELECTOR, "[data-limit='alphabetic_word_fraction.minimum']")
    slider.send_keys(Keys.ARROW_RIGHT)
    assert browser.find_element(By.CSS_SELECTOR, "[data-chart=whatif] pre").text.endswith("{minimum: 0.805}")


COVERED = """
    const [chosen, column, side, value] = arguments, whole = stats.samples[0], limits = limitsOfRun();
    limits[column][side] = value;
    const population = whole.population;
    const of = (rows) => ({...whole, population, free: rows.map((row) => whole.free[row]),
        bytes: rows.map((row) => whole.bytes[row]), values: whole.values.map((one) => rows.map((row) => one[row]))});
    const show = ({documents, tokens}) => [documents.total, documents.error, tokens.total, tokens.error];
    return [show(recount(whole, limits)), ...chosen.map((rows) => show(recount(of(rows), limits)))];
"""


@pytest.mark.parametrize(
    ("column", "side", "value"),
    [
        ("word_count", "minimum", 300),  # takes a third
        ("hash_ratio", "maximum", 0.01),  # takes a few
        ("duplicate_5_gram_character_fraction", "maximum", 0.3),  # gives some back
    ],
)
def test_intervals_of_samples_hold_the_count_over_all(
    browser: "webdriver.Chrome", finished: Path, column: str, side: str, value: float
) -> None:
    """Of 300 samples of a quarter of the documents; and the intervals are those of the formula, in Python."""
    (sample,) = stats_of(finished).samples
    open_page(browser, finished)
    random, size = np.random.default_rng(1), len(sample.ids)
    chosen = [random.choice(size, size // 4, replace=False) for _ in range(300)]
    whole, *parts = browser.execute_script(COVERED, [rows.tolist() for rows in chosen], column, side, value)
    assert whole[1] == whole[3] == 0
    assert whole[0] != 0
    totals, errors, tokens, token_errors = np.array(parts).T
    told_apart = 3 * np.sqrt(0.95 * 0.05 / len(parts))
    assert (np.abs(totals - whole[0]) <= errors).mean() > 0.95 - told_apart
    assert (np.abs(tokens - whole[2]) <= token_errors).mean() > 0.8, (
        "a few long texts decide, as the page says"
    )

    limits = {rule.name: (rule.minimum, rule.maximum) for rule in stats_of(finished).rules}
    minimum, maximum = limits[column]
    changed = {**limits, column: (value, maximum) if side == "minimum" else (minimum, value)}
    signs = kept_of(sample, changed).astype(int) - kept_of(sample, limits)
    n = size // 4
    for rows, total, error in zip(chosen[:20], totals, errors, strict=False):
        lost, gained = (signs[rows] < 0).sum() + 0.5, (signs[rows] > 0).sum() + 0.5
        variance = ((lost + gained) / (n + 2) - ((gained - lost) / (n + 2)) ** 2) / (n + 2)
        assert total == pytest.approx(signs[rows].mean() * size)
        assert error == pytest.approx(1.96 * size * np.sqrt(variance * (size - n) / (size - 1)))


def test_no_change_in_a_sample_is_not_taken_for_certain(browser: "webdriver.Chrome", finished: Path) -> None:
    open_page(browser, finished)
    changed = """
        const part = {...stats.samples[0]}, limits = limitsOfRun();
        part.free = part.free.slice(0, 50);
        const same = recount(part, limits);
        limits.hash_ratio.maximum = 0.0999999;
        return [same, recount(part, limits)];
    """
    same, other = browser.execute_script(changed)
    assert same["documents"] == {"total": 0, "error": 0}, "the limits are the run's: known for all documents"
    assert other["documents"]["total"] == 0
    assert other["documents"]["error"] > 576 / 52
    assert other["tokens"]["error"] > 0


def test_tab_order_is_the_order_of_the_page(browser: "webdriver.Chrome", finished: Path) -> None:
    open_page(browser, finished)
    tops, texts = [], []
    for _ in range(60):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        active = browser.switch_to.active_element
        texts.append(active.text)
        tops.append(
            browser.execute_script("return arguments[0].getBoundingClientRect().top + scrollY", active)
        )
    causes = len(stats_of(finished).verdict.causes)
    assert texts[0] == "Skip to the figures"
    assert all(text.startswith("show") for text in texts[1 : 1 + causes])
    assert "at the end" in texts
    after = texts.index("Open all" if "Open all" in texts else "Close all") + 1
    assert all(a <= b + 60 for a, b in itertools.pairwise(tops[after:])), tops[after:]


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_fits_and_is_readable(
    browser: "webdriver.Chrome", finished: Path, width: int, scheme: str
) -> None:
    """Nothing is wider than the window, and text stands out from its ground (WCAG AA: 4.5 to 1)."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    open_page(browser, finished)
    root = "document.documentElement"
    assert browser.execute_script(f"return {root}.scrollWidth <= {root}.clientWidth")
    for selector in (
        "p",
        "thead th",
        "td small",
        ".meta",
        "nav a",
        "svg text",
        ".warnings b",
        ".gist",
        ".causes b",
    ):
        contrast = browser.execute_script(CONTRAST, selector)
        assert contrast >= 4.5, (selector, contrast)
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


CONTRAST = f"""
    {FUNCTIONS}
    const element = document.querySelector(arguments[0]), style = getComputedStyle(element);
    const ink = element.closest("svg") && style.fill !== "none" ? style.fill : style.color;
    return contrast(ink, getComputedStyle(document.body).backgroundColor);
"""
