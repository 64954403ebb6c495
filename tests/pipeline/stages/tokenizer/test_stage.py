"""The tokenizer's sample takes bytes of each source in proportion to the weights that it is given."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from massivetext.pipeline.stages.tokenizer.sample import _rounded

CONFIGURATION = """
seed: 3
sources:
  much:   {kind: text, paths: [much*.jsonl],  weight: 0.5}
  little: {kind: text, paths: [little.jsonl], weight: 0.5}
language: {sources: []}
quality: {sources: []}
repetition: {sources: []}
deduplicate: {sources: []}
tokenizer: {train: {vocabulary: 512, sample_bytes: 60000, weights: {much: 0.2, little: 0.8}}}
mix: {tokens: 100}
"""
Run = Callable[..., CompletedProcess[str]]


def sampled(folder: Path, massivetext_here: Run) -> dict[str, int]:
    """The bytes of each source in the sample, of sources of which one has four times as much text as the other."""
    for source, count in (("much", 4000), ("little", 1000)):
        texts = (f"{source:6} " + f"{number:05} of a text " * 5 for number in range(count))
        (folder / f"{source}.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    (folder / "run.yaml").write_text(CONFIGURATION)
    for stage in ("curate", "deduplicate", "decontaminate", "tokenizer"):
        done = massivetext_here(stage, str(folder / "run.yaml"), "--output", str(folder / "out"))
        assert done.returncode == 0, done.stderr
    found = dict.fromkeys(("much", "little"), 0)
    for path in (folder / "out").rglob("tokenizer/sample/*.parquet"):
        for text in pq.read_table(path).column("text").to_pylist():
            found[text[:6].strip()] += len(text.encode())
    return found


def test_a_sample_that_comes_out_the_same_trains_nothing_again(tmp_path: Path, massivetext_here: Run) -> None:
    """One more file, of whose one document the sample takes nothing."""
    sampled(tmp_path, massivetext_here)
    [record] = tmp_path.glob("out/.work/tokenizer/part-*.json")
    before = record.stat().st_ino, record.stat().st_mtime_ns
    (tmp_path / "much-more.jsonl").write_text(json.dumps({"text": "one more document of a few words"}) + "\n")
    said = ""
    for stage in ("curate", "deduplicate", "decontaminate", "tokenizer"):
        done = massivetext_here(stage, str(tmp_path / "run.yaml"), "--output", str(tmp_path / "out"))
        assert done.returncode == 0, done.stderr
        said += done.stderr
    assert "tokenizer runs again: curate" in said
    assert (record.stat().st_ino, record.stat().st_mtime_ns) == before


@given(st.floats(1e-9, 1))
def test_rates_are_rounded_down_by_little(rate: float) -> None:
    assert 15 / 16 * rate < _rounded(rate) <= rate
    assert _rounded(_rounded(rate)) == _rounded(rate)


def test_the_sample_follows_the_weights(tmp_path: Path, massivetext_here: Run) -> None:
    found = sampled(tmp_path, massivetext_here)
    assert sum(found.values()) == pytest.approx(60_000, rel=0.1)
    assert found["little"] / sum(found.values()) == pytest.approx(0.8, abs=0.05)
