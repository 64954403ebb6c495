"""The ways in which programs write one format: each is read, or refused with what it is."""

import gzip
import io
import json
import lzma
import re
import tarfile

import pyarrow as pa
import pyarrow.feather
import pyarrow.orc
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.record import Failure, Input, Record
from massivetext.pipeline.read.settings import Columns
from tests.pipeline.read.bad_input import zipped

TEXTS = ["one café good", "two 水車 good", "three good"]
LINES = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in TEXTS)
ROWS = "id,text\n" + "".join(f"{n},{text}\n" for n, text in enumerate(TEXTS))
FOREIGN = {
    "cp1252": "Le café où l'été passé déjà près de l'hôtel a été créé à côté du théâtre",
    "cp1251": "Мельница у реки была открыта весной этого года",
    "shift_jis": "水車小屋は三人の兄弟が建てた",
    "gb18030": "水车由三个兄弟建造，已有两百年",
    "euc-kr": "이 물레방아는 바다를 본 적이 없는 사람들이",
}


def read(kind: str, name: str, content: bytes, **columns: str) -> tuple[list[str], list[str]]:
    found = list(KINDS[kind].read(Input(name, io.BytesIO(content), columns=Columns(**columns))))
    texts = [each.text for each in found if isinstance(each, Record)]
    return texts, [each.error for each in found if isinstance(each, Failure)]


def parquet(table: pa.Table, **options: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_wide_encodings(encoding: str, mark: str) -> None:
    for name, content in (("a.jsonl", LINES), ("a.csv", ROWS)):
        assert read("text", name, (mark + content).encode(encoding)) == (TEXTS, [])
    assert read("text", "a.txt", (mark + "One mill. " * 9).encode(encoding)) == (["One mill. " * 9], [])


@pytest.mark.parametrize("encoding", FOREIGN)
def test_other_encodings_than_utf_8_are_told_by_the_bytes(encoding: str) -> None:
    text = FOREIGN[encoding]
    content = json.dumps({"text": text}, ensure_ascii=False).encode(encoding)
    assert read("text", "a.jsonl", content) == ([text], [])
    assert read("text", "a.csv", f"id,text\n1,{text}\n".encode(encoding)) == ([text], [])
    assert read("text", "a.parquet", parquet(pa.table({"text": [text.encode(encoding)]}))) == ([text], [])


def test_too_few_bytes_to_tell_an_encoding_by_are_no_guess() -> None:
    few = "a café".encode("latin-1")
    assert read("text", "a.jsonl", b'{"text": "%s"}' % few)[1] == ["invalid JSON: bytes that are not UTF-8"]
    assert read("text", "a.parquet", parquet(pa.table({"text": [few]})))[1] == ["text that is not UTF-8"]
    image = bytes(range(256)) * 4
    assert read("text", "a.parquet", parquet(pa.table({"text": [image]})))[1] == ["text that is not UTF-8"]


@pytest.mark.parametrize(
    "between", ["\r\n", "\n\n \n", ",\n", "\0\n", "\u2028", "", " ", "\n\ufeff", "\n\x1e"], ids=repr
)
def test_what_stands_between_objects(between: str) -> None:
    objects = LINES.rstrip().split("\n")
    assert read("text", "a.jsonl", between.join(objects).encode()) == (TEXTS, [])


def test_text_sequences_and_returns() -> None:
    assert read(
        "text", "a.jsonl", "".join(f"\x1e{line}\n" for line in LINES.rstrip().split("\n")).encode()
    ) == (TEXTS, [])
    assert read("text", "a.jsonl", LINES.replace("\n", "\r").encode()) == (TEXTS, [])
    assert read("text", "a.csv", ROWS.replace("\n", "\r").encode()) == (TEXTS, [])


def test_a_tab_in_a_json_string() -> None:
    assert read("text", "a.jsonl", b'{"text": "a\tb"}\n') == (["a\tb"], [])


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ("sep=;\r\nid;text\r\n0;one\r\n", ["one"]),
        ("id, text\n0,one\n", ["one"]),
        ('id,text\n0,"a \\"b\\" c"\n1,"d ""e"" f"\n2,"g \\"h\n\\" i"\n', ['a "b" c', 'd "e" f', 'g "h\n" i']),
    ],
)
def test_how_programs_write_csv(content: str, texts: list[str]) -> None:
    assert read("text", "a.csv", content.encode()) == (texts, [])


def test_quotes_in_tab_separated_values() -> None:
    content = b'id\ttext\n0\t"Hello" he said\n1\t"quoted ""word"""\n2\tsay "hello\n'
    assert read("text", "a.tsv", content) == (['"Hello" he said', 'quoted "word"', 'say "hello'], [])


@pytest.mark.parametrize("name", ["a.txt", "a.psv", "a.dat", "part-00000"])
@pytest.mark.parametrize("delimiter", [",", "\t", "|", ";"])
def test_a_table_is_told_by_its_first_row_where_the_name_does_not(name: str, delimiter: str) -> None:
    content = ROWS.replace(",", delimiter).encode()
    assert read("text", name, content) == (TEXTS, [])
    assert read("text", name, gzip.compress(content)) == (TEXTS, [])


@pytest.mark.parametrize(
    "prose",
    [
        "Title, text\nand more, of it.",
        "text\nof one word, a line\n",
        "id,text",
        "image,text\nA caption of it.",
    ],
)
def test_prose_that_resembles_a_table(prose: str) -> None:
    assert read("text", "a.txt", prose.encode()) == ([prose], [])


def test_alternatives_of_a_column_in_csv() -> None:
    assert read("code", "a.csv", b"path,content\na.py,x = 1\n") == (["x = 1"], [])


def test_old_lzma() -> None:
    assert read("text", "a.jsonl.lzma", lzma.compress(LINES.encode(), lzma.FORMAT_ALONE)) == (TEXTS, [])


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())],
    ids=str,
)
@pytest.mark.parametrize("path", ["text", "d.text"])
def test_types_of_strings(kind: pa.DataType, path: str) -> None:
    column = pa.array([*TEXTS, None]).cast(kind)
    table = pa.table({"text": column})
    if path != "text":
        table = pa.table({"d": pa.StructArray.from_arrays([column], ["text"])})
    for options in ({}, {"data_page_version": "2.0"}, {"compression": "brotli"}, {"use_dictionary": False}):
        texts, failures = read("text", "a.parquet", parquet(table, **options), text=path)
        assert (texts, failures) == (TEXTS, ["the text is null"])


def arrow(make: object) -> bytes:
    out = io.BytesIO()
    make(pa.table({"text": TEXTS}), out)  # type: ignore[operator]
    return out.getvalue()


def stream(table: pa.Table, out: io.BytesIO) -> None:
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)


def tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("a.jsonl")
        member.size = len(LINES.encode())
        archive.addfile(member, io.BytesIO(LINES.encode()))
    return out.getvalue()


def gzipped(content: bytes) -> bytes:
    """Without the time, so that the names of tests are the same in every process."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.csv", b"text,text\na,b\n", "the first row names the field 'text' more than once"),
        ("a.csv", ROWS.replace("text", "Text").encode(), r"missing or null \(fields: id, Text\)"),
        ("a.parquet", parquet(pa.table({"Text": TEXTS})), r"its columns: Text \(string\)"),
        ("a.parquet", parquet(pa.table({"text": [[text] for text in TEXTS]})), r"text \(list<element: string>\)"),
        ("a.parquet", parquet(pa.Table.from_arrays([pa.array(TEXTS)] * 2, ["text"] * 2)), "2 columns named 'text'"),
        ("a.parquet.gz", gzipped(parquet(pa.table({"text": TEXTS}))), "compressed as a whole: decompress it"),
        ("a.parquet", b"PARE" + bytes(40) + b"PARE", "an encrypted Parquet file"),
        ("a.arrow", arrow(stream), r"an Arrow file \(convert it to Parquet\)"),
        ("a.feather", arrow(pyarrow.feather.write_feather), r"an Arrow file \(convert it to Parquet\)"),
        ("a.orc", arrow(pyarrow.orc.write_table), r"an ORC file \(convert it to Parquet\)"),
        ("a.gz", gzipped(gzipped(LINES.encode())), r"compressed twice \(decompress it once\)"),
        ("a.zip", zipped({"a.jsonl": LINES}), "a zip archive"),
        ("a.tar", tar(), "a tar archive"),
        ("a.json", json.dumps(TEXTS).encode(), "JSON, but no objects"),
        ("a.json", json.dumps({"data": [{"text": "a"}]}).encode(), r"missing or null \(fields: data\)"),
    ],
)  # fmt: skip
def test_what_is_refused_says_what_it_is(name: str, content: bytes, why: str) -> None:
    texts, failures = read("text", name, content)
    assert texts == []
    assert len(failures) == 1
    assert re.search(why, failures[0]), failures


@pytest.mark.parametrize(
    ("encoding", "comment"),
    [
        ("euc-jp", "水車小屋は三人の兄弟が建てた"),
        ("gbk", "水车由三个兄弟建造"),
        ("big5", "水車由三個兄弟建造"),
    ],
)
def test_a_comment_tells_the_encoding_of_a_source_file(encoding: str, comment: str) -> None:
    out = io.BytesIO()
    content = f"# {comment}\nx = 1\n".encode(encoding)
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("r/a.py")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    assert read("code", "a.tar", out.getvalue()) == ([f"# {comment}\nx = 1\n"], [])
