"""Inspect on a real run: which documents it shows, and what it says of each."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset as ds
import pytest

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.inspect.inspect import inspect
from massivetext.pipeline.inspect.question import Asked
from massivetext.pipeline.runtime.terminal import Terminal
from tests.pipeline.documents import kept, removed


def shown(out: Path, **asked: Any) -> str:
    console = Terminal(file=io.StringIO(), width=300)
    inspect(str(out), console, Asked(**asked))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def lines(out: Path, **asked: Any) -> list[dict[str, Any]]:
    written: list[bytes] = []
    inspect(str(out), Terminal(file=io.StringIO()), Asked(**asked), written.append)
    assert all(line.endswith(b"\n") for line in written)
    return [json.loads(line) for line in written]


def ids(text: str) -> list[str]:
    return re.findall(r"^─+ ([0-9a-f]{32}) ─+$", text, re.MULTILINE)


def column(out: Path, folder: str, name: str, where: pc.Expression | None = None) -> list[str]:
    tables = {"documents": kept, "removed": removed}
    table = tables[folder](out) if folder in tables else ds.dataset(out / folder).to_table()
    values: list[str] = (table if where is None else table.filter(where)).column(name).to_pylist()
    return values


def test_by_rule(finished: Path) -> None:
    text = shown(finished, removed_by="duplicate_5_gram_character_fraction", count=5)
    of_rule = column(
        finished, "removed", "id", pc.field("removed_by") == "duplicate_5_gram_character_fraction"
    )
    assert len(set(ids(text))) == 5
    assert set(ids(text)) < set(of_rule)
    assert text.count("removed by duplicate_5_gram_character_fraction") == 5
    assert text == shown(finished, removed_by="duplicate_5_gram_character_fraction", count=5)


def test_fewer_are_the_first_of_more(finished: Path) -> None:
    many = ids(shown(finished, source="c4", count=12))
    assert ids(shown(finished, source="c4", count=4)) == many[:4]
    assert many != sorted(many), "not the order of the files or ids"


@pytest.mark.parametrize("kind", ["exact", "near"])
def test_duplicates_name_their_survivor(finished: Path, kind: str) -> None:
    text = shown(finished, removed_by=kind, count=100)
    table = ds.dataset(finished / "duplicates").to_table(filter=pc.field("kind") == kind)
    assert set(ids(text)) == set(table.column("id").to_pylist())
    for survivor in table.column("survivor_id").to_pylist():
        assert f"{kind} duplicate of {survivor}" in text


def test_contaminated_ones_name_the_item(finished: Path) -> None:
    text = shown(finished, removed_by="contaminated", count=100)
    table = ds.dataset(finished / "contaminated").to_table(filter=pc.field("removed"))
    assert set(ids(text)) == set(table.column("id").to_pylist())
    assert all(f"item {item}" in text for item in table.column("item").to_pylist())


def test_by_id(finished: Path) -> None:
    wanted = column(finished, "tokens", "id")[0]
    text = shown(finished, id=wanted)
    assert ids(text) == [wanted]
    assert re.search(r"^fate +kept", text, re.MULTILINE)
    assert "no such document" in shown(finished, id="0" * 32)


def test_broken_limits_are_shown_with_the_value(finished: Path) -> None:
    row = removed(finished).filter(pc.field("removed_by") == "word_count").slice(0, 1).to_pylist()[0]
    text = shown(finished, id=row["id"])
    assert re.search(rf"word_count +{row['word_count']} +at least 50, at most 100000: broken", text)
    assert len(re.findall(": broken", text)) == sum(rule != "language" for rule in row["failed_rules"])


def test_counts_are_shown_in_full(finished: Path) -> None:
    counts = {row["id"]: row["word_count"] for row in lines(finished, near_limit="word_count", count=1000)}
    id_ = max(counts, key=lambda one: counts[one])
    assert counts[id_] > 10_000
    assert re.search(rf"word_count +{counts[id_]} ", shown(finished, id=id_))


def test_a_long_url_is_shown_whole(finished: Path) -> None:
    url = max(filter(None, column(finished, "documents", "url")), key=len)
    console = Terminal(file=io.StringIO(), width=40)
    inspect(str(finished), console, Asked(url=url, count=1))
    assert isinstance(console.file, io.StringIO)
    assert url in re.sub(r"\s+", "", console.file.getvalue())


@pytest.mark.parametrize("rule", ["word_count", "duplicate_line_fraction", "alphabetic_word_fraction"])
def test_near_a_limit_are_the_nearest_of_either_side(finished: Path, rule: str) -> None:
    stats = json.loads((finished / "report/stats.json").read_bytes())
    limits = next([r["minimum"], r["maximum"]] for r in stats["rules"] if r["name"] == rule)

    def away(value: float) -> float:
        return min(abs(value - limit) / limit for limit in limits if limit is not None)

    found = lines(finished, near_limit=rule, count=30)
    distances = [away(row[rule]) for row in found]
    assert distances == sorted(distances)
    everywhere = [
        away(value)
        for folder in ("documents", "removed")
        for value in column(finished, folder, rule, pc.field("source") == "web")
    ]
    assert distances == sorted(everywhere)[:30]
    assert {row["source"] for row in found} == {"web"}, "no other source is judged by it"
    assert {row["fate"] == "kept" for row in found} == {True, False}


def test_by_language_and_url(finished: Path) -> None:
    of_language = lines(finished, language="de", count=1000)
    tables = [
        column(finished, folder, "id", pc.field("language") == "de") for folder in ("documents", "removed")
    ]
    assert {row["id"] for row in of_language} == {id_ for table in tables for id_ in table}
    url = next(row["url"] for row in of_language if row["url"])
    assert url in {row["url"] for row in lines(finished, url=url[8:], language="de")}
    assert lines(finished, url=url, language="en") == []


def test_lines_of_json_hold_the_document_and_its_marks(finished: Path) -> None:
    rule = "duplicate_line_fraction"
    found = lines(finished, removed_by=rule, count=3)
    assert {row["fate"] for row in found} == {rule}
    for row in found:
        stored = removed(finished).filter(pc.field("id") == row["id"]).to_pylist()[0]
        stored["captured"] = stored["captured"] and stored["captured"].isoformat()  # as JSON writes it
        assert {name: row[name] for name in stored} == stored
        start = row["excerpt"]["start"]
        marked = [row["text"][start + a : start + b] for a, b in row["excerpt"]["marks"]]
        copies = [line.strip() for line in row["text"].splitlines()]
        assert marked
        assert all(copies.count(line) > 1 for line in marked[:-1]), "the last may be cut"
        limit = next(limit for limit in row["limits"] if limit["name"] == rule)
        assert limit["is_broken"]
        assert limit["value"] == row[rule] > limit["maximum"]


def test_marks_are_shown_on_a_terminal(finished: Path) -> None:
    console = Terminal(file=io.StringIO(), width=200, force_terminal=True, color_system="standard")
    inspect(str(finished), console, Asked(removed_by="duplicate_line_fraction", count=1))
    assert isinstance(console.file, io.StringIO)
    assert "\x1b[7m" in console.file.getvalue()


def test_a_contaminated_one_is_shown_with_the_words_of_the_item(finished: Path) -> None:
    text = shown(finished, removed_by="contaminated", count=1)
    row = lines(finished, removed_by="contaminated", count=1)[0]
    start = row["excerpt"]["start"]
    words = " ".join(row["text"][start + a : start + b] for a, b in row["excerpt"]["marks"])
    assert len(words.split()) > min(row["facts"]["longest_run"], 50), "it is cut where the excerpt ends"
    assert f"the item, {row['facts']['item']}" in text


def test_questions_that_cannot_be_answered(finished: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no rule is named `word_cout`; there are language, word_count, "):
        shown(finished, removed_by="word_cout")
    with pytest.raises(ConfigError, match="no rule `language` has a limit; there are word_count, "):
        shown(finished, near_limit="language")
    with pytest.raises(ConfigError, match="no source is named `wiki`; there are web, "):
        shown(finished, source="wiki")
    with pytest.raises(ConfigError, match="holds no run"):
        shown(tmp_path)


def test_text_does_not_steer_the_terminal(little: Path) -> None:
    text = shown(little, source="gone", count=3)
    assert "[bold]" in text, "markup is shown as it stands"
    assert "\x1b" not in text
    assert "\ufffd[31m" in text
