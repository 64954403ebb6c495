"""Test sets in every format, whole and broken."""

import gzip
from pathlib import Path

import pytest
from backports import zstd

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import ItemFile
from massivetext.pipeline.stages.decontaminate.test_sets.read import items


def read(path: Path, content: str | bytes, **options) -> list[tuple[str, str]]:
    """(item, text) of each item of a file with this content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    fields = tuple(("question", name) for name in options.pop("text", ("text",)))
    options = {"format": None, "fields": fields, "id": None, **options}
    return [(item.name, item.text) for item in items(ItemFile("quiz", str(path), sha256="", **options))]


def test_jsonl_joins_fields_and_lists(tmp_path: Path):
    content = '{"q": "What is it?", "a": ["this", "that"], "n": 7}\n\n{"n": 8, "a": null, "q": "And it?"}\n'
    path = tmp_path / "a.jsonl"
    assert read(path, content, text=("q", "a"), id="n") == [
        ("7", "What is it?\nthis\nthat"),
        ("8", "And it?"),
    ]
    assert [name for name, _ in read(path, content, text=("q",))] == ["0", "1"]


def test_csv_values_hold_newlines_commas_and_quotes(tmp_path: Path):
    content = '\ufeffid,text\r\na,"One, ""two""\nthree"\r\nb,four\r\n'
    assert read(tmp_path / "a.csv", content, id="id") == [("a", 'One, "two"\nthree'), ("b", "four")]
    assert read(tmp_path / "a.tsv", "text\tid\nx, y\t1\n") == [("0", "x, y")]


def test_csv_values_may_be_long(tmp_path: Path):
    long = "word " * 100_000
    assert read(tmp_path / "a.csv", f"text\n{long}\n") == [("0", long)]


def test_plain_text_is_cut_at_blank_lines(tmp_path: Path):
    assert read(tmp_path / "a.txt", "one\ntwo\r\n \t\r\n\n\nthree\n") == [("0", "one\ntwo"), ("1", "three\n")]


WIKITEXT = """\

 = Du Fu =

 Du Fu 's poems , written in 756 – 57 , fill 1 @,@ 400 well @-@ known pages ( or 3 @.@ 5 rolls ) .
 He said : " I don 't know ; the poets ' boats sink ! "

 = = Life ( early ) = =

 He earned $ 5 a day — or less — at 20 km / h .

 = Kiss You ( song ) =

 Text .
"""


def test_wikitext_is_made_prose_again(tmp_path: Path):
    assert read(tmp_path / "a.tokens", WIKITEXT) == [
        (
            "0 Du Fu",
            "\nDu Fu's poems, written in 756–57, fill 1,400 well-known pages (or 3.5 rolls).\n"
            "He said: \"I don't know; the poets' boats sink!\"\n\nLife (early)\n\n"
            "He earned $5 a day—or less—at 20 km/h.\n",
        ),
        ("1 Kiss You (song)", "\nText.\n"),
    ]


def test_a_formula_in_wikitext_is_no_heading(tmp_path: Path):
    """As in Wikitext-103's test set, article "Constant k filter"."""
    formulas = " = = Response = =\n\n It is\n = 1 / s and k =\n 1 for\n = 1 and C =\n 1 of all .\n"
    content = f"\n = Constant k filter =\n\n{formulas}\n = The Snowmen =\n\n An episode .\n"
    assert read(tmp_path / "a.tokens", content) == [
        ("0 Constant k filter", "\nResponse\n\nIt is\n= 1/s and k =\n1 for\n= 1 and C =\n1 of all.\n"),
        ("1 The Snowmen", "\nAn episode.\n"),
    ]


@pytest.mark.parametrize("name", ["wikitext-valid.tokens", "wikitext-test.tokens"])
def test_wikitext_holds_60_articles_each(shared_data: Path, name: str):
    """As many as its authors say (Merity et al., Table 1)."""
    content = (shared_data / "testsets" / name).read_bytes()
    found = list(
        items(
            ItemFile(
                "wikitext", str(shared_data / "testsets" / name), None, (("question", "text"),), None, ""
            )
        )
    )
    assert len(found) == 60
    assert sum(len(item.text.split()) for item in found) > 0.8 * len(content.split())


def test_the_format_may_be_given(tmp_path: Path):
    assert len(read(tmp_path / "a.txt", WIKITEXT, format="wikitext")) == 2
    assert len(read(tmp_path / "a.txt", WIKITEXT)) == 6


@pytest.mark.parametrize(("suffix", "compress"), [(".gz", gzip.compress), (".zst", zstd.compress)])
def test_compressed_files_are_read(tmp_path: Path, suffix: str, compress):
    content = b"text\nA question\n"
    assert read(tmp_path / f"a.csv{suffix}", compress(content)) == [("0", "A question")]
    assert read(tmp_path / "a.csv", compress(content)) == [("0", "A question")]


def test_an_empty_file_has_no_items(tmp_path: Path):
    for name in ("a.jsonl", "a.csv", "a.txt", "a.tokens"):
        assert read(tmp_path / name, "") == []


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "a.jsonl",
            b'{"text": "x"}\n{"question": 1, "b": 2}\n',
            "line 2: no field `text`; it has: question, b",
        ),
        ("a.jsonl", b'["x"]\n', "line 1: expected a mapping of fields, not list"),
        ("a.jsonl", b'\n{"text"\n', "line 2: not JSON"),
        ("a.csv", b"text,b\nx\n", "line 2: expected 2 values"),
        ("a.csv", b"text,b\nx,y,z\n", "line 2: expected 2 values"),
        ("a.csv", b"question\nx\n", "line 2: no field `text`; it has: question"),
        ("a.csv", b'text\n"x\n', "not CSV: unexpected end of data"),
        ("a.txt", b"\xff\xfe\x00", "codec can't decode"),
        ("a.txt.gz", gzip.compress(b"x" * 1000, mtime=0)[:-20], "the file ends in the middle of a member"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes, expected: str):
    with pytest.raises(ConfigError, match=r"^test set quiz: ") as error:
        read(tmp_path / name, content)
    assert expected in str(error.value)
