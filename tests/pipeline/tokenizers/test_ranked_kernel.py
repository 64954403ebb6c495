"""The kernel gives the ids of `tokenizers`, for every split that it knows and every text."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.pipeline.tokenizers.huggingface import HuggingFace
from massivetext.pipeline.tokenizers.protocol import FastEncoder, NoFastEncoderError

tokenizers = pytest.importorskip("tokenizers")
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers  # noqa: E402

CL100K = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
DEEPSEEK = (
    r"\p{N}{1,3}",
    "[一-龥\u3040-ゟ゠-ヿ]+",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
    "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
)
SPLITS: dict[str, tuple[str, ...]] = {
    "gpt2": (),
    "cl100k": (CL100K,),
    "qwen": (CL100K.replace(r"\p{N}{1,3}", r"\p{N}"),),
    "o200k": (O200K,),
    "deepseek": DEEPSEEK,
}
SAMPLE = """The quick brown fox, it said, jumps over 13 lazy dogs; and then "sleeps". I'm SHE'LL we've THEY'RE
def fox(jumps: int) -> str:\n\tif jumps > 0:\n\t\treturn fox(jumps - 1)\n    return f"{jumps!r}"  \r\n\r\n
Der schnelle braune Fuchs läuft über die Straße.  Le renard brun saute, où ça ? donaudampfschifffahrtsgesellschaft
敏捷的棕色狐狸跳过了懒狗。 すばやい茶色の狐はのろまな犬を飛び越える。カ・タカナ Быстрая лиса перепрыгивает १२३ ٤٥٦
🦊🐕👩‍👩‍👧 e\u0301 ... ---- ==== ==== http://example.org/a?b=c&d=1234567890 'ſ 'S it's\u00a0\u3000x हिन्दी ไทยที่
"""
SPECIAL = ["<|end|>", "<pad>"]
NAMES = [*SPECIAL, "<tool>", "</tool>", "<tool", "<", "\u2581", "  ", "\n\n"]
CHARACTERS = st.one_of(
    st.sampled_from(
        sorted({*SAMPLE, *"\x00\u2581\x7f\ufeff\uffff\u0338\u1100\u1161\u11a8\u017f\u212a\U0010ffff"})
    ),
    st.characters(exclude_categories=["Cs"]),
)
WORDS = st.sampled_from(
    [*SAMPLE.split(" "), *NAMES, "'LL", "'Re", "1234567", "\r\n", " \n ", "敏捷的棕色狐狸", "e\u0301\u0327"]
)
TEXTS = st.lists(
    st.one_of(st.text(CHARACTERS, max_size=40), WORDS.map("".join), WORDS.map(" ".join)), max_size=5
)


def byte_level(split: str, form: str | None = None, size: int = 700) -> Any:
    made = Tokenizer(models.BPE())
    steps = [pre_tokenizers.Split(Regex(source), "isolated") for source in SPLITS[split]]
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=not steps)
    made.pre_tokenizer = pre_tokenizers.Sequence([*steps, level]) if steps else level
    if form:
        made.normalizer = getattr(normalizers, form)()
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    made.train_from_iterator([SAMPLE] * 20, trainer)
    made.add_tokens([AddedToken("<tool>", normalized=False), AddedToken("</tool>", normalized=False)])
    return made


def ignoring_merges() -> Any:
    """As Llama 3's: a pre-token that is a token is that token, though its merges give others."""
    made = byte_level("cl100k")
    described = json.loads(made.to_str())
    model = described["model"]
    taken = {model["vocab"][name] for name in model["vocab"]}
    for token in ("Ġbrownfox", "donaudampfschifffahrtsgesellschaft", "æķı", "Ġj"):
        if token not in model["vocab"]:
            model["vocab"][token] = max(taken) + 10
            taken.add(max(taken) + 10)
    model["ignore_merges"] = True
    return Tokenizer.from_str(json.dumps(described))


def of_characters(steps: str) -> Any:
    """As Llama 2's, Mistral's and Gemma's."""
    made = Tokenizer(models.BPE(unk_token="<pad>"))
    made.normalizer = normalizers.Replace(" ", "\u2581")
    trainer = trainers.BpeTrainer(
        vocab_size=500, special_tokens=SPECIAL, limit_alphabet=60, show_progress=False
    )
    made.train_from_iterator(SAMPLE.split("\n") * 20, trainer)
    described = json.loads(made.to_str())["model"]
    vocabulary = described["vocab"]
    for byte in range(256):
        vocabulary.setdefault(f"<0x{byte:02X}>", len(vocabulary))
    merges = [tuple(merge) for merge in described["merges"]]
    made = Tokenizer(models.BPE(vocabulary, merges, unk_token="<pad>", fuse_unk=True, byte_fallback=True))
    made.add_special_tokens(SPECIAL)
    if steps == "llama":
        made.normalizer = normalizers.Sequence(
            [normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")]
        )
    elif steps == "mistral":
        made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    else:
        made.normalizer = normalizers.Replace(" ", "\u2581")
        made.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
        made.add_tokens([AddedToken(name, normalized=False) for name in ("\n\n", "<tool>", "\u2581\u2581")])
    return made


KINDS = {
    **{split: lambda split=split: byte_level(split) for split in SPLITS},
    "composed": lambda: byte_level("qwen", "NFC"),
    "compatible": lambda: byte_level("gpt2", "NFKC"),
    "ignoring merges": ignoring_merges,
    **{steps: lambda steps=steps: of_characters(steps) for steps in ("llama", "mistral", "gemma")},
}


@pytest.fixture(scope="module")
def made() -> dict[str, tuple[FastEncoder, Any]]:
    """Of each kind, the kernel and the library."""
    found = {}
    for name, make in KINDS.items():
        tokenizer = HuggingFace(make().to_str().encode(), {"eos": "<|end|>"})
        found[name] = (tokenizer.fast(), tokenizer)
    return found


def encode(kernel: FastEncoder, texts: list[str], bos: int = -1, eos: int = -1) -> list[list[int]]:
    starts, ids, _, _ = kernel.encode(pa.array(texts, pa.string()), bos, eos, np.uint32)
    assert starts[-1] == len(ids)
    return [ids[a:b].tolist() for a, b in pairwise(starts)]


@pytest.mark.parametrize("name", KINDS)
@given(texts=TEXTS)
@settings(max_examples=200, deadline=None)
def test_ids_are_the_librarys(made: dict[str, tuple[FastEncoder, Any]], name: str, texts: list[str]) -> None:
    kernel, library = made[name]
    assert encode(kernel, texts) == [list(library.encode(text)) for text in texts]


def everywhere() -> Iterator[str]:
    """Every character of Unicode, among others."""
    points = [*range(0xD800), *range(0xE000, 0x110000)]
    for first in range(0, len(points), 3000):
        yield "".join(map(chr, points[first : first + 3000]))
    for point in [*range(0x3400), *range(0x1F000, 0x20000)]:
        yield f"a{chr(point)}B {chr(point)}\n{chr(point)}1'{chr(point)}  "


@pytest.mark.parametrize("name", KINDS)
def test_every_character(made: dict[str, tuple[FastEncoder, Any]], name: str) -> None:
    kernel, library = made[name]
    texts = list(everywhere())
    encoded = encode(kernel, texts)
    for text, ids in zip(texts, encoded, strict=True):
        assert ids == list(library.encode(text)), text[:20]


LONG = {
    "a megabyte in one line": "quick brown fox, 敏捷的棕色狐狸 12345 don't " * 20_000,
    "one word": "fox" * 40_000,
    "one line of words": "quick brown fox, " * 10_000,
    "one line of Chinese": "敏捷的棕色狐狸跳过了懒狗。" * 4_000,
    "spaces": " " * 60_000,
    "line breaks": "\n" * 60_000,
    "NULs": "\x00" * 50_000,
    "digits": "1234567890" * 8_000,
    "outside the sample": "".join(map(chr, range(0x10000, 0x14000))),
    "marks": "e" + "\u0301\u0327" * 10_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("name", ["cl100k", "deepseek", "composed", "gemma"])
def test_long_lines(made: dict[str, tuple[FastEncoder, Any]], name: str, text: str) -> None:
    kernel, library = made[name]
    assert encode(kernel, ["a", text, "b"]) == [list(library.encode(one)) for one in ("a", text, "b")]


def test_ids_that_stand_around_documents(made: dict[str, tuple[FastEncoder, Any]]) -> None:
    for name, (kernel, library) in made.items():
        texts = ["fox", "", "a \u2581 e\u0338<tool>", "the dog"]
        expected = [[7, *library.encode(text), 9] for text in texts]
        assert encode(kernel, texts, 7, 9) == expected, name


def test_slices_and_empty_arrays(made: dict[str, tuple[FastEncoder, Any]]) -> None:
    kernel, library = made["cl100k"]
    starts, ids, _, _ = kernel.encode(pa.array(["skip", "the fox", "skip"])[1:2], -1, -1, np.uint32)
    assert ids.tolist() == list(library.encode("the fox"))
    assert starts.tolist() == [0, len(ids)]
    assert encode(kernel, []) == []
    assert encode(kernel, ["", ""]) == [[], []]


def test_words_are_remembered_and_forgotten(made: dict[str, tuple[FastEncoder, Any]]) -> None:
    kernel, _ = made["cl100k"]
    kernel.forget()
    text = pa.array([SAMPLE])
    first = kernel.encode(text, -1, -1, np.uint32)
    assert 0 < first.misses < first.lookups
    assert kernel.encode(text, -1, -1, np.uint32).misses < first.misses / 4
    kernel.forget()
    assert kernel.encode(text, -1, -1, np.uint32).misses == first.misses


def test_more_words_than_the_table_holds(made: dict[str, tuple[FastEncoder, Any]]) -> None:
    """So many words that hundreds of thousands of slots are written again."""
    kernel, library = made["cl100k"]
    text = " ".join(f"w{number:x}" for number in range(400_000))
    assert encode(kernel, [text]) == [list(library.encode(text))]
    assert encode(kernel, [text]) == [list(library.encode(text))]


def word_piece() -> Any:
    return Tokenizer(models.WordPiece({"<|end|>": 0, "a": 1}, unk_token="a"))


def changed(make: Any, change: Any) -> bytes:
    described = json.loads(make().to_str())
    change(described)
    return json.dumps(described).encode()


REFUSED = {
    "a model of type WordPiece": lambda: word_piece().to_str().encode(),
    "the pre-tokenizer Punctuation": lambda: changed(
        lambda: byte_level("gpt2"),
        lambda d: d.update(
            pre_tokenizer={
                "type": "Sequence",
                "pretokenizers": [{"type": "Punctuation", "behavior": "Isolated"}, d["pre_tokenizer"]],
            }
        ),
    ),
    "ByteLevel with a space before each text": lambda: changed(
        lambda: byte_level("gpt2"), lambda d: d["pre_tokenizer"].update(add_prefix_space=True)
    ),
    "the normaliser Lowercase": lambda: changed(
        lambda: byte_level("gpt2"), lambda d: d.update(normalizer={"type": "Lowercase"})
    ),
    "a lazy or possessive repetition": lambda: changed(
        lambda: byte_level("cl100k"),
        lambda d: d["pre_tokenizer"]["pretokenizers"][0]["pattern"].update(Regex=r"\p{L}++|\s+?"),
    ),
    "depend on what stands beside them": lambda: changed(
        lambda: byte_level("gpt2"), lambda d: d["added_tokens"][-1].update(lstrip=True)
    ),
    "a byte-level vocabulary without some of the bytes": lambda: changed(
        lambda: byte_level("gpt2"), lambda d: d["model"]["vocab"].pop("!")
    ),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_the_kernel_does_not_know_is_said(reason: str) -> None:
    model = REFUSED[reason]()
    try:
        tokenizer = HuggingFace(model, {"eos": "<|end|>"})
    except ValueError:
        pytest.skip("the library does not take such a file")
    with pytest.raises(NoFastEncoderError, match=reason):
        tokenizer.fast()
