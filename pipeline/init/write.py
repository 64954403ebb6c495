"""Writes the configuration of `massivetext init FOLDER`: YAML with comments, which passes `massivetext check`."""

import os
import re
from collections.abc import Iterator, Sequence

import yaml

from massivetext.pipeline.init.guess import Guess, Unread
from massivetext.pipeline.read.settings import COLUMNS

BYTES_A_TOKEN = (
    100  # bytes of input for a token of the first mix: so many that no source is repeated too often
)
HEAD = """\
# Made by `massivetext init` from the files in {root}. Look it over, then:
#
#     massivetext check {path}
#     massivetext run {path} --output OUT --sample 1%     # a first look
#     massivetext run {path} --output OUT
#
# Every key: docs/configuration.md. Paths are relative to this file.
"""
TAIL = """
# Other languages are removed; [en, de] keeps two, {{sources: []}} removes none. Where quality or repetition judges more
# than English, let the run find limits for the others: quality: {{languages: {{other: auto}}}}, repetition too.
language: {{keep: [en]}}
quality: {{sources: [{web}]}} # Gopher's rules, which were made for web pages
repetition: {{sources: [{web}]}}
# decontaminate: {{test_sets: {{NAME: FILE}}}} # test sets to keep out of the data

mix:
  tokens: {tokens:g} # how many the training needs; no source is repeated more than `max_epochs` times
"""


def configuration(found: Sequence[Guess | Unread], root: str, path: str) -> str:
    """Returns the text of a configuration with these sources. Its globs are relative to the folder of `path`."""
    guesses = [each for each in found if isinstance(each, Guess)]
    names = _names(guesses)
    prefix = _prefix(root, path)
    lines = [HEAD.format(root=_plain(root), path=_plain(path)), "sources:"]
    for name, each in zip(names, guesses, strict=True):
        lines += _source(name, each, prefix)
    lines += [
        f"  # not read: {_plain(each.path)} ({each.count:,} files): {each.format}"
        for each in found
        if isinstance(each, Unread)
    ]
    web = ", ".join(name for name, each in zip(names, guesses, strict=True) if each.kind == "web")
    tokens = max(sum(each.bytes for each in guesses) // BYTES_A_TOKEN, 1000)
    return "\n".join(lines) + "\n" + TAIL.format(web=web, tokens=float(f"{tokens:.1g}"))


def _source(name: str, each: Guess, prefix: str) -> Iterator[str]:
    paths = ", ".join(_quoted(f"{prefix}{path}") for path in each.paths)
    yield f"  {name}: # {each.count:,} files, {each.bytes:,} bytes: {', '.join(each.formats)}"
    yield f"    kind: {each.kind}"
    yield f"    paths: [{paths}]"
    if each.text != COLUMNS.text:
        yield f"    columns: {{text: {_quoted(each.text)}}}"
    yield "    weight: 1 # its share of the mix, relative to the other weights"


def _names(guesses: Sequence[Guess]) -> list[str]:
    """Names each source after its folder; adds its kind, or else a number, if the name is taken."""
    taken: list[str] = []
    for each in guesses:
        name = re.sub(r"[^a-z0-9_-]+", "-", each.folder.lower()).strip("-_") or each.kind
        choices = [
            name,
            f"{name}-{each.kind}",
            *(f"{name}-{number}" for number in range(2, len(guesses) + 2)),
        ]
        taken.append(next(choice for choice in choices if choice not in taken))
    return taken


def _prefix(root: str, path: str) -> str:
    """Returns the path from the configuration's folder to the files; an absolute one if they are not inside it."""
    here = os.path.dirname(os.path.abspath(path))
    relative = os.path.relpath(root, here)
    inside = os.path.abspath(root) if relative.startswith("..") else relative
    return "" if inside == "." else f"{inside}/"


def _quoted(text: str) -> str:
    written: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf"))
    return written.strip()


def _plain(text: str) -> str:
    """Returns a path without line breaks, for a comment."""
    return text.replace("\n", " ").replace("\r", " ")
