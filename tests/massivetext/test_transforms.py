"""Stages in a Beam pipeline of one's own."""

import json
import runpy
from pathlib import Path

from massivetext.filters.language.language import identify
from massivetext.filters.measure.measure import measure
from massivetext.pipeline.stages.tokenizer.train import train
from tests.paths import ROOT

TEXT = (
    "The {} library of the harbour town was to be opened again in the spring of that year, and so it was, with a "
    "long speech that nobody had asked for and that the mayor gave to all of those who had come to see the new rooms, "
    "the shelves of oak, and the books that had been carried there by hand in the weeks before, one after the other."
)


def corpus(folder: Path) -> list[str]:
    """Documents and a tokenizer in a folder, as the arguments of the example."""
    texts = [TEXT.format(n) for n in ("old", "new", "small", "old", "old")] + ["too short"]
    (folder / "documents.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    (folder / "tokenizer.model").write_bytes(train(iter(texts * 20), 300))
    return [str(folder / name) for name in ("documents.jsonl", "tokenizer.model", "lengths.jsonl")]


def test_the_example_measures_judges_drops_and_tokenizes(tmp_path: Path) -> None:
    arguments = corpus(tmp_path)
    runpy.run_path(str(ROOT / "examples/pipeline.py"))["main"](*arguments)
    rows = [json.loads(line) for line in (tmp_path / "lengths.jsonl").read_text().splitlines()]
    assert len(rows) == 3, "two copies and a short text are gone"
    assert {row["language"] for row in rows} == {"en"}
    assert all(row["word_count"] == len(TEXT.split()) and row["tokens"] > 20 for row in rows)


def test_measurements_are_those_of_a_run() -> None:
    import pyarrow as pa

    from massivetext.transforms import _measured

    batch = pa.record_batch({"id": ["0" * 32], "text": [TEXT], "theirs": [3]})
    found = _measured(batch)
    assert found.column("theirs").to_pylist() == [3]
    for name, column in zip(identify(batch).schema.names, identify(batch).columns, strict=True):
        assert found.column(name) == column
    for name, column in zip(measure(batch).schema.names, measure(batch).columns, strict=True):
        assert found.column(name) == column
