"""Fill-in-the-middle: what is rearranged, how, and that nothing is lost."""

import json
from typing import Any

import pyarrow as pa
import pytest

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.stages.tokenize.encode import Encoder
from massivetext.pipeline.stages.tokenize.fill import FillInTheMiddle, Signs

tokenizers = pytest.importorskip("tokenizers")
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers  # noqa: E402

from massivetext.pipeline.tokenizers.huggingface import HuggingFace  # noqa: E402

FILL = {"prefix": "<|fim_prefix|>", "suffix": "<|fim_suffix|>", "middle": "<|fim_middle|>"}
NAMED = {"bos": "<s>", "eos": "</s>"} | {f"fill_in_the_middle.{name}": token for name, token in FILL.items()}
SOURCE = "def fox(jumps: int) -> str:\n\treturn 'où ça, 敏捷的?' * jumps  # <|fim_prefix|> 🦊\n"
TEXTS = ["", "x", *(f"# {number}\n{SOURCE * (number % 7 + 1)}" for number in range(400))]
IDS = pa.array([f"{number:032x}" for number in range(len(TEXTS))])


@pytest.fixture(scope="module")
def model() -> bytes:
    made: Any = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<s>", "</s>", *FILL.values()]
    trainer = trainers.BpeTrainer(
        vocab_size=500, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    made.train_from_iterator([SOURCE], trainer)
    return made.to_str().encode()


@pytest.fixture(scope="module")
def encoder(model: bytes) -> Encoder:
    return Encoder(HuggingFace(model, NAMED), seed=3, bos=True, eos=True, checked_share=1)


def filled(encoder: Encoder, rate: float, suffix_first: float) -> tuple[list[list[int]], FillInTheMiddle]:
    fill = FillInTheMiddle(encoder, Signs(*encoder.tokenizer.filling()), rate, suffix_first)
    encoded = fill.encode(IDS, pa.array(TEXTS))
    encoded.validate(full=True)
    return encoded.to_pylist(), fill


def pieces(encoder: Encoder, ids: list[int]) -> tuple[str, str, str] | None:
    """The prefix, middle and suffix that a model is shown; None of a document that stands as it was."""
    signs = Signs(*encoder.tokenizer.filling())
    assert (ids[0], ids[-1]) == (encoder.bos, encoder.eos)
    assert [ids.count(sign) for sign in signs] in ([1, 1, 1], [0, 0, 0])
    if signs.prefix not in ids:
        return None
    text = encoder.tokenizer.decode
    prefix, suffix, middle = (ids.index(sign) for sign in signs)
    assert prefix == 1
    if suffix == 2:  # the suffix first: no sign stands between prefix and middle
        return "", text(ids[middle + 1 : -1]), text(ids[suffix + 1 : middle])
    return text(ids[prefix + 1 : suffix]), text(ids[middle + 1 : -1]), text(ids[suffix + 1 : middle])


@pytest.mark.parametrize("suffix_first", [0, 0.5, 1])
def test_the_pieces_give_the_document(encoder: Encoder, suffix_first: float) -> None:
    found, fill = filled(encoder, 1, suffix_first)
    assert fill.rearranged == len(TEXTS)
    for text, ids in zip(TEXTS, found, strict=True):
        told = pieces(encoder, ids)
        assert told is not None
        prefix, middle, suffix = told
        assert prefix + middle + suffix == text
    first = sum(ids[2] == Signs(*encoder.tokenizer.filling()).suffix for ids in found)
    # A prefix that is empty looks like a suffix that stands first: a cut at the document's start.
    assert abs(first - suffix_first * len(TEXTS)) < 60


def test_a_share_is_rearranged_and_the_rest_stands_as_it_was(encoder: Encoder) -> None:
    found, fill = filled(encoder, 0.3, 0.5)
    as_it_was = encoder.encode(IDS, pa.array(TEXTS)).to_pylist()
    told = [pieces(encoder, ids) for ids in found]
    assert fill.rearranged == sum(one is not None for one in told)
    assert 80 < fill.rearranged < 165
    for ids, before, one in zip(found, as_it_was, told, strict=True):
        assert one is not None or ids == before
    assert filled(encoder, 0, 0.5)[0] == as_it_was


def test_cuts_depend_on_the_id_alone(encoder: Encoder) -> None:
    whole, _ = filled(encoder, 0.5, 0.5)
    fill = FillInTheMiddle(encoder, Signs(*encoder.tokenizer.filling()), 0.5, 0.5)
    assert fill.encode(IDS[100:150], pa.array(TEXTS[100:150])).to_pylist() == whole[100:150]


def test_a_tokenizer_without_the_tokens_says_which_there_are(model: bytes) -> None:
    with pytest.raises(
        ValueError, match=r"no token `<PRE>` for tokenizer\.fill_in_the_middle\.prefix; .* </s>"
    ):
        HuggingFace(model, {"fill_in_the_middle.prefix": "<PRE>"})


def test_the_configuration() -> None:
    sources = {
        name: {"kind": kind, "paths": ["f"], "weight": 0.5} for name, kind in (("a", "code"), ("b", "text"))
    }
    made: dict[str, Any] = {"sources": sources, "mix": {"tokens": 1000}}

    def config(**tokenizer: Any) -> Config:
        return Config.model_validate(made | {"tokenizer": tokenizer})

    assert config().filled == []
    assert config(model="t.json", fill_in_the_middle={}).filled == ["a"]
    assert config(model="t.json", fill_in_the_middle={"sources": ["b"]}).filled == ["b"]
    with pytest.raises(ValueError, match="no source is named `c`; there are a, b"):
        config(model="t.json", fill_in_the_middle={"sources": ["c"]})
    for wrong in ({}, {"model": "t.model"}, {"train": {"kind": "byte_level"}}):
        with pytest.raises(ValueError, match=r"needs a tokenizer\.json"):
            config(**wrong, fill_in_the_middle={})
    assert json.loads(config().model_dump_json())["tokenizer"]["fill_in_the_middle"] is None
