"""Tokenize as a user meets it: a tokenizer.json through all stages, and what stops a run."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from massivetext.filters.seeded import order
from massivetext.pipeline.config.load import ConfigError, Loaded, load
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.progress import Display
from massivetext.pipeline.runtime.stage import Run
from massivetext.pipeline.stages.tokenize import stage as tokenize
from massivetext.pipeline.storage import layout
from tests.pipeline.documents import write_documents

SEED = 17
CONFIGURATION = """
seed: {seed}
sources:
  posts: {{kind: text, paths: [posts.jsonl], weight: 1}}
language: {{sources: []}}
quality: {{sources: []}}
repetition: {{sources: []}}
deduplicate: {{sources: []}}
tokenizer: {{{tokenizer}}}
mix: {{tokens: 40000, sequence_length: 64{mix}}}
"""
ENDS = "<|endoftext|>"
TEXTS = [f"The fox of page {page} says {ENDS} and goes on, où ça 敏捷 \U00010348." for page in range(2000)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posts")
    (folder / "posts.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS))
    return folder


def configured(folder: Path, tokenizer: str, mix: str = "") -> Path:
    path = folder / "massivetext.yaml"
    path.write_text(CONFIGURATION.format(seed=SEED, tokenizer=tokenizer, mix=mix))
    return path


@pytest.fixture(scope="module")
def tokenizer_json(folder: Path) -> Path:
    """Byte-level, with a special token, which documents hold by name."""
    tokenizers = pytest.importorskip("tokenizers")
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    made.train_from_iterator(
        [text.replace("\U00010348", "") for text in TEXTS[:50]],
        tokenizers.trainers.BpeTrainer(
            vocab_size=400,
            special_tokens=[ENDS],
            initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    path = folder / "tokenizer.json"
    made.save(str(path))
    return path


@pytest.fixture(scope="module")
def encoded(folder: Path, tokenizer_json: Path, massivetext_here: Any) -> Path:
    out = folder / "out"
    path = configured(folder, f"model: {tokenizer_json.name}, eos: '{ENDS}'")
    done = massivetext_here("run", str(path), "--output", str(out))
    assert done.returncode == 0, done.stderr
    return out


def test_tokens_are_those_of_the_library(encoded: Path, tokenizer_json: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_json))
    tokenizer.encode_special_tokens = True
    [path] = (encoded / "tokens/source=posts").glob("*.parquet")
    table = pq.read_table(path, partitioning=None)
    assert table.schema.field("tokens").type.value_type == "uint16"
    texts = pq.read_table(encoded / "documents/source=posts", partitioning=None)
    by_id = dict(zip(texts["id"].to_pylist(), texts["text"].to_pylist(), strict=True))
    assert len(by_id) == len(TEXTS)
    for row in table.to_pylist():
        assert row["tokens"] == [*tokenizer.encode(by_id[row["id"]]).ids, 0]


def test_the_trainer_finds_the_tokenizer_as_it_was(encoded: Path, tokenizer_json: Path) -> None:
    assert [path.name for path in (encoded / "tokenizer").iterdir()] == ["tokenizer.json"]
    assert (encoded / "tokenizer/tokenizer.json").read_bytes() == tokenizer_json.read_bytes()


def test_a_run_with_fill_in_the_middle_keeps_its_promises(
    folder: Path, tokenizer_json: Path, encoded: Path, massivetext_here: Any
) -> None:
    from tokenizers import Tokenizer

    made, signs = Tokenizer.from_file(str(tokenizer_json)), ["<|pre|>", "<|suf|>", "<|mid|>"]
    made.add_special_tokens(signs)
    made.save(str(folder / "filling.json"))
    names = "prefix: '<|pre|>', suffix: '<|suf|>', middle: '<|mid|>'"
    fill = f"fill_in_the_middle: {{sources: [posts], rate: 0.25, suffix_first: 0, {names}}}"
    path = configured(folder, f"model: filling.json, eos: '{ENDS}', {fill}")
    done = massivetext_here("run", str(path), "--output", str(folder / "filled"))
    assert done.returncode == 0, done.stderr
    assert massivetext_here("verify", str(folder / "filled")).returncode == 0
    prefix, suffix, middle = (made.token_to_id(sign) for sign in signs)
    before, found = (
        {row["id"]: row["tokens"] for row in pq.read_table(out / "tokens", partitioning=None).to_pylist()}
        for out in (encoded, folder / "filled")
    )
    assert found.keys() == before.keys()
    rearranged = {id_ for id_, tokens in found.items() if prefix in tokens}
    assert 400 < len(rearranged) < 600
    for id_, tokens in found.items():
        if id_ not in rearranged:
            assert tokens == before[id_]
            continue
        places = [tokens.index(sign) for sign in (prefix, suffix, middle)]
        left, right, between = (
            tokens[at + 1 : end] for at, end in zip(places, [*places[1:], -1], strict=True)
        )
        assert made.decode([*left, *between, *right]) == made.decode(before[id_][:-1])


def test_sequences_are_shown_as_text(encoded: Path, massivetext_here: Any) -> None:
    done = massivetext_here("inspect", str(encoded), "--sequence", "0:0")
    assert done.returncode == 0, done.stderr
    assert "The fox of page" in done.stdout


def test_every_promise_holds(encoded: Path, massivetext_here: Any) -> None:
    done = massivetext_here("verify", str(encoded))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_report_has_its_figures(encoded: Path) -> None:
    [source] = json.loads((encoded / "report/stats.json").read_text())["mix"]["sources"]
    assert source["bytes"] == sum(len(text.encode()) for text in TEXTS)
    assert source["byte_fallback"] >= 4 * len(TEXTS) > 0, "\U00010348 is four bytes, each a token"


def test_the_datasheet_names_the_library(encoded: Path) -> None:
    assert "tokenized with\nHugging Face's tokenizers, cut" in (encoded / "report/datasheet.md").read_text()


FORMATS = "olmo, nanotron, nanogpt, llmc, litdata, megatron_documents, parquet"


def test_a_byte_level_tokenizer_is_trained_compared_and_every_format_written(
    folder: Path, tokenizer_json: Path, massivetext_here: Any
) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    out = folder / "trained"
    path = configured(
        folder,
        "train: {kind: byte_level, vocabulary: 512, split: qwen3}, compare: [tokenizer.json]",
        f", formats: [{FORMATS}]",
    )
    done = massivetext_here("run", str(path), "--output", str(out))
    assert done.returncode == 0, done.stderr
    tokenizer = tokenizers.Tokenizer.from_file(str(out / "tokenizer/tokenizer.json"))
    [path] = (out / "tokens/source=posts").glob("*.parquet")
    found = {tokenizer.decode(row) for row in pq.read_table(path, partitioning=None)["tokens"].to_pylist()}
    assert found == set(TEXTS), "EOS, a special token, is not decoded"
    compared = json.loads((out / "report/stats.json").read_text())["tokenizers"]
    own, other = compared["used"]
    assert compared["bytes_by_source"] == {"posts": sum(len(text.encode()) for text in TEXTS)}
    of_file = tokenizers.Tokenizer.from_file(str(tokenizer_json))
    of_file.encode_special_tokens = True
    for one, library in ((own, tokenizer), (other, of_file)):
        library.encode_special_tokens = True
        ids = [number for text in TEXTS for number in library.encode(text, add_special_tokens=False).ids]
        assert one["by_source"] == {"posts": len(ids)}
        assert one["tokens"] == sum(one["by_language"].values()) == len(ids)
        assert one["vocabulary"] - one["unused"] == len(set(ids))
    assert other["single_bytes"] >= 4 * len(TEXTS)
    page = (out / "report/index.html").read_text()
    assert "this run&#39;s" in page or "this run's" in page
    done = massivetext_here("verify", str(out))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_file_without_a_tokenizer_is_told_before_work(folder: Path, massivetext_here: Any) -> None:
    path = configured(folder, "train: {vocabulary: 512}, compare: [posts.jsonl]")
    done = massivetext_here("run", str(path), "--output", str(folder / "never"))
    assert done.returncode == 2
    assert "tokenizer.compare" in done.stderr
    assert "not a SentencePiece model" in done.stderr
    assert not (folder / "never/documents").exists()


def test_tokenizers_are_compared(encoded: Path, tokenizer_json: Path, massivetext_here: Any) -> None:
    twice = ["--tokenizer", str(tokenizer_json)] * 2
    done = massivetext_here("compare-tokenizers", str(encoded), *twice)
    assert done.returncode == 0, done.stderr
    [row] = re.findall(r"posts +│ +\S+ +│ +(\S+) +│ +(\S+) ", done.stdout)
    tokens = pq.read_table(encoded / "tokens/source=posts", partitioning=None)["tokens"]
    size = sum(len(text.encode()) for text in TEXTS)
    expected = f"{size / sum(len(row) - 1 for row in tokens.to_pylist()):.2f}"
    assert row == (expected, expected), "EOS is not counted"
    same = massivetext_here("tokenizer", "--compare", *twice[1::2], str(encoded))
    assert (same.returncode, same.stdout) == (0, done.stdout)
    done = massivetext_here("tokenizer", "--compare", str(encoded))
    assert done.returncode == 2
    assert "expected tokenizers and then the output folder" in done.stderr
    done = massivetext_here("compare-tokenizers", str(encoded), "--tokenizer", str(encoded / "manifest.json"))
    assert done.returncode == 2
    assert "not a tokenizer.json" in done.stderr


def test_another_end_is_another_fingerprint(encoded: Path, folder: Path, massivetext_here: Any) -> None:
    path = configured(folder, "model: tokenizer.json, eos: 'Ġ'")
    done = massivetext_here("run", str(path), "--output", str(encoded), "--changed")
    assert done.returncode == 0, done.stderr
    assert "`tokenizer.eos` changed" in done.stderr
    [tokens] = (encoded / "tokens/source=posts").glob("*.parquet")
    last = {row[-1] for row in pq.read_table(tokens, partitioning=None)["tokens"].to_pylist()}
    assert len(last) == 1
    assert last != {0}


@pytest.mark.usefixtures("tokenizer_json")
@pytest.mark.parametrize(
    ("tokenizer", "mix", "expected"),
    [
        (
            "model: tokenizer.json",
            "",
            f"does not say which token is eos: name it as tokenizer.eos, .*: {ENDS}",
        ),
        (
            "model: tokenizer.json, eos: </s>",
            "",
            "no token `</s>` for tokenizer.eos; its special tokens are: ",
        ),
        (f"model: tokenizer.json, eos: '{ENDS}'", ", add_bos: true", "name it as tokenizer.bos"),
        ("model: posts.json", "", "not a tokenizer.json: "),
        ("model: posts.jsonl", "", "not a SentencePiece model"),
        ("model: tokenizer.model, eos: </s>", "", "a SentencePiece model names its own"),
    ],
)
def test_a_tokenizer_that_cannot_do_what_is_asked_stops_before_any_work(
    folder: Path, massivetext_here: Any, tokenizer: str, mix: str, expected: str
) -> None:
    (folder / "posts.json").write_text("{}")
    out = folder / "nothing"
    done = massivetext_here("run", str(configured(folder, tokenizer, mix)), "--output", str(out))
    assert done.returncode == 2
    assert "massivetext.yaml, line 9: tokenizer" in done.stderr
    assert re.search(expected, done.stderr), done.stderr
    assert not out.exists()


def test_the_extra_is_named_where_it_is_missing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)  # as if it were not installed
    with pytest.raises(ConfigError, match=r"line 9: tokenizer: .*pip install '\.\[huggingface\]'"):
        load(str(configured(folder, "model: tokenizer.json")))


def test_text_that_the_tokenizer_cannot_spell_is_counted_and_warned_of(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    out = tmp_path / "out"
    for part, texts in enumerate((["the fox", "a fox 敏捷"], ["🦊 the 🦊"])):
        rows = [
            {"id": f"{part}{i}", "text": text, "origin_file": "f", "origin_offset": i}
            for i, text in enumerate(texts)
        ]
        write_documents(out, "posts", part, rows)
    made = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({"?": 0, "the": 1, "fox": 2, "a": 3}, unk_token="?")
    )
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    (out / "tokenizer").mkdir()
    made.save(str(out / layout.tokenizer(is_json=True)))
    config = Config.model_validate(
        {
            "sources": {"posts": {"kind": "text", "paths": ["f"], "weight": 1}},
            "tokenizer": {"model": "tokenizer.json"},
            "mix": {"tokens": 1000, "add_eos": False},
        }
    )
    console = Console(file=io.StringIO(), width=1000)
    run = Run(Loaded(config, "c", None), str(out), Engine([]), Display(console))
    assert tokenize.run(run) == 2
    assert isinstance(console.file, io.StringIO)
    assert "warning: tokenize: 3 of 8 tokens of posts are unknown" in console.file.getvalue()


TAMPERED = """
import sys
import massivetext.pipeline.cli
from massivetext.pipeline.tokenizers import sentencepiece_kernel

def characters(ids, original=sentencepiece_kernel.characters):
    made = original(ids)
    made[ord("\\U00010348")] = 300  # a piece, where the model has none and spells it in bytes
    return made

sentencepiece_kernel.characters = characters
massivetext.pipeline.cli.main()
"""


def test_one_difference_from_sentencepiece_stops_the_run(
    folder: Path, finished: Path, massivetext_here: Any
) -> None:
    """The fast encoder's table is spoilt in one character, which every document holds: of a seeded share of
    the documents the ids are compared, and the first of them is named."""
    out = folder / "stopped"
    path = configured(folder, f"model: {finished / 'tokenizer/tokenizer.model'}")
    arguments = ["run", str(path), "--output", str(out), "--direct_running_mode=in_memory"]
    command = [sys.executable, "-c", TAMPERED, *arguments]
    done = subprocess.run(
        command, env={**os.environ, "COLUMNS": "200"}, capture_output=True, text=True, timeout=600
    )

    [documents] = (out / "documents/source=posts").glob("*.parquet")
    ids = pq.read_table(documents, partitioning=None)["id"].combine_chunks()
    checked = np.flatnonzero(order(ids, SEED, "encode both ways") < np.uint64(0.002 * 2**64))
    assert 0 < len(checked) < 20, "of 2,000"
    assert done.returncode == 1
    assert f"document {ids[checked[0]]}: the ids of filters.tokens.ranked differ" in done.stderr
    assert "tokenize: 1 of 1 parts could not be finished" in done.stderr
    assert not list((out / "tokens").glob("**/*.parquet"))

    done = massivetext_here("run", str(path), "--output", str(out))
    assert done.returncode == 0, "mended, the run goes on"
    assert len(list((out / "tokens").glob("**/*.parquet"))) == 1
