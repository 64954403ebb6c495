"""Lexicons: files of terms and patterns, one a line, by which a group's writing is recognised.

A line is a term, which matches whole words and ignores case, or an RE2 pattern between slashes. Blank lines and lines
that start with `#` are ignored. A line `languages: en pcm` names the languages that the lexicon is for: documents that
are surely in another one are not searched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from massivetext.filters.features import wrong
from massivetext.filters.language.language import is_language
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.stages.report.bundled import Bundle
from massivetext.pipeline.storage import files

LEXICONS = Bundle("lexicon", "lexicons", ".txt")

_SIGNS = re.compile(r"[\\^$*+?{}\[\]|()]")
_EDGES = r"(?:^|[^\pL\pN_])", r"(?:[^\pL\pN_]|$)"  # edges of words beyond ASCII, which RE2's \b does not know


_LANGUAGES = "languages:"


@dataclass(frozen=True)
class Lexicon:
    """The patterns of a file, and the languages that it is for; none if it is for any."""

    patterns: tuple[str, ...]
    languages: tuple[str, ...] = ()


def read(path: str) -> Lexicon:
    """Reads a lexicon. Raises a ConfigError that names the line and says what is wrong with it."""
    try:
        text = files.read_bytes(LEXICONS.place(path)).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"lexicon {path}: cannot be read: {error}") from error
    patterns = tuple(_patterns(path, text))
    if not patterns:
        raise ConfigError(f"lexicon {path}: holds no term: expected a term or a /pattern/ on each line")
    return Lexicon(patterns, tuple(_languages(path, text)))


def about(path: str) -> tuple[str, ...]:
    """The description in a bundled lexicon, in paragraphs: where its features are from, and what it leaves out."""
    lines = files.read_bytes(LEXICONS.place(path)).decode().splitlines()
    head = takewhile(lambda line: line.startswith("#"), lines)
    paragraphs = "\n".join(line.removeprefix("#").strip() for line in head).split("\n\n")
    return tuple(" ".join(paragraph.split()) for paragraph in paragraphs)


def _patterns(path: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.strip()
        if not entry or entry.startswith(("#", _LANGUAGES)):
            continue
        where = f"lexicon {path}, line {number}: {entry}"
        if len(entry) > 1 and entry.startswith("/") and entry.endswith("/"):
            if error := wrong(entry[1:-1]):
                raise ConfigError(f"{where}: not a pattern: {error}")
            yield entry[1:-1]
        elif _SIGNS.search(entry):
            raise ConfigError(f"{where}: a term holds no signs of a pattern; write a pattern as /{entry}/")
        else:
            yield term(entry)


def _languages(path: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(_LANGUAGES):
            for name in line.removeprefix(_LANGUAGES).replace(",", " ").split():
                if not is_language(name):
                    raise ConfigError(
                        f"lexicon {path}, line {number}: `{name}` is not the code of a language"
                    )
                yield name


def term(words: str) -> str:
    """The pattern of a term. A space matches any white space, and an apostrophe matches either form of it."""
    inner = r"\s+".join(re.sub("['’]", "['’]", re.escape(word)) for word in words.split())
    first, last = (
        r"\b" if sign.isascii() and (sign.isalnum() or sign == "_") else edge
        for sign, edge in zip((words[0], words[-1]), _EDGES, strict=True)
    )
    return first + inner + last
