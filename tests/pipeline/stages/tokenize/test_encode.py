"""Ids are SentencePiece's own, for every model and text; the fast way is taken where it should be."""

import io
import json
import random

import numpy as np
import pyarrow as pa
import pytest
import sentencepiece
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.pipeline.stages.tokenize.encode import Encoder, EncodingError
from massivetext.pipeline.stages.tokenizer.train import BOS, EOS, train
from massivetext.pipeline.tokenizers.sentencepiece import SentencePiece
from tests.paths import SHARED

BENCH = SHARED / "bench/part-00.jsonl.zst"

PLAIN = {
    "model_type": "bpe",
    "byte_fallback": True,
    "normalization_rule_name": "identity",
    "remove_extra_whitespaces": False,
}
MODELS: dict[str, tuple[bool, dict[str, object]]] = {
    "llama": (True, PLAIN | {"add_dummy_prefix": True}),
    "pieces over spaces": (True, PLAIN | {"split_by_whitespace": False}),
    "scripts mixed": (True, PLAIN | {"split_by_unicode_script": False, "split_by_number": False}),
    "normalised": (False, PLAIN | {"normalization_rule_name": "nmt_nfkc"}),
    "spaces collapsed": (False, PLAIN | {"remove_extra_whitespaces": True}),
    "space as suffix": (False, PLAIN | {"treat_whitespace_as_suffix": True}),
    "user-defined symbols": (False, PLAIN | {"user_defined_symbols": ["\n", "    ", "<code>"]}),
    "a reserved letter": (False, PLAIN | {"control_symbols": ["q"]}),
    "no byte fallback": (False, PLAIN | {"byte_fallback": False}),
    "unigram": (True, PLAIN | {"model_type": "unigram"}),
}
SAMPLE = """The quick brown fox, it said, jumps over 13 lazy dogs; and then "sleeps".

def fox(jumps: int) -> str:\n\tif jumps > 0:\n\t\treturn fox(jumps - 1)\n    return f"{jumps!r}"
Der schnelle braune Fuchs läuft über die Straße.  Le renard brun saute, où ça ?
敏捷的棕色狐狸跳过了懒狗。 すばやい茶色の狐はのろまな犬を飛び越える。 Быстрая лиса
<s> <code> </s> 🦊🐕 e\u0301 ... ---- ==== ==== http://example.org/a?b=c&d=1
"""
CHARACTERS = st.one_of(
    st.sampled_from(sorted({*SAMPLE, "\x00", "\u2581", "\x7f", "\ufeff", "\uffff", "\U0010ffff"})),
    st.characters(exclude_categories=["Cs"]),
)
TEXTS = st.lists(
    st.one_of(st.text(CHARACTERS), st.lists(st.sampled_from(SAMPLE.split(" "))).map(" ".join)), max_size=6
)


def trained(settings: dict[str, object]) -> bytes:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([SAMPLE] * 20), model_writer=model, vocab_size=420, hard_vocab_limit=False,
        minloglevel=2, **settings,
    )  # fmt: skip
    return model.getvalue()


@pytest.fixture(scope="module")
def models() -> dict[str, bytes]:
    return {
        "own": train(iter([SAMPLE] * 20), 420),
        **{name: trained(settings) for name, (_, settings) in MODELS.items()},
    }


@pytest.fixture(scope="module")
def encoders(models: dict[str, bytes]) -> dict[str, Encoder]:
    """No document is encoded both ways here: a wrong id must show, not raise."""
    return {
        name: Encoder(SentencePiece(model), seed=1, eos=False, checked_share=0)
        for name, model in models.items()
    }


def encode(encoder: Encoder, texts: list[str]) -> list[list[int]]:
    ids = pa.array([f"{i:032x}" for i in range(len(texts))], pa.string())
    lists = encoder.encode(ids, pa.array(texts, pa.string()))
    lists.validate(full=True)
    return lists.to_pylist()


@pytest.mark.parametrize("name", ["own", *MODELS])
def test_models_take_the_way_that_suits_them(encoders: dict[str, Encoder], name: str) -> None:
    assert (encoders[name].fast is not None) == (name == "own" or MODELS[name][0])


@pytest.mark.parametrize("name", ["own", *MODELS])
@given(texts=TEXTS)
@settings(max_examples=150, deadline=None)
def test_ids_are_sentencepieces(encoders: dict[str, Encoder], name: str, texts: list[str]) -> None:
    encoder = encoders[name]
    assert encode(encoder, texts) == [encoder.tokenizer.processor.encode(text) for text in texts]


LONG = {
    "one word": "fox" * 30_000,
    "one line of words": "quick brown fox, " * 30_000,
    "one line of Chinese": "敏捷的棕色狐狸跳过了懒狗。" * 8_000,
    "base64": "".join(random.Random(1).choices("ABCDabcd0123+/", k=100_000)),
    "spaces": " " * 100_000,
    "line breaks": "\n" * 100_000,
    "NULs": "\x00" * 100_000,
    "outside the sample": "".join(map(chr, range(0x10000, 0x12000))),
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("name", ["own", "llama", "pieces over spaces"])
def test_long_lines(encoders: dict[str, Encoder], name: str, text: str) -> None:
    assert encode(encoders[name], [text]) == [encoders[name].tokenizer.processor.encode(text)]


@pytest.mark.parametrize("name", ["own", "unigram"])
def test_bos_and_eos_stand_around_each_document(models: dict[str, bytes], name: str) -> None:
    encoder = Encoder(SentencePiece(models[name]), seed=1, bos=True, eos=True)
    body = [encoder.tokenizer.processor.encode(text) for text in ("fox", "", "the dog")]
    assert encode(encoder, ["fox", "", "the dog"]) == [[BOS, *ids, EOS] for ids in body]


@pytest.mark.parametrize("name", ["own", "llama", "unigram"])
def test_slices_and_empty_arrays(encoders: dict[str, Encoder], name: str) -> None:
    ids, text = pa.array(["x", "y", "z"]), pa.array(["skip", "the fox", "skip"])
    assert encoders[name].encode(ids[1:2], text[1:2]).to_pylist() == [
        encoders[name].tokenizer.processor.encode("the fox")
    ]
    assert encode(encoders[name], []) == []
    assert encode(encoders[name], ["", ""]) == [[], []]


def test_ids_take_16_bits_where_they_suffice(encoders: dict[str, Encoder]) -> None:
    lists = encoders["own"].encode(pa.array(["x"]), pa.array(["fox"]))
    assert lists.type == pa.list_(pa.field("item", pa.uint16(), nullable=False))


def test_a_model_without_eos_says_so() -> None:
    model = trained(PLAIN | {"eos_id": -1})
    with pytest.raises(ValueError, match=r"no eos piece: set mix.add_eos to false"):
        Encoder(SentencePiece(model), seed=1)
    assert encode(Encoder(SentencePiece(model), seed=1, eos=False), ["fox"])


@pytest.mark.parametrize("model", [b"", b"not a model", b"\x0a\xff\xff\x03abc", b"PAR1" * 100])
def test_another_kind_of_file_is_an_error(model: bytes) -> None:
    with pytest.raises(ValueError, match="not a SentencePiece model"):
        SentencePiece(model)


def test_a_truncated_model_is_an_error(models: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match="not a SentencePiece model"):
        SentencePiece(models["own"][:-3])


def test_a_difference_stops_with_the_documents_id(models: dict[str, bytes]) -> None:
    """A remembered word is spoilt; every document is encoded both ways."""
    encoder = Encoder(SentencePiece(models["own"]), seed=1, checked_share=1)
    ids, text = pa.array(["first", "second", "third"]), pa.array(["a dog", "the quick fox", "the fox"])
    encoder.encode(ids, text)
    assert encoder.checked == 3
    slots = encoder.fast.words.short.reshape(-1, 4)
    held = slots[:, 2] > 0
    assert held.any()
    slots[held, 2] ^= np.uint64(1 << 16)  # its first id
    with pytest.raises(EncodingError, match=r"document first: the ids of .* differ"):
        encoder.encode(ids, text)


def test_the_share_checked_is_chosen_by_id_and_seed(models: dict[str, bytes]) -> None:
    ids, text = pa.array([f"{i:032x}" for i in range(4000)]), pa.array(["fox"] * 4000)
    counts = []
    for batches in ([slice(0, 4000)], [slice(0, 1000), slice(1000, 4000)]):
        encoder = Encoder(SentencePiece(models["own"]), seed=7, checked_share=0.1)
        for batch in batches:
            encoder.encode(ids[batch], text[batch])
        counts.append(encoder.checked)
    assert counts[0] == counts[1]
    assert 300 < counts[0] < 500


def test_words_seen_before_are_remembered(models: dict[str, bytes]) -> None:
    encoder = Encoder(SentencePiece(models["own"]), seed=1, checked_share=0)
    encode(encoder, [SAMPLE])
    assert 0 < encoder.misses < encoder.lookups
    before = encoder.misses
    encode(encoder, [SAMPLE])
    assert encoder.misses == before
    encoder.restart()
    assert (encoder.lookups, encoder.misses, encoder.checked) == (0, 0, 0)
    encode(encoder, [SAMPLE])
    assert encoder.misses == before, "nothing of before is remembered"


@pytest.mark.skipif(not BENCH.exists(), reason="shared/data/bench is not here")
def test_real_documents() -> None:
    with BENCH.open("rb") as file:
        lines = io.TextIOWrapper(
            zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8", newline="\n"
        )
        texts = [json.loads(next(lines))["text"] for _ in range(300)]
    encoder = Encoder(SentencePiece(train(iter(texts[:150]), 8000)), seed=1, eos=False, checked_share=0)
    assert encode(encoder, texts) == [encoder.tokenizer.processor.encode(text) for text in texts]
