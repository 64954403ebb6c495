"""The readers by the source kind that a configuration names."""

import importlib
from collections.abc import Iterator

from massivetext.pipeline.read.record import Found, Input, Reader

_MODULES = {
    "web": "web",
    "text": "text",
    "books": "books",
    "news": "news",
    "code": "code.repository",
    "wikipedia": "wikipedia.dump",
}
KINDS = tuple(_MODULES)


def _reader(kind: str) -> Reader:
    def read(source: Input) -> Iterator[Found]:
        # Imported when first used: a run that reads no web pages need not load an HTML parser.
        reader: Reader = importlib.import_module(f"massivetext.pipeline.read.{_MODULES[kind]}").read
        return reader(source)

    return read


def is_divisible(kind: str, head: bytes) -> bool:
    """Whether a file of this kind that begins with `head` can be read in spans (`record.Span`)."""
    if kind not in ("text", "news"):
        return False
    from massivetext.pipeline.read.text import is_divisible

    return is_divisible(head)


READERS: dict[str, Reader] = {kind: _reader(kind) for kind in KINDS}
