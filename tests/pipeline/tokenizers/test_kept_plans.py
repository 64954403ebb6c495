"""A translated tokenizer is kept, so that the next process need not translate it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from massivetext.filters.kernels import kernel
from massivetext.pipeline.tokenizers import huggingface, kept_plans
from massivetext.pipeline.tokenizers.huggingface import HuggingFace
from tests.pipeline.tokenizers.test_ranked_kernel import SAMPLE, byte_level

pytest.importorskip("tokenizers")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kernel, "cache_folder", lambda: tmp_path)
    return tmp_path / "tokenizers"


def ids(model: bytes) -> list[int]:
    return HuggingFace(model, {}).fast().encode(pa.array([SAMPLE]), -1, -1, np.uint32).ids.tolist()


def refuse(*_: object) -> None:
    raise AssertionError("translated again")


def test_a_kept_plan_gives_the_same_ids(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = byte_level("qwen").to_str().encode()
    first = ids(model)
    assert first == HuggingFace(model, {}).encode(SAMPLE)
    monkeypatch.setattr(huggingface, "plan", refuse)
    assert ids(model) == first
    with pytest.raises(AssertionError, match="translated again"):
        ids(byte_level("gpt2").to_str().encode())
    assert len(list(folder.iterdir())) == 1


def one_bit(whole: bytes) -> bytes:
    half = len(whole) // 2
    return whole[:half] + bytes([whole[half] ^ 4]) + whole[half + 1 :]


@pytest.mark.parametrize("damage", [lambda whole: whole[:1000], lambda _: b"no plan", one_bit])
def test_a_damaged_plan_is_made_again(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    model = byte_level("gpt2").to_str().encode()
    first = ids(model)
    [path] = folder.iterdir()
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert ids(model) == first
    assert path.read_bytes() == whole


def test_only_the_newest_plans_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_plans, "_MOST", 1)
    for split in ("gpt2", "qwen"):
        ids(byte_level(split).to_str().encode())
    assert len(list(folder.iterdir())) == 1
