"""The tokenizers a run can use, one kind of file a module."""

import posixpath

from pipeline import config, files, layout
from pipeline.tokenizers.huggingface import HuggingFace
from pipeline.tokenizers.sentencepiece import SentencePiece
from pipeline.tokenizers.tokenizer import Tokenizer

__all__ = ["HuggingFace", "SentencePiece", "Tokenizer", "of_run", "opened"]


def opened(model: bytes, settings: config.Tokenizer) -> Tokenizer:
    """The tokenizer in a file of this content; raises ValueError where it is none of the kind configured."""
    if settings.is_json:
        return HuggingFace(model, {"bos": settings.bos, "eos": settings.eos, "pad": settings.pad})
    return SentencePiece(model)


def of_run(out: str, settings: config.Tokenizer) -> Tokenizer:
    """The tokenizer in an output folder."""
    return opened(files.read_bytes(posixpath.join(out, layout.tokenizer(settings.is_json))), settings)
