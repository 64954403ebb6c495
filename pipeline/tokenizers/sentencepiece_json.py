"""Converts a SentencePiece model to a tokenizer.json for Hugging Face's `tokenizers`, which gives the same ids."""

from typing import Any

import orjson

from massivetext.pipeline.tokenizers.ranked_kernel import SPACE
from massivetext.pipeline.tokenizers.sentencepiece_model import Kind, Vocabulary


def as_tokenizer_json(vocabulary: Vocabulary) -> bytes:
    """Returns the tokenizer.json of a byte-pair model with byte fallback and without normalisation, like all trained
    here.

    Every way to join two pieces to another is a merge. Merges are in the order of the scores of their results.
    """
    ids = {piece: identity for identity, piece in enumerate(vocabulary.pieces)}
    reserved = [
        (identity, piece)
        for piece, identity in ids.items()
        if vocabulary.kinds[identity] in (Kind.UNKNOWN, Kind.CONTROL)
    ]
    normal = {piece for piece, identity in ids.items() if vocabulary.kinds[identity] == Kind.NORMAL}
    merges = sorted(
        (-vocabulary.scores[ids[piece]], ids[piece[:cut]], ids[piece[cut:]], piece[:cut], piece[cut:])
        for piece in normal
        for cut in range(1, len(piece))
        if piece[:cut] in normal and piece[cut:] in normal
    )
    unknown = next(
        (piece for identity, piece in reserved if vocabulary.kinds[identity] == Kind.UNKNOWN), None
    )
    spaces: list[dict[str, Any]] = [{"type": "Replace", "pattern": {"String": " "}, "content": SPACE}]
    if vocabulary.dummy_prefix:
        spaces.insert(0, {"type": "Prepend", "prepend": SPACE})
    described = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_reserved(identity, piece) for identity, piece in reserved],
        "normalizer": {"type": "Sequence", "normalizers": spaces},
        "pre_tokenizer": None,
        "post_processor": None,
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": SPACE}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
            ],
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": unknown,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": True,
            "byte_fallback": True,
            "ignore_merges": False,
            "vocab": ids,
            "merges": [[left, right] for *_, left, right in merges],
        },
    }
    return orjson.dumps(described, option=orjson.OPT_INDENT_2)


def _reserved(identity: int, piece: str) -> dict[str, Any]:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": identity, "content": piece, **flags, "special": True}
