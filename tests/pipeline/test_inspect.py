"""Inspect on a real run: which documents it shows, and what it says of each."""

import io
import re
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.dataset as ds
import pytest
from rich.console import Console

from pipeline.inspect import inspect
from pipeline.load import ConfigError


def shown(out: Path, **asked: object) -> str:
    console = Console(file=io.StringIO(), width=300)
    inspect(str(out), console, **asked)  # type: ignore[arg-type]
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def ids(text: str) -> list[str]:
    return re.findall(r"^─+ ([0-9a-f]{32}) ─+$", text, re.MULTILINE)


def column(out: Path, folder: str, name: str, where: pc.Expression | None = None) -> list[str]:
    values: list[str] = ds.dataset(out / folder).to_table([name], filter=where).column(name).to_pylist()
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
    text = shown(finished, id_=wanted)
    assert ids(text) == [wanted]
    assert re.search(r"^fate +kept", text, re.MULTILINE)
    assert "no such document" in shown(finished, id_="0" * 32)


def test_broken_limits_are_shown_with_the_value(finished: Path) -> None:
    table = (
        ds.dataset(finished / "removed").to_table(filter=pc.field("removed_by") == "word_count").slice(0, 1)
    )
    row = table.to_pylist()[0]
    text = shown(finished, id_=row["id"])
    assert re.search(rf"word_count +{row['word_count']} +at least 50, at most 100000", text)


def test_questions_that_cannot_be_answered(finished: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no rule is named `word_cout`; there are language, word_count, "):
        shown(finished, removed_by="word_cout")
    with pytest.raises(ConfigError, match="no source is named `wiki`; there are web, "):
        shown(finished, source="wiki")
    with pytest.raises(ConfigError, match="holds no run"):
        shown(tmp_path)


def test_text_does_not_steer_the_terminal(little: Path) -> None:
    text = shown(little, source="gone", count=3)
    assert "[bold]" in text, "markup is shown as it stands"
    assert "\x1b" not in text
    assert "\ufffd[31m" in text
