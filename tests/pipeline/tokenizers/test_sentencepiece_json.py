"""A SentencePiece model that was trained here has the same ids as a tokenizer.json."""

import pytest
from hypothesis import given, settings

from massivetext.pipeline.stages.tokenizer.train import train
from massivetext.pipeline.tokenizers.huggingface import HuggingFace
from massivetext.pipeline.tokenizers.sentencepiece import SentencePiece
from massivetext.pipeline.tokenizers.sentencepiece_json import as_tokenizer_json
from tests.pipeline.stages.tokenize.test_encode import LONG, SAMPLE, TEXTS
from tests.pipeline.stages.tokenizer.test_train import documents

pytest.importorskip("tokenizers")
Pair = tuple[SentencePiece, HuggingFace]


@pytest.fixture(scope="module", params=["sample", "documents"])
def pair(request: pytest.FixtureRequest) -> Pair:
    """The same model, as both libraries read it."""
    texts = iter([SAMPLE] * 20) if request.param == "sample" else documents(30)
    native = SentencePiece(train(texts, 420 if request.param == "sample" else 800))
    written = as_tokenizer_json(native.vocabulary)
    return native, HuggingFace(written, {"bos": "<s>", "eos": "</s>", "pad": "<pad>"})


@given(texts=TEXTS)
@settings(max_examples=300, deadline=None)
def test_ids_are_the_same(pair: Pair, texts: list[str]) -> None:
    native, written = pair
    for text in texts:
        assert list(written.encode(text)) == native.encode(text).tolist()


@pytest.mark.parametrize("name", LONG)
def test_long_lines(pair: Pair, name: str) -> None:
    native, written = pair
    assert list(written.encode(LONG[name][:20_000])) == native.encode(LONG[name][:20_000]).tolist()


def test_special_tokens_and_decoding(pair: Pair) -> None:
    native, written = pair
    assert written.size == native.size
    assert written.boundary("bos") == native.boundary("bos")
    assert (written.boundary("eos"), written.pad) == (native.boundary("eos"), native.pad)
    assert written.byte_ids == native.byte_ids
    assert written.decode(list(written.encode(SAMPLE))) == SAMPLE
    assert written.fast().name == "filters.tokens.ranked"
