"""Reads a SentencePiece model file, a protocol buffer, as far as encoding needs it.

The library's own generated module cannot be used: it needs a newer protobuf than Beam allows.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum

from massivetext.pipeline.storage.protobuf import fields, message


class Kind(IntEnum):
    """SentencePiece's ModelProto.SentencePiece.Type."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


UNIGRAM, BPE = 1, 2  # TrainerSpec.ModelType


@dataclass(frozen=True)
class Vocabulary:
    """The pieces by id, and the settings that change the encoding. The defaults are those of the format."""

    pieces: list[str]
    scores: list[float]
    kinds: list[int]
    algorithm: int = UNIGRAM
    byte_fallback: bool = False
    whitespace_as_suffix: bool = False
    character_map: bytes = b""  # empty: texts are not normalised
    dummy_prefix: bool = True
    collapses_spaces: bool = True
    escapes_spaces: bool = True


def read(model: bytes) -> Vocabulary:
    """Read a model. Raises ValueError if `model` is not a SentencePiece model."""
    pieces, scores, kinds = [], [], []
    trainer: dict[int, int | bytes] = {}
    normalizer: dict[int, int | bytes] = {}
    try:
        for number, value in fields(model):
            if number == 1:
                piece = dict(fields(message(value)))
                pieces.append(message(piece[1]).decode())
                scores.append(struct.unpack("<f", message(piece.get(2, bytes(4))))[0])
                kinds.append(int(piece.get(3, Kind.NORMAL)))
            elif number == 2:
                trainer = dict(fields(message(value)))
            elif number == 3:
                normalizer = dict(fields(message(value)))
    except (IndexError, KeyError, TypeError, UnicodeDecodeError, struct.error) as error:
        raise ValueError("not a SentencePiece model") from error
    if not pieces:
        raise ValueError("not a SentencePiece model: it holds no pieces")
    return Vocabulary(
        pieces,
        scores,
        kinds,
        algorithm=int(trainer.get(3, UNIGRAM)),
        byte_fallback=bool(trainer.get(35, 0)),
        whitespace_as_suffix=bool(trainer.get(24, 0)),
        character_map=message(normalizer.get(2, b"")),
        dummy_prefix=bool(normalizer.get(3, 1)),
        collapses_spaces=bool(normalizer.get(4, 1)),
        escapes_spaces=bool(normalizer.get(5, 1)),
    )
