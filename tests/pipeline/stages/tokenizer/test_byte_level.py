"""Byte-level tokenizers are trained reproducibly, lose nothing, and go through the kernel."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.pipeline.tokenizers.huggingface import HuggingFace
from massivetext.pipeline.tokenizers.splits import SPECIAL, SPLITS
from tests.pipeline.stages.tokenizer.test_train import documents

tokenizers = pytest.importorskip("tokenizers")
from massivetext.pipeline.stages.tokenizer.byte_level import train  # noqa: E402


@pytest.fixture(scope="module")
def made() -> dict[str, tuple[bytes, int]]:
    return {split: train(documents(10), 600, split, None) for split in SPLITS}


def test_it_has_the_size_and_the_special_tokens_asked_for(made: dict[str, tuple[bytes, int]]) -> None:
    for model, size in made.values():
        assert size == 600
        tokenizer = HuggingFace(model, SPECIAL)
        assert tokenizer.size == 600
        assert [tokenizer.boundary("bos"), tokenizer.boundary("eos"), tokenizer.pad] == [0, 1, 2]
        assert len(tokenizer.byte_ids) == 128


def test_the_same_documents_give_the_same_bytes(made: dict[str, tuple[bytes, int]]) -> None:
    assert train(documents(10), 600, "gpt4", None) == made["gpt4"]
    assert train(documents(11), 600, "gpt4", None) != made["gpt4"]
    assert made["gpt4"] == made["llama3"]
    assert made["gpt4"] != made["gpt4o"]


def test_a_small_sample_gives_what_it_can() -> None:
    model, size = train(iter(["fox fox fox"]), 5000, "gpt4", None)
    assert 259 < size < 270
    assert len(json.loads(model)["model"]["vocab"]) == size


def test_digits(made: dict[str, tuple[bytes, int]]) -> None:
    def pre_tokens(model: bytes) -> list[str]:
        splits = tokenizers.Tokenizer.from_buffer(model).pre_tokenizer.pre_tokenize_str("a1234567")
        return [text for text, _ in splits]

    assert pre_tokens(made["llama3"][0]) == ["a", "123", "456", "7"]
    assert pre_tokens(made["qwen3"][0]) == ["a", *"1234567"]
    assert pre_tokens(train(documents(1), 300, "gpt4o", 1)[0]) == ["a", *"1234567"]


@pytest.mark.parametrize("split", SPLITS)
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=200, deadline=None)
def test_every_text_comes_back(made: dict[str, tuple[bytes, int]], split: str, text: str) -> None:
    tokenizer = tokenizers.Tokenizer.from_buffer(made[split][0])
    tokenizer.encode_special_tokens = True
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


@pytest.mark.parametrize("split", SPLITS)
def test_the_kernel_knows_it(made: dict[str, Any], split: str) -> None:
    tokenizer = HuggingFace(made[split][0], SPECIAL)
    texts = list(documents(12))
    starts, ids, _, _ = tokenizer.fast().encode(pa.array(texts), -1, 1, np.uint16)
    assert ids[: starts[1]].tolist() == [*tokenizer.encode(texts[0]), 1]
    assert ids.tolist() == [one for text in texts for one in [*tokenizer.encode(text), 1]]
