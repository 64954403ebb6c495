"""Lexicons: files of terms and patterns, one a line, by which a group's writing is recognised.

A line is a term, which matches whole words and ignores case, or an RE2 pattern between slashes. Blank lines and lines
that start with `#` are ignored.
"""

import re
from collections.abc import Iterator
from importlib.resources import files as resources
from itertools import takewhile

from massivetext.filters.features import wrong
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.storage import files

BUNDLED = "bundled:"
"""How the paths of lexicons start that come with this package, as in `bundled:african_american_english`."""

_SIGNS = re.compile(r"[\\^$*+?{}\[\]|()]")
_EDGES = r"(?:^|[^\pL\pN_])", r"(?:[^\pL\pN_]|$)"  # edges of words beyond ASCII, which RE2's \b does not know


def bundled() -> list[str]:
    """The names of the lexicons that come with this package."""
    folder = resources(__package__).joinpath("lexicons")
    return sorted(entry.name[:-4] for entry in folder.iterdir() if entry.name.endswith(".txt"))


def read(path: str) -> tuple[str, ...]:
    """The patterns of a lexicon. Raises a ConfigError that names the line and says what is wrong with it."""
    try:
        text = files.read_bytes(_place(path)).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"lexicon {path}: cannot be read: {error}") from error
    patterns = tuple(_patterns(path, text))
    if not patterns:
        raise ConfigError(f"lexicon {path}: holds no term: expected a term or a /pattern/ on each line")
    return patterns


def about(path: str) -> tuple[str, ...]:
    """The description in a bundled lexicon, in paragraphs: where its features are from, and what it leaves out."""
    lines = files.read_bytes(_place(path)).decode().splitlines()
    head = takewhile(lambda line: line.startswith("#"), lines)
    paragraphs = "\n".join(line.removeprefix("#").strip() for line in head).split("\n\n")
    return tuple(" ".join(paragraph.split()) for paragraph in paragraphs)


def _place(path: str) -> str:
    if not path.startswith(BUNDLED):
        return path
    name = path.removeprefix(BUNDLED)
    if name not in bundled():
        raise ConfigError(f"no lexicon `{name}` is bundled; there are {', '.join(bundled())}")
    return str(resources(__package__).joinpath("lexicons", f"{name}.txt"))


def _patterns(path: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
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


def term(words: str) -> str:
    """The pattern of a term. A space matches any white space, and an apostrophe matches either form of it."""
    inner = r"\s+".join(re.sub("['’]", "['’]", re.escape(word)) for word in words.split())
    first, last = (
        r"\b" if sign.isascii() and (sign.isalnum() or sign == "_") else edge
        for sign, edge in zip((words[0], words[-1]), _EDGES, strict=True)
    )
    return first + inner + last
