import json
import os
import random
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.measure.measure import measure
from massivetext.schemas.measurement import MEASUREMENT
from tests.filters import reference
from tests.filters.texts import texts
from tests.paths import ROOT


def batch(documents: list[str | None]) -> pa.RecordBatch:
    return pa.record_batch({"text": pa.array(documents, pa.string())})


def assert_measured(documents: list[str], count_first: bool = False) -> None:
    """Every column of every document equals the reference: counts exactly, ratios to 1e-12."""
    rows = measure(batch(list(documents)), count_first=count_first).to_pylist()
    for text, found in zip(documents, rows, strict=True):
        expected = reference.measurements(text, count_first)
        assert list(found) == list(expected)
        for name, value in expected.items():
            if name.endswith("_count"):
                assert found[name] == value, (name, text)
            else:
                assert found[name] == pytest.approx(value, rel=1e-12, abs=0), (name, text)


@settings(max_examples=1000, deadline=None)
@given(texts, st.booleans())
def test_every_column_is_what_the_definition_says(documents: list[str], count_first: bool) -> None:
    assert_measured(documents, count_first)


def test_real_documents(shared_data: Path) -> None:
    with zstandard.open(shared_data / "bench" / "part-00.jsonl.zst", "rt", encoding="utf-8") as lines:
        documents = [json.loads(line)["text"][:20_000] for line, _ in zip(lines, range(150), strict=False)]
    assert_measured(documents)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "\n",
        "\r\n" * 50,
        " \t\u3000\x85",
        "...!?…#" * 30,
        "a " * 300,
        "a b " * 200,
        "\u0301",
        "\x1c",
        "a\n\r\n\ra",
        "é" * 100,
    ],
)
def test_extremes(text: str) -> None:
    assert_measured([text])
    assert_measured([text], count_first=True)


def test_a_document_without_words_has_zeros() -> None:
    (found,) = measure(batch(["- - -\n...\n...\n## …"])).to_pylist()
    assert set(found.values()) == {0}


def test_a_null_is_measured_as_an_empty_text() -> None:
    found = measure(batch([None, "a", None]))
    assert found.schema == MEASUREMENT
    assert found["word_count"].to_pylist() == [0, 1, 0]
    assert found["word_count"].null_count == 0


def test_a_batch_of_none() -> None:
    assert measure(batch([])).num_rows == 0


def test_a_slice_is_measured_like_its_copy() -> None:
    whole = batch(["one two", "three three three", "#", "four"])
    assert measure(whole.slice(1, 2)).equals(measure(batch(["three three three", "#"])))


def test_what_was_measured_before_does_not_matter() -> None:
    documents = [f"{word} and the {word}\n" * 20 for word in ("one", "two", "three")] * 5
    together = measure(batch([*documents])).to_pylist()
    alone = [measure(batch([text])).to_pylist()[0] for text in reversed(documents)]
    assert together == alone[::-1]


def test_threads_do_not_share() -> None:
    batches = [batch([f"{seed} {seed + place} the a\n" * 40 for place in range(50)]) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(measure, batches)) == list(map(measure, batches))


@pytest.mark.parametrize("distinct", [1, 2, 30_000, 300_000])
def test_many_words(distinct: int) -> None:
    """More words than the table starts with room for, and more bytes than are split at a time."""
    chosen = random.Random(distinct)
    words = [f"w{chosen.randrange(distinct)}" for _ in range(300_000)]
    (found,) = measure(batch([" ".join(words)])).to_pylist()
    characters = sum(map(len, words))
    assert found["word_count"] == len(words)
    assert found["mean_word_length"] == pytest.approx(characters / len(words), rel=1e-12)
    assert found["top_2_gram_character_fraction"] == pytest.approx(reference.top_gram(words, 2), rel=1e-12)
    expected = reference.duplicate_grams(words, 5)
    assert found["duplicate_5_gram_character_fraction"] == pytest.approx(expected, rel=1e-12)


MEASURE = """
import json, sys
import pyarrow as pa
from massivetext.filters.measure.measure import measure
print(json.dumps(measure(pa.record_batch({"text": json.load(sys.stdin)})).to_pylist()))
"""

# Every word gets the hash 0, so does every line, and of a paragraph only the last line counts.
COLLIDING = {"word_hash.py": "LENGTH_FACTOR", "lines.py": "FACTOR|LAST_FACTOR"}


def test_collisions_of_hashes_change_nothing(tmp_path: Path) -> None:
    package = tmp_path / "massivetext"
    for part in ("filters", "schemas"):
        shutil.copytree(ROOT / part, package / part, ignore=shutil.ignore_patterns("__pycache__", "models"))
    shutil.copy(ROOT / "massivetext/__init__.py", package)
    for file, constants in COLLIDING.items():
        path = package / "filters/measure" / file
        source, count = re.subn(rf"(?m)^({constants}) = .*$", r"\1 = np.uint64(0)", path.read_text())
        assert count == len(constants.split("|"))
        path.write_text(source)
    documents = [
        "one two one three two one\n\none two\n\nONE two\none two\n\nthree\none two\n\none two\n",
        "日本語の文。日本語の字、文字\n" * 3,
        "aé AÉ aÉ bé averyverylongwordindeed averyverylongwordindeeD averyverylongwordindeex\n" * 3,
        "some longer line here\nsome longer line herE\n\nsome longer line here\n",
    ]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=json.dumps(documents),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "NUMBA_OPT": "0"},  # compiles faster
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == measure(batch([*documents])).to_pylist()
