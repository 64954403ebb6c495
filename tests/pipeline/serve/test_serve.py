"""The page over the whole run, in a real browser."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.serve.notes import MOST, Note, Notes
from massivetext.pipeline.serve.serve import serve
from massivetext.pipeline.serve.server import Server
from massivetext.pipeline.stages.report.stats import Stats

pytest.importorskip("selenium.webdriver", reason="selenium is not installed")

from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait


@pytest.fixture(scope="module")
def server(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    out = tmp_path_factory.mktemp("served") / "out"
    out.symlink_to(finished)  # so that the notes lie in a folder of this test
    with serve(str(out), 0) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def at(browser: Any, server: Server, part: str) -> None:
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get(f"{server.address}#{part}")


def told(browser: Any, selector: str, text: str) -> str:
    """What an element says once it says this."""
    WebDriverWait(browser, 60).until(lambda _: text in browser.find_element(By.CSS_SELECTOR, selector).text)
    found: str = browser.find_element(By.CSS_SELECTOR, selector).text
    return found


def search(browser: Any, **given: str) -> str:
    for name, value in given.items():
        field = browser.find_element(By.CSS_SELECTOR, f"form.ask [name={name}]")
        if field.tag_name == "input":
            field.clear()
        field.send_keys(value)
    browser.find_element(By.CSS_SELECTOR, "form.ask button").click()
    return told(browser, "[data-said]", "document")


def test_what_if_is_counted_over_all(browser: Any, server: Server, finished: Path) -> None:
    at(browser, server, "whatif?word_count.minimum=400")
    said = told(browser, ".changes", "counted over all of them")
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    (sample,) = stats.samples
    assert len(sample.ids) == sample.population.documents, "the sample's sample is everything"
    below = sum(
        free and values[0] is not None and values[0] < 400
        for free, *values in zip(sample.free, sample.values[sample.columns.index("word_count")], strict=True)
    )
    limits = {rule.name: (rule.minimum, rule.maximum) for rule in stats.rules}
    kept = [
        free
        and all(
            value is None
            or (value >= (limits[column][0] or -1e300) and value <= (limits[column][1] or 1e300))
            for column, value in zip(sample.columns, values, strict=True)
        )
        for free, *values in zip(sample.free, *sample.values, strict=True)
    ]
    counts = sample.values[sample.columns.index("word_count")]
    lost = sum(one and count is not None and count < 400 for one, count in zip(kept, counts, strict=True))
    assert 0 < lost <= below
    assert said.startswith(f"-{lost:,} documents")
    assert browser.get_log("browser") == []


def test_documents_are_found_and_noted(browser: Any, server: Server) -> None:
    at(browser, server, "browse")
    assert search(browser, text="sQLite", count="3") == "3 documents"
    texts = browser.find_elements(By.CSS_SELECTOR, ".document pre")
    assert len(texts) == 3
    marks = browser.find_elements(By.CSS_SELECTOR, ".document mark")
    assert {mark.text.lower() for mark in marks} == {"sqlite"}
    first = browser.find_element(By.CSS_SELECTOR, ".document")
    first.find_element(By.CSS_SELECTOR, "[name=label]").send_keys("good")
    first.find_element(By.CSS_SELECTOR, ".ask button").click()
    kept = Path(told(browser, "[data-said]", "kept in").removeprefix("kept in "))
    (note,) = map(json.loads, kept.read_text().splitlines())
    assert (note["label"], note["id"]) == ("good", first.find_element(By.TAG_NAME, "code").text)
    assert browser.get_log("browser") == []


def test_duplicates_are_shown_with_their_survivor(browser: Any, server: Server) -> None:
    at(browser, server, "browse")
    search(browser, removed_by="near", count="1")
    assert len(browser.find_elements(By.CSS_SELECTOR, ".document .pair pre")) == 2
    browser.find_element(By.XPATH, "//button[.='Its duplicates']").click()
    assert told(browser, ".document h4", "duplicates of").split()[0].isdigit()


def test_a_sequence_tells_its_documents(browser: Any, server: Server) -> None:
    at(browser, server, "browse")
    browser.find_element(By.CSS_SELECTOR, "form.sequence input").send_keys("0:3")
    browser.find_element(By.CSS_SELECTOR, "form.sequence button").click()
    assert told(browser, "[data-said]", "in the sequence").split()[0] != "0"
    browser.find_element(By.CSS_SELECTOR, "form.sequence input").send_keys("x")
    browser.find_element(By.CSS_SELECTOR, "form.sequence button").click()
    assert "expected SHARD:INDEX" in told(browser, "[data-said]", "expected")


def test_a_question_that_cannot_be_answered_is_told(browser: Any, server: Server) -> None:
    at(browser, server, "browse")
    answer = "const done = arguments[0]; ask('documents?count=0').then(done, (error) => done(error.message));"
    assert browser.execute_async_script(answer) == "count: expected a whole number from 1 to 50"
    answer = "const done = arguments[0]; ask('documents?what=0').then(done, (error) => done(error.message));"
    assert "what: unknown key" in browser.execute_async_script(answer)


def test_limits_that_are_none_are_told(browser: Any, server: Server) -> None:
    at(browser, server, "browse")
    asked = (
        "const [limits, done] = arguments; post('whatif', limits).then(done, (error) => done(error.message));"
    )
    assert "expected an object for each limit" in browser.execute_async_script(asked, {"word_count": 5})
    assert "could not convert" in browser.execute_async_script(asked, {"word_count": {"minimum": "x"}})
    unknown = browser.execute_async_script(asked, {"word_cuont": {"minimum": 400}})
    assert "word_cuont: no limit of this run; it has " in unknown
    assert "word_count" in unknown


def test_text_of_documents_is_not_run(browser: Any, little: Path) -> None:
    with serve(str(little), 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        at(browser, server, "browse")
        search(browser, source="gone")
        assert "window.wasRun" in browser.find_element(By.CSS_SELECTOR, "[data-found]").text
        assert browser.execute_script("return window.wasRun") is None
        server.shutdown()


def test_notes_that_are_too_long(tmp_path: Path) -> None:
    notes = Notes(tmp_path / "out.notes.jsonl")
    notes.add(Note("a", "good", "", "2026-01-01T00:00:00+00:00"))
    notes.add(Note("a", "bad", "x" * MOST, "2026-01-01T00:00:00+00:00"))
    assert notes.read()["a"].label == "bad"
    with pytest.raises(ValueError, match="at most 10,000 characters"):
        notes.add(Note("a", "bad", "x" * (MOST + 1), ""))


def test_what_cannot_be_served(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no report"):
        serve(str(tmp_path), 0)
    with pytest.raises(ConfigError, match="copy the run to this machine"):
        serve("gs://bucket/out", 0)
