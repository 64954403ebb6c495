"""Reading test sets."""

from pathlib import Path

import pytest

from pipeline.load import ConfigError
from pipeline.test_sets import ItemFile, items


def read(path: Path, *text: str, id_: str | None = None) -> list[tuple[str, str, str]]:
    return list(items(ItemFile("set", str(path), text or ("text",), id_, "")))


def test_jsonl_joins_fields_and_names_items(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"q": "why?", "a": "so", "n": 7}\n\n{"q": "who?", "a": "she", "n": 8}\n')
    assert read(path, "q", "a", id_="n") == [("set", "7", "why?\nso"), ("set", "8", "who?\nshe")]
    assert [name for _, name, _ in read(path, "q")] == ["0", "2"]


def test_plain_text_is_cut_at_blank_lines(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"first item\r\nstill first\r\n \r\n\r\nsecond\r\n")
    assert [text.strip() for _, _, text in read(path)] == ["first item\nstill first", "second"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"question": "?"}', "line 1: no field `text`; it has: question"),
        (b'{"text": "fine"}\n{', "line 2: not JSON"),
        (b"\xff", "is not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, content: bytes, message: str):
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        read(path)
