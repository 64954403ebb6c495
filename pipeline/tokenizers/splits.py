"""What a byte-level tokenizer trained here is made of: a model's way to split text, and special tokens."""

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
"""What the pre-tokenizer ByteLevel splits by, unless told not to: a number is one pre-token."""

_LINES = r"\s*[\r\n]+|\s+(?!\S)|\s+"
_SUFFIXES = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_NOT_LETTER = r"[^\r\n\p{L}\p{N}]?"
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_DIGITS = r"\p{N}{1,3}"

CL100K = rf"{_SUFFIXES}|{_NOT_LETTER}\p{{L}}+|{_DIGITS}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{_LINES}"
"""Of GPT-4 and Llama 3; Qwen's takes digits one by one."""

O200K = (
    rf"{_NOT_LETTER}{_UPPER}*{_LOWER}+{_SUFFIXES}?|{_NOT_LETTER}{_UPPER}+{_LOWER}*{_SUFFIXES}?|{_DIGITS}"
    rf"| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{_LINES}"
)
"""Of GPT-4o and gpt-oss: words in capitals are pre-tokens of their own, and marks belong to words."""

SPECIAL = {"bos": "<|begin_of_text|>", "eos": "<|end_of_text|>", "pad": "<|pad|>"}
"""The special tokens of every byte-level tokenizer trained here: the first three ids. The 256 bytes follow."""

SPLITS: dict[str, tuple[str, int]] = {
    "gpt4": (CL100K, 3),
    "gpt4o": (O200K, 3),
    "llama3": (CL100K, 3),
    "qwen3": (CL100K, 1),
}
"""The expression, and how many digits are a pre-token at most, by the name of a model."""


def expression(split: str, digits: int | None) -> str:
    """A model's expression with so many digits in a pre-token, None: as many as the model takes."""
    source, usual = SPLITS[split]
    return source.replace(_DIGITS, r"\p{N}") if (digits or usual) == 1 else source
