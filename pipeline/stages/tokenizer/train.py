"""Training a tokenizer: SentencePiece's byte-pair encoding, settings as Chinchilla's (arXiv 2203.15556)."""

import io
import re
from collections.abc import Iterator

import sentencepiece

UNKNOWN, BOS, EOS, PAD = 0, 1, 2, 3
"""The first four ids of every tokenizer trained here; the 256 byte pieces follow."""

_RESERVED = "\u2585"  # the trainer skips, without an error, every text that holds it
_TOO_HIGH = re.compile(r"Vocabulary size too high .* a value <= (\d+)")
_TOO_LOW = re.compile(r"smaller than required_chars\. \d+ vs (\d+)")


class VocabularyError(ValueError):
    """The sample cannot give a vocabulary of the size asked for; the message says which sizes it can.

    `most` is the largest it can give, where it was too small, else None.
    """

    def __init__(self, message: str, most: int | None = None) -> None:
        super().__init__(message)
        self.most = most


def train(documents: Iterator[str], vocabulary: int) -> bytes:
    """A SentencePiece BPE model of `vocabulary` pieces, trained on `documents`, as its file's bytes.

    Text is taken as it is: no normalisation, every space kept, none added. Characters too rare for a piece
    are spelt in bytes, so nothing is unknown, and decode(encode(x)) == x for every x without U+2581,
    SentencePiece's own sign for a space, which comes back as a space. Digits are pieces of their own.
    Lines stay together, so that pieces may hold line breaks (3.5 % fewer tokens than training on lines).

    The model's bytes depend on the documents, their order and `vocabulary` alone. All documents are held
    in memory: callers bound the sample.

    Raises VocabularyError where the sample is too small for `vocabulary`, or `vocabulary` for its characters.
    """
    model = io.BytesIO()
    pieces = _Pieces(documents)
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(pieces),
            model_writer=model,
            model_type="bpe",
            vocab_size=vocabulary,
            unk_id=UNKNOWN,
            bos_id=BOS,
            eos_id=EOS,
            pad_id=PAD,
            byte_fallback=True,
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            add_dummy_prefix=False,
            allow_whitespace_only_pieces=True,
            split_digits=True,
            max_sentence_length=1 << 30,  # longer ones would be skipped, without an error
            num_threads=1,  # the model records it
            minloglevel=2,
        )
    except RuntimeError as error:
        if pieces.error is not None:
            raise pieces.error from None
        raise _explained(error, vocabulary, pieces) from error
    return model.getvalue()


class _Pieces:
    """The texts handed to the trainer. Keeps an error of the documents: the trainer only keeps its text."""

    def __init__(self, documents: Iterator[str]) -> None:
        self.documents = documents
        self.error: Exception | None = None
        self.count = 0
        self.bytes = 0

    def __iter__(self) -> Iterator[str]:
        try:
            for document in self.documents:
                self.count += 1
                self.bytes += len(document.encode())
                yield from filter(None, document.split(_RESERVED))
        except Exception as error:
            self.error = error
            raise


def _explained(error: RuntimeError, vocabulary: int, pieces: _Pieces) -> Exception:
    sample = f"the sample of {pieces.count:,} documents ({pieces.bytes:,} bytes)"
    if "sentences_.empty()" in str(error):
        return VocabularyError(f"{sample} holds no text to train a tokenizer on")
    if most := _TOO_HIGH.search(str(error)):
        return VocabularyError(
            f"{sample} supports a vocabulary of at most {int(most[1]):,} pieces, not {vocabulary:,}: "
            "lower tokenizer.train.vocabulary or give it more text",
            most=int(most[1]),
        )
    if least := _TOO_LOW.search(str(error)):
        return VocabularyError(
            f"{sample} needs a vocabulary of at least {int(least[1]):,} pieces (its characters and the 256 "
            f"bytes), not {vocabulary:,}: raise tokenizer.train.vocabulary"
        )
    return error
