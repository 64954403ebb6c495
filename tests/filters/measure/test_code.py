import io
import re
import tarfile
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from massivetext.filters.measure.code import measure_code
from massivetext.schemas.measurement import CODE
from tests.filters.texts import any_text, awkward_text
from tests.paths import SAMPLE

ENCODED = re.compile(
    r"(?:\\u[0-9A-Fa-f]{4}){8,}"
    r"|(?:0x|\\x)[0-9A-Fa-f]{2}(?:[,\s]*(?:0x|\\x)[0-9A-Fa-f]{2}){7,}"
    r"|[A-Za-z0-9+/=]{64,}",
    re.ASCII,
)


def reference(text: str) -> dict[str, float]:
    """Every column in plain Python, straight from the definitions in docs/rules.md."""
    if not text:
        return dict.fromkeys(CODE.names, 0)
    lines = [
        len(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    ]
    runs = [len(run[0]) for run in ENCODED.finditer(text)]
    return {
        "maximum_line_length": max(lines),
        "mean_line_length": sum(lines) / len(lines),
        "alphanumeric_fraction": sum(unicodedata.category(sign)[0] in "LN" for sign in text) / len(text),
        "encoded_data_fraction": sum(runs) / len(text),
        "longest_encoded_run": max(runs, default=0),
    }


def measured(text: str) -> dict[str, float]:
    (row,) = measure_code(pa.record_batch({"text": [text]})).to_pylist()
    return row


def assert_measured(texts: list[str]) -> None:
    batch = pa.record_batch({"text": pa.array(texts, pa.string())})
    for text, found in zip(texts, measure_code(batch).to_pylist(), strict=True):
        assert found == pytest.approx(reference(text), rel=1e-12, abs=0), text


UNITS = [
    "0xAB",
    r"\xab",
    r"\u00e9",
    "0x1",
    "\\x",
    "\\u12",
    "0",
    "\\",
    ",",
    " ",
    "\n",
    "\x0b",
    "g",
    "é",
    "A" * 30,
    "+/=",
]
encoded_text = st.lists(
    st.sampled_from(UNITS) | st.sampled_from(UNITS).map(lambda unit: unit * 9), max_size=30
)


@settings(max_examples=1000, deadline=None)
@given(st.lists(encoded_text.map("".join) | any_text | awkward_text, max_size=5))
@example(["0xAB" * 16 + "0" * 63, "z" + "0xAB" * 15 + "zz", "\\x41" * 7 + "0x4", "\n", "\r\n\r", ""])
def test_every_column_is_what_the_definition_says(texts: list[str]) -> None:
    assert_measured([*texts])


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("A" * 64, 64),
        ("A" * 63, 0),
        ("A" * 40 + "\n" + "A" * 40, 0),
        (", ".join(["0xAB"] * 8), 46),
        (", ".join(["0xAB"] * 7), 0),
        ("\\x41" * 8, 32),
        ("\\u0041" * 8 + "\\u004", 48),
        ("12, 34, 56, 78, 90, 12, 34, 56, 78", 0),
        ("an_ordinary_name = another.ordinary_name(" * 3, 0),
    ],
)
def test_encoded_data(text: str, run: int) -> None:
    assert measured(f"x = '{text}'\n")["longest_encoded_run"] == run


def test_lines_may_be_blank_and_a_last_newline_starts_none() -> None:
    assert measured("ab  \n\n\r\né\r")["mean_line_length"] == (4 + 0 + 0 + 1) / 4
    assert measured("ab\nabc")["maximum_line_length"] == 3


def test_nulls_and_slices() -> None:
    batch = pa.record_batch({"text": pa.array(["long line", None, "é\nab"], pa.string())})
    assert measure_code(batch.slice(1)).to_pylist() == [measured(""), measured("é\nab")]
    assert measure_code(batch).schema == CODE
    assert measure_code(batch.slice(0, 0)).num_rows == 0


def test_real_source_files() -> None:
    folder = SAMPLE / "code"
    texts = []
    for path in sorted(folder.glob("*.tar.gz")):
        with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as archive:
            files = [archive.extractfile(member) for member in archive if member.isfile()]
            texts += [file.read().decode("utf-8", "replace") for file in files if file]
    assert len(texts) > 50
    assert_measured(texts)
