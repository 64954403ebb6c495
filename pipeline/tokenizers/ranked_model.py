"""Translates a tokenizer.json for the kernel of `filters.tokens.ranked`, or says why that is not possible."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.unicode import POINTS
from massivetext.filters.tokens.ranked.added import IN_TEXT, Added, added
from massivetext.filters.tokens.ranked.expression import UnknownExpressionError
from massivetext.filters.tokens.ranked.layers import Layers, layers
from massivetext.filters.tokens.ranked.merges import ID_BITS, RANK_BITS, merges, pairs_of_bytes
from massivetext.filters.tokens.ranked.model import Model, Symbols, characters, settle
from massivetext.filters.tokens.ranked.normal_form import ASSIGNED, Form
from massivetext.filters.tokens.ranked.scanner import Scanner, compile_expression
from massivetext.filters.tokens.ranked.seams import seams
from massivetext.filters.tokens.ranked.vocabulary import vocabulary
from massivetext.pipeline.tokenizers.protocol import NoFastEncoderError
from massivetext.pipeline.tokenizers.splits import GPT2

SPACE = "\u2581"  # replaces a space in tokens of SentencePiece's kind
Prefix = Literal["always", "unless_space", "never"]


class UnknownModelError(NoFastEncoderError):
    """The kernel does not support something in the file. The message names it."""


class Plan(NamedTuple):
    """A model for the kernel, and how a text is changed before."""

    model: Model
    form: Form | None  # the Unicode form of texts
    prefix: Prefix  # when a space is put before a text
    spells_spaces: bool  # whether tokens use U+2581 for a space


def plan(described: Mapping[str, Any], tokens: Mapping[int, Any], library: Any) -> Plan:
    """Translate a tokenizer, given its file, its added tokens by id (from the library) and the library's module.

    Raises UnknownModelError if the kernel does not support a part of the file.
    """
    model = described["model"]
    _check_model(model)
    spells_spaces = not _is_byte_level(described)
    if spells_spaces:
        form, prefix = None, _sentencepiece_like(described)
        split = layers([])
        texts, symbols = _characters(model["vocab"])
    else:
        form, prefix = _form(described["normalizer"]), "never"
        split = _layers(described["pre_tokenizer"], library)
        texts, symbols = _byte_level(model["vocab"], library)
    found = _added(tokens, normalises=form is not None, spells_spaces=spells_spaces)
    if prefix != "never" and len(found.ranges):
        raise UnknownModelError("a space before each text, and added tokens that are found in texts")
    words = vocabulary(texts)
    left, right, results = _merges(model)
    pairs = merges(left, right, np.arange(len(results)), results)
    if not spells_spaces:
        pairs_of_bytes(pairs, symbols.byte_ids)
    laid = Model(found, split, seams(words), words, pairs, symbols)
    settle(laid, bool(model.get("ignore_merges")))
    return Plan(laid, form, prefix, spells_spaces)


def _check_model(model: Mapping[str, Any]) -> None:
    kind = model.get("type", "BPE" if "merges" in model else "another kind")
    if kind != "BPE":
        raise UnknownModelError(f"a model of type {kind}")
    for name in ("continuing_subword_prefix", "end_of_word_suffix"):
        if model.get(name):
            raise UnknownModelError(f"a model with {name}")
    if max(model["vocab"].values()) >= (1 << ID_BITS) - 1 or len(model["merges"]) >= 1 << RANK_BITS:
        raise UnknownModelError("a vocabulary of a million tokens")


def _steps(step: Any, name: str) -> list[Mapping[str, Any]]:
    """Returns the steps of a normaliser or pre-tokenizer, in order."""
    if step is None:
        return []
    if step["type"] == "Sequence":
        return [one for inner in step[name] for one in _steps(inner, name)]
    return [step]


def _is_byte_level(described: Mapping[str, Any]) -> bool:
    return any(step["type"] == "ByteLevel" for step in _steps(described["pre_tokenizer"], "pretokenizers"))


def _form(step: Any) -> Form | None:
    kinds = [one["type"] for one in _steps(step, "normalizers")]
    if not kinds:
        return None
    if kinds == ["NFC"]:
        return "NFC"
    if kinds == ["NFKC"]:
        return "NFKC"
    raise UnknownModelError(f"the normaliser {' and '.join(kinds)}")


def _layers(step: Any, library: Any) -> Layers:
    """Returns the scanners of the steps before ByteLevel and of ByteLevel itself."""
    scanners: list[tuple[Scanner, bool]] = []
    steps = _steps(step, "pretokenizers")
    for number, one in enumerate(steps):
        kind = one["type"]
        if kind == "ByteLevel":
            if number < len(steps) - 1:
                raise UnknownModelError("a pre-tokenizer after ByteLevel")
            if one.get("add_prefix_space"):
                raise UnknownModelError("ByteLevel with a space before each text")
            if one.get("use_regex", True):
                scanners.append((_scanner(GPT2, library), False))
        elif kind == "Split" and "Regex" in one["pattern"]:
            scanners.append((_scanner(one["pattern"]["Regex"], library), _drops(one)))
        else:
            raise UnknownModelError(f"the pre-tokenizer {kind}")
    return layers(scanners)


def _drops(split: Mapping[str, Any]) -> bool:
    if split["behavior"] == "Isolated":
        return False
    if split["behavior"] == "Removed" and split.get("invert"):
        return True
    raise UnknownModelError(f"a split with the behaviour {split['behavior']}")


def _scanner(source: str, library: Any) -> Scanner:
    try:
        return compile_expression(source, lambda spelling: _members(spelling, library))
    except UnknownExpressionError as error:
        raise UnknownModelError(f"the expression `{source}`: {error}") from error


@cache
def _members(spelling: str, library: Any) -> npt.NDArray[np.bool_]:
    """Returns which characters a set of a regular expression holds, by the library's own engine."""
    inside = np.zeros(POINTS, np.bool_)
    if len(spelling) == 1:
        inside[ord(spelling)] = True
        return inside
    # All characters that may be assigned, and one of each range that is not.
    points = np.array(
        [*range(0xD800), *range(0xE000, ASSIGNED), ASSIGNED, *range(0xE0000, 0xE0200), 0xF0000, 0x100000]
    )
    pattern = library.Regex(f"(?:{spelling})+")
    split = library.pre_tokenizers.Split(pattern, "removed", invert=True)
    for _, (first, last) in split.pre_tokenize_str("".join(map(chr, points.tolist()))):
        inside[points[first:last]] = True
    for first, last, like in (
        (ASSIGNED, 0xE0000, ASSIGNED),
        (0xE0200, 0xF0000, ASSIGNED),
        (0xF0000, 0x100000, 0xF0000),
        (0x100000, POINTS, 0x100000),
    ):
        inside[first:last] = inside[like]
    return inside


def _byte_level(vocab: Mapping[str, int], library: Any) -> tuple[list[bytes], Symbols]:
    bytes_of = _alphabet(library)
    texts = [b""] * (max(vocab.values()) + 1)
    for token, identity in vocab.items():
        if all(character in bytes_of for character in token):
            texts[identity] = bytes(bytes_of[character] for character in token)
    byte_ids = np.full(256, -1, np.int32)
    for character, byte in bytes_of.items():
        byte_ids[byte] = vocab.get(character, -1)
    # The bytes 0xC0, 0xC1 and those above 0xF4 are in no text.
    if (byte_ids[[*range(0xC0), *range(0xC2, 0xF5)]] < 0).any():
        raise UnknownModelError("a byte-level vocabulary without some of the bytes")
    return texts, Symbols(byte_ids, np.empty(0, np.int32))


def _alphabet(library: Any) -> dict[str, int]:
    """Returns the byte for each character of ByteLevel's alphabet."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    found = {chr(byte): byte for byte in plain} | {chr(256 + i): byte for i, byte in enumerate(others)}
    assert set(found) == set(library.pre_tokenizers.ByteLevel.alphabet()), "ByteLevel's alphabet is another"
    return found


def _sentencepiece_like(described: Mapping[str, Any]) -> Prefix:
    """Returns when a space is put before a text, for a model whose tokens use U+2581 for spaces."""
    if not described["model"].get("byte_fallback"):
        raise UnknownModelError("a model of characters without byte fallback")
    normalisers = _steps(described["normalizer"], "normalizers")
    before = _steps(described["pre_tokenizer"], "pretokenizers")
    prefix: Prefix = "never"
    if normalisers and normalisers[0] == {"type": "Prepend", "prepend": SPACE}:
        prefix = "always"
        normalisers = normalisers[1:]
    replace = {"type": "Replace", "pattern": {"String": " "}, "content": SPACE}
    if normalisers == [replace] and (not before or _splits_at_spaces(before)):
        return prefix
    if not normalisers and len(before) == 1 and before[0]["type"] == "Metaspace" and prefix == "never":
        return _metaspace(before[0])
    names = [step["type"] for step in (*normalisers, *before)]
    raise UnknownModelError(f"a model of characters after {' and '.join(names) or 'no step'}")


def _splits_at_spaces(steps: list[Mapping[str, Any]]) -> bool:
    """Whether the only step is a split at spaces, which has no effect, since no spaces are left then."""
    return len(steps) == 1 and steps[0]["type"] == "Split" and steps[0]["pattern"] == {"String": " "}


def _metaspace(step: Mapping[str, Any]) -> Prefix:
    if step.get("replacement") != SPACE or step.get("split", True):
        raise UnknownModelError("the pre-tokenizer Metaspace, which splits at spaces")
    schemes: dict[str, Prefix] = {"first": "unless_space", "always": "unless_space", "never": "never"}
    scheme = step.get("prepend_scheme", "always" if step.get("add_prefix_space", True) else "never")
    return schemes[scheme]


def _characters(vocab: Mapping[str, int]) -> tuple[list[bytes], Symbols]:
    texts = [b""] * (max(vocab.values()) + 1)
    single = {}
    for token, identity in vocab.items():
        text = token.replace(SPACE, " ")
        if " " in token:
            continue  # spaces were replaced before, so no text has one here
        texts[identity] = text.encode()
        if len(text) == 1:
            single[text] = identity
    names = [f"<0x{byte:02X}>" for byte in range(256)]
    if any(name not in vocab for name in names):
        raise UnknownModelError("byte fallback without some of the bytes")
    return texts, Symbols(np.array([vocab[name] for name in names], np.int32), characters(single))


def _added(tokens: Mapping[int, Any], *, normalises: bool, spells_spaces: bool) -> Added:
    """Returns the trie of the added tokens that are found in texts. Special ones are not found: see HuggingFace."""
    usual = {token.content: token for token in tokens.values() if not token.special}
    if any(token.lstrip or token.rstrip or token.single_word for token in usual.values()):
        raise UnknownModelError("added tokens that depend on what stands beside them")
    kinds = {token.normalized for token in usual.values()}
    if len(kinds) > 1:
        raise UnknownModelError("added tokens of which only some are found in normalised text")
    if normalises and True in kinds:
        raise UnknownModelError("added tokens that are found in normalised text")
    by_text = {}
    for identity, token in tokens.items():
        if token.content and token.normalized in kinds and not (spells_spaces and SPACE in token.content):
            by_text[token.content.encode()] = IN_TEXT if token.special else identity
    return added(by_text)


def _merges(model: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """Returns the ids of the left part, the right part and the result of each merge."""
    vocab = model["vocab"]
    pairs = [merge.split(" ") if isinstance(merge, str) else merge for merge in model["merges"]]
    try:
        table = [(vocab[left], vocab[right], vocab[left + right]) for left, right in pairs]
    except (KeyError, ValueError) as error:
        raise UnknownModelError("merges of tokens that are not in the vocabulary") from error
    left, right, result = np.array(table, np.int64).reshape(-1, 3).T.copy()
    return left, right, result
