"""A mix with every option, over three made-up sources, by the files it leaves."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from sentencepiece import SentencePieceProcessor

from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.verify.verify import verify

SEQUENCE = 16
TOKENS = 480_000
WEIGHTS = {"pages": 0.6, "books": 0.3, "notes": 0.1}
CONFIG = """
sources:
  pages: {{kind: text, paths: [pages.jsonl], weight: 0.6}}
  books: {{kind: text, paths: [books.jsonl], weight: 0.3}}
  notes: {{kind: text, paths: [notes.jsonl], weight: 0.1}}
language: {{sources: []}}
quality: {{sources: []}}
repetition: {{sources: []}}
deduplicate: {{sources: []}}
tokenizer: {{model: {model}}}
mix:
  tokens: {tokens}
  sequence_length: {sequence}
  shard_tokens: 100000
  add_bos: true
  validation: 0.05
  packing: {packing}
  formats: [{formats}]
"""


def texts(random: np.random.Generator, documents: int, words: int) -> Iterator[str]:
    vocabulary = ["".join(random.choice(list("aeioustrnlm"), random.integers(2, 8))) for _ in range(2000)]
    for _ in range(documents):
        yield " ".join(random.choice(vocabulary, 1 + int(random.exponential(words))))


@pytest.fixture(scope="session", params=["best_fit", "concatenate"])
def mixed(
    request: pytest.FixtureRequest, finished: Path, tmp_path_factory: pytest.TempPathFactory, massivetext_here
) -> Path:
    """The output of the run: `books` are long, and `notes` are repeated."""
    folder = tmp_path_factory.mktemp(request.param)
    random = np.random.default_rng(11)
    for name, documents, words in (("pages", 1500, 80), ("books", 40, 2000), ("notes", 300, 20)):
        lines = [json.dumps({"text": text}) for text in texts(random, documents, words)]
        (folder / f"{name}.jsonl").write_text("\n".join(lines))
    values = {
        "model": finished / "tokenizer/tokenizer.model",
        "packing": request.param,
        "tokens": TOKENS,
        "sequence": SEQUENCE,
        "formats": ", ".join(FORMATS),
    }
    (folder / "mix.yaml").write_text(CONFIG.format(**values))
    done = massivetext_here("run", "mix.yaml", "--output", "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "out"


def index(out: Path, folder: str = "shards") -> list[dict]:
    return pq.read_table(out / folder / "index.parquet").to_pylist()


def test_every_promise_holds(mixed: Path) -> None:
    """Among them: the same tokens in every format, exact weights, nothing both in validation and training."""
    assert verify(str(mixed)) == []


def test_validation_holds_whole_documents_once(mixed: Path) -> None:
    """5 % of them, each once and whole, and none of what training holds."""
    training = {id_ for row in index(mixed) for id_ in row["document_ids"]}
    held: Counter[str] = Counter()
    for row in index(mixed, "shards/validation"):
        assert set(row["copies"]) == {0}
        for id_, length in zip(row["document_ids"], row["lengths"], strict=True):
            held[id_] += length
    assert not training & held.keys()
    lengths = {}
    for path in (mixed / "tokens").rglob("*.parquet"):
        lengths |= {row["id"]: len(row["tokens"]) for row in pq.read_table(path).to_pylist()}
    assert all(lengths[id_] == tokens for id_, tokens in held.items())
    repeated = {
        id_
        for path in (mixed / "tokens/source=notes").glob("*.parquet")
        for id_ in pq.read_table(path).column("id").to_pylist()
    }
    assert repeated <= training | held.keys(), "of a source that is repeated, nothing is in neither"
    assert 0.03 < len(held) / len(lengths) < 0.07
    for name in FORMATS:
        assert list((mixed / "shards/validation" / name).glob("shard-00000.*"))


def test_the_report_counts_what_is_held_out(mixed: Path) -> None:
    rows = index(mixed, "shards/validation")
    planning = json.loads((mixed / "report/stats.json").read_text())["planning"]
    assert planning["validation"] == 0.05
    for one in planning["held_out"]:
        of_source = [row for row in rows if row["source"] == one["source"]]
        assert one["documents"] == len({id_ for row in of_source for id_ in row["document_ids"]}) > 0
        assert one["tokens"] == sum(row["tokens"] for row in of_source)
        assert one["sequences"] == len(of_source)
    assert "Held out for validation" in (mixed / "report/index.html").read_text()


def test_documents_stand_between_bos_and_eos(mixed: Path) -> None:
    processor = SentencePieceProcessor(model_file=str(mixed / "tokenizer/tokenizer.model"))
    for path in (mixed / "tokens").rglob("*.parquet"):
        for row in pq.read_table(path).slice(0, 20).to_pylist():
            assert row["tokens"][0] == processor.bos_id()
            assert row["tokens"][-1] == processor.eos_id()
            assert processor.bos_id() not in row["tokens"][1:]


def test_no_documents_sequences_stand_in_a_row(mixed: Path) -> None:
    rows = index(mixed)
    close = sum(
        bool(set(one["document_ids"]) & set(other["document_ids"]))
        for one, other in pairwise(rows)
        if one["shard"] == other["shard"]
    )
    assert close == 0
    books = Counter(id_ for row in rows if row["source"] == "books" for id_ in row["document_ids"])
    assert max(books.values()) > 300, "by chance, some of these would"


def test_windows_have_the_weights(mixed: Path) -> None:
    """Chi-square over windows of 1,000 sequences, against each source's share of all sequences: for all windows
    together and each alone, below what chance exceeds once in 10,000 (Wilson and Hilferty's approximation)."""
    sources = np.array([row["source"] for row in index(mixed)])
    names, counts = np.unique(sources, return_counts=True)
    assert set(names) == set(WEIGHTS)
    windows = sources[: len(sources) // 1000 * 1000].reshape(-1, 1000)
    assert len(windows) >= 25
    expected = 1000 * counts / len(sources)
    observed = np.stack([(windows == name).sum(axis=1) for name in names], axis=1)
    statistic = ((observed - expected) ** 2 / expected).sum(axis=1)
    assert statistic.sum() < chi_square(len(windows) * 2, 3.72)
    assert statistic.max() < chi_square(2, 4.5)


def chi_square(freedom: int, deviations: float) -> float:
    """The chi-square value that lies so many standard deviations out."""
    spread = 2 / (9 * freedom)
    return float(freedom * (1 - spread + deviations * spread**0.5) ** 3)
