"""Tokenizers are trained reproducibly, lose nothing, and say what a sample can support."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentencepiece import SentencePieceProcessor

from massivetext.pipeline.stages.tokenizer.train import BOS, EOS, PAD, UNKNOWN, VocabularyError, train

SYLLABLES = ["ba", "re", "min", "os", "tu", "lig", "an", "ef", "Ka", "é", "über", "12", "7", "漢字", "の"]


def documents(count: int) -> Iterator[str]:
    """Made-up prose and code: words of syllables, lines, paragraphs, indents."""
    draw = random.Random(5)
    for _ in range(count):
        words = ["".join(draw.choices(SYLLABLES, k=draw.randint(1, 4))) for _ in range(300)]
        yield (
            "".join(word + draw.choice(["", ",", "."]) + draw.choice("   \n\t") for word in words)
            + "\n\n    x"
        )


@pytest.fixture(scope="module")
def processor() -> SentencePieceProcessor:
    return SentencePieceProcessor(model_proto=train(documents(30), 800))


def test_it_has_the_size_and_the_reserved_ids_asked_for(processor: SentencePieceProcessor) -> None:
    assert processor.vocab_size() == 800
    assert (processor.unk_id(), processor.bos_id(), processor.eos_id(), processor.pad_id()) == (
        UNKNOWN,
        BOS,
        EOS,
        PAD,
    )


def test_the_same_documents_give_the_same_bytes() -> None:
    assert train(documents(10), 500) == train(documents(10), 500)
    assert train(documents(10), 500) != train(documents(11), 500)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\u2581")))
@settings(max_examples=500, deadline=None)
def test_every_text_comes_back(processor: SentencePieceProcessor, text: str) -> None:
    assert processor.decode(processor.encode(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "  leading, trailing  ",
        "\tif x:\r\n\t\treturn\f\v",
        "\n\n\n",
        "\ufeffBOM \ufffe\uffff \ufffd",
        "e\u0301 \u200b\u200d\u3000\xa0\x85\u2028",
        "👩‍👩‍👧 🏴󠁧󠁢 漢字 ｶﾞ ﬁ Å",
        "".join(map(chr, range(0xA0))),
        "<s></s><unk><pad><0x0A>",
        "\U0010ffff\ue000",
        "▂▃▅",
    ],
)
def test_awkward_texts_come_back(processor: SentencePieceProcessor, text: str) -> None:
    assert processor.decode(processor.encode(text)) == text


def test_the_sign_for_a_space_comes_back_as_a_space(processor: SentencePieceProcessor) -> None:
    """The one loss there is, and why `train` speaks of it."""
    assert processor.decode(processor.encode("a\u2581b")) == "a b"


def test_digits_stay_apart_and_line_breaks_join(processor: SentencePieceProcessor) -> None:
    pieces = [processor.id_to_piece(i) for i in range(260, 800)]
    assert not [piece for piece in pieces if sum(map(str.isdigit, piece)) and len(piece.strip("\u2581")) > 1]
    assert [piece for piece in pieces if "\n" in piece]


def test_long_documents_and_the_trainers_reserved_character_are_not_skipped() -> None:
    """SentencePiece alone would skip both documents, with a message in its log at most."""
    documents = ["zyx zyx " * 10_000 + "\u2585", "wvu wvu " * 10_000]
    processor = SentencePieceProcessor(model_proto=train(iter(documents), 273))
    assert processor.piece_to_id("\u2581zyx") != UNKNOWN
    assert processor.piece_to_id("\u2581wvu") != UNKNOWN


@pytest.mark.parametrize(
    ("texts", "vocabulary", "message"),
    [
        ([], 500, r"0 documents \(0 bytes\) holds no text"),
        (["\u2585", ""], 500, r"2 documents \(3 bytes\) holds no text"),
        (["few words"], 500, r"at most 28\d pieces, not 500: lower tokenizer.train.vocabulary"),
        (["many different characters"], 260, r"at least 27\d pieces .* not 260: raise"),
    ],
)
def test_sizes_the_sample_cannot_give_are_errors(texts: list[str], vocabulary: int, message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        train(iter(texts), vocabulary)


def test_the_size_an_error_names_works() -> None:
    with pytest.raises(VocabularyError) as caught:
        train(documents(1), 30_000)
    most = int(str(caught.value).split("at most ")[1].split()[0].replace(",", ""))
    assert SentencePieceProcessor(model_proto=train(documents(1), most)).vocab_size() == most


def test_an_error_of_the_documents_is_raised_as_it_is() -> None:
    def broken() -> Iterator[str]:
        yield "text"
        raise OSError("disk on fire")

    with pytest.raises(OSError, match="disk on fire"):
        train(broken(), 300)
