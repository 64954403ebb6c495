"""Text from documents, made fit for a terminal, which it must not steer."""

_STEERING = (
    *range(32),
    *range(127, 160),
    *range(0x200E, 0x2010),  # marks of direction
    *range(0x2028, 0x202F),  # line ends; embeddings and overrides of direction
    *range(0x2066, 0x206A),  # isolates of direction
    0x061C,  # a mark of direction
)
_SHOWN = {code: "\ufffd" for code in _STEERING if chr(code) not in "\n\t"}


def clean(text: str) -> str:
    """The text with a replacement character for every control character, and for those that change its direction."""
    return text.translate(_SHOWN)
