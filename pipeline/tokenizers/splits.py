"""The parts of a byte-level tokenizer that is trained here: expressions that split text, and special tokens."""

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
"""The default expression of the pre-tokenizer ByteLevel: a number is one pre-token."""

_LINES = r"\s*[\r\n]+|\s+(?!\S)|\s+"
_SUFFIXES = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_NOT_LETTER = r"[^\r\n\p{L}\p{N}]?"
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_DIGITS = r"\p{N}{1,3}"

CL100K = rf"{_SUFFIXES}|{_NOT_LETTER}\p{{L}}+|{_DIGITS}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{_LINES}"
"""The expression of GPT-4 and Llama 3. Qwen's splits numbers into single digits."""

O200K = (
    rf"{_NOT_LETTER}{_UPPER}*{_LOWER}+{_SUFFIXES}?|{_NOT_LETTER}{_UPPER}+{_LOWER}*{_SUFFIXES}?|{_DIGITS}"
    rf"| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{_LINES}"
)
"""The expression of GPT-4o and gpt-oss: words in capitals are separate pre-tokens, and marks belong to words."""

SPECIAL = {"bos": "<|begin_of_text|>", "eos": "<|end_of_text|>", "pad": "<|pad|>"}
"""The special tokens of every byte-level tokenizer that is trained here, with the first three ids. The 256 bytes
follow."""

SPLITS: dict[str, tuple[str, int]] = {
    "gpt4": (CL100K, 3),
    "gpt4o": (O200K, 3),
    "llama3": (CL100K, 3),
    "qwen3": (CL100K, 1),
}
"""The expression of each model, and the most digits of a pre-token, by the model's name."""


def expression(split: str, digits: int | None) -> str:
    """Returns a model's expression with at most `digits` digits in a pre-token; None: as many as the model has."""
    source, usual = SPLITS[split]
    return source.replace(_DIGITS, r"\p{N}") if (digits or usual) == 1 else source
