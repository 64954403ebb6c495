"""Bad files of every format: a clear failure, the good records kept, memory bounded."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.read.record import Failure, Record
from tests.paths import ROOT
from tests.pipeline.read.bad_input import FORMS, read

TEXTS = [
    f"The café at the harbour of town number {n} was opened again in the spring, and people said that it was good."
    for n in range(12)
]
MARKUP = re.compile(r"PAR1|%PDF|<w:|<text:|<p>|<page|<row|WARC/|\{\"text\"|\\document|PK\x03|\0|\ufffd")
LONG = 100 << 20
MEMORY = (
    700 << 20
)  # bytes: several times `limits.record_bytes`, and far from what a whole bad file might ask for
MANY = 1_000_000


@pytest.mark.parametrize("form", FORMS)
def test_a_good_file_is_read_whole(form: str) -> None:
    kind, name, make, is_table, _ = FORMS[form]
    found = read(kind, name, make(TEXTS))
    assert all(isinstance(each, Record) for each in found), found
    assert len(found) == (len(TEXTS) if is_table else 1)
    together = " ".join(each.text for each in found if isinstance(each, Record))
    assert all(f"town number {n} was" in " ".join(together.split()) for n in range(len(TEXTS)))


@pytest.mark.parametrize("form", FORMS)
def test_truncated(form: str) -> None:
    """What is read of a file that is cut is what was read of it whole; a loss is told where the format shows it."""
    kind, name, make, is_table, is_characters = FORMS[form]
    content = make(TEXTS)
    whole = [each.text for each in read(kind, name, content) if isinstance(each, Record)]
    for cut in (len(content) * part // 13 for part in range(1, 13)):
        found = read(kind, name, content[:cut])
        texts = [each.text for each in found if isinstance(each, Record)]
        failures = [each for each in found if isinstance(each, Failure)]
        assert found, cut
        if is_table:
            assert texts[:-1] == whole[: max(len(texts) - 1, 0)], cut
        if not is_characters and form != "repository":  # a tar may end at any member
            assert failures, cut
        assert all(failure.error and "gave up" not in failure.error for failure in failures)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["text", "books", "web", "wikipedia", "stackexchange", "latex", "code"])
def test_mislabelled(form: str, kind: str) -> None:
    """A file of one format given to every kind, under the name of each format: read as what it is, or a failure that
    names what it is; never its markup or bytes as a text."""
    content = FORMS[form].make(TEXTS[:2])
    for other in {each.name for each in FORMS.values() if each.kind == kind} | {"a", FORMS[form].name}:
        for found in read(kind, other, content):
            is_source = form == "latex" or (kind == "code" and form in ("html", "repository"))
            if isinstance(found, Record) and not is_source:  # which is a text as it stands
                assert not MARKUP.search(found.text), (other, found.text[:200])
            elif isinstance(found, Failure):
                assert found.error


@pytest.mark.parametrize("form", FORMS)
def test_empty(form: str) -> None:
    kind, name, *_ = FORMS[form]
    for content in (b"", b"\n", b"   \n\n", gzip.compress(b""), b"\xef\xbb\xbf", bytes(512)):
        found = read(kind, name, content)
        assert not any(isinstance(each, Record) for each in found), content


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if form.is_characters])
def test_another_encoding(form: str, encoding: str) -> None:
    """Each record has the characters that were written, or fails."""
    kind, name, make, _, _ = FORMS[form]
    characters = make(TEXTS).decode()
    if encoding != "utf-8-sig":  # what a file says of itself must be true
        characters = characters.replace("encoding='utf-8'", f"encoding='{encoding}'").replace(
            "charset='utf-8'", ""
        )
    for found in read(kind, name, characters.encode(encoding)):
        if isinstance(found, Record):
            assert "café" in found.text, found.text[:100]


def measured(kind: str, path: Path) -> Any:
    """What is found in a file by a process of its own, and the memory that it takes."""
    command = [sys.executable, "-m", "tests.pipeline.read.bad_input", kind, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("form", [name for name in FORMS if name not in ("pdf", "jsonl.gz", "warc.gz")])
def test_a_cell_of_100_megabytes(form: str, tmp_path: Path) -> None:
    """It fails, and says which limit it exceeds; the records beside it are kept."""
    kind, name, make, is_table, _ = FORMS[form]
    path = tmp_path / name
    path.write_bytes(make([TEXTS[0], "long " * (LONG // 5), TEXTS[2]]))
    found = measured(kind, path)
    assert found["failures"], found
    assert any(re.search(r"limit|over|more than|than \d", failure) for failure in found["failures"]), found[
        "failures"
    ]
    assert len(found["records"]) == (2 if is_table else 0)
    assert found["memory"] < MEMORY


def wide(form: str) -> bytes:
    """A file of a table with many columns, the last of which is the text."""
    names = [f"c{n}" for n in range(MANY)]
    if form in ("csv", "tsv"):
        delimiter = "," if form == "csv" else "\t"
        rows = [delimiter.join(["1"] * MANY + [f'"{text}"']) for text in TEXTS[:3]]
        return "\n".join([delimiter.join([*names, "text"]), *rows]).encode()
    if form == "stackexchange":
        row = " ".join(f'{name}="1"' for name in names)
        rows = [f'<row Id="{n}" PostTypeId="1" Body="{text}" {row}/>' for n, text in enumerate(TEXTS[:3], 1)]
        return f"<posts>\n{''.join(rows)}</posts>".encode()
    row = {**dict.fromkeys(names, 1)}
    if form == "jsonl":
        return b"".join(json.dumps({**row, "text": text}).encode() + b"\n" for text in TEXTS[:3])
    return json.dumps([{**row, "text": text} for text in TEXTS[:3]]).encode()


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "json", "stackexchange"])
def test_a_million_columns(form: str, tmp_path: Path) -> None:
    path = tmp_path / FORMS[form].name
    path.write_bytes(wide(form))
    found = measured(FORMS[form].kind, path)
    assert (len(found["records"]), found["failures"]) == (3, [])
    assert found["memory"] < MEMORY


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "json"])
def test_columns_that_are_not_the_text_are_named_in_a_line(form: str, tmp_path: Path) -> None:
    path = tmp_path / FORMS[form].name
    path.write_bytes(wide(form).replace(b"text", b"body"))
    found = measured("text", path)
    assert len(found["failures"]) == (1 if form in ("csv", "tsv") else 3)
    assert all("c11, ...)" in failure for failure in found["failures"])


def test_a_million_columns_of_parquet_are_not_read(tmp_path: Path) -> None:
    """A footer that names them is written here as Thrift's compact protocol has it: Arrow takes long to write one."""
    column = bytes((0x15, 2, 0x25, 2, 0x18, 1)) + b"c" + b"\0"  # INT32, optional, named c
    number = bytes((MANY & 127 | 128, MANY >> 7 & 127 | 128, MANY >> 14))
    footer = bytes((0x15, 2, 0x19, 0xFC)) + number + column * MANY
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1")
    found = measured("text", path)
    assert (found["records"], found["failures"]) == (
        [],
        ["Parquet file of more than 200,000 columns or row groups: not read"],
    )
    assert found["memory"] < MEMORY


def test_a_hundred_thousand_columns_of_parquet(tmp_path: Path) -> None:
    one = pa.array([1] * 3, pa.int8())
    table = pa.Table.from_arrays(
        [one] * (MANY // 10) + [pa.array(TEXTS[:3])], [*map(str, range(MANY // 10)), "text"]
    )
    pq.write_table(table, tmp_path / "a.parquet", use_dictionary=False, write_statistics=False)
    found = measured("text", tmp_path / "a.parquet")
    assert (len(found["records"]), found["failures"]) == (3, [])
    assert found["memory"] < MEMORY
