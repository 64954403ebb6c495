"""Opens the tokenizer that a configuration names, by the kind of its file."""

import posixpath

from massivetext.pipeline.config.tokenizer import Tokenizer as TokenizerSettings
from massivetext.pipeline.plugins.tokenizers import TOKENIZERS
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.tokenizers import splits
from massivetext.pipeline.tokenizers.guarded import GuardedTokenizer
from massivetext.pipeline.tokenizers.protocol import FILLING, Tokenizer
from massivetext.pipeline.tokenizers.sentencepiece import SentencePiece


def open_tokenizer(model: bytes, settings: TokenizerSettings) -> Tokenizer:
    """Returns the tokenizer in a file with this content. Raises ValueError if it is not of the configured kind."""
    if settings.kind is not None:
        return GuardedTokenizer(TOKENIZERS[settings.kind], model)
    if settings.is_json:
        # Its kernels take a fifth of a second to load, and most commands do not need them.
        from massivetext.pipeline.tokenizers.huggingface import HuggingFace

        named = {"bos": settings.bos, "eos": settings.eos, "pad": settings.pad}
        if fill := settings.fill_in_the_middle:
            named |= {f"fill_in_the_middle.{name}": getattr(fill, name) for name in FILLING}
        return HuggingFace(model, named if settings.model else splits.SPECIAL)
    return SentencePiece(model)


def tokenizer_of_run(out: str, settings: TokenizerSettings) -> Tokenizer:
    """Returns the tokenizer of an output folder."""
    return open_tokenizer(files.read_bytes(posixpath.join(out, layout.tokenizer(settings.is_json))), settings)
