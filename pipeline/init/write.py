"""The configuration that `massivetext init FOLDER` writes: YAML with comments, which `massivetext check` accepts."""

import os
import re
from collections.abc import Iterator, Sequence

import yaml

from massivetext.pipeline.init.guess import Guess, Unread
from massivetext.pipeline.read.settings import COLUMNS

BYTES_A_TOKEN = 100  # of input as it lies: so few that a first mix never repeats a source too often
HEAD = """\
# Made by `massivetext init` from what lies in {root}. Look it over, then:
#
#     massivetext check {path}
#     massivetext run {path} --output OUT --sample 1%     # a first look
#     massivetext run {path} --output OUT
#
# Every key: docs/configuration.md. Paths are relative to this file.
"""
TAIL = """
language: {{keep: [en]}} # documents in other languages go; [en, de] keeps two, {{sources: []}} judges none
quality: {{sources: [{web}]}} # Gopher's rules, which are made for web pages
repetition: {{sources: [{web}]}}
# decontaminate: {{test_sets: {{NAME: FILE}}}} # test sets to be kept out of the data

mix:
  tokens: {tokens:g} # what the training needs; a source is repeated at most `max_epochs` times
"""


def configuration(found: Sequence[Guess | Unread], root: str, path: str) -> str:
    """The text of a configuration with these sources, to be written to `path`."""
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
    yield "    weight: 1 # its share of the mix, against the others' weights"


def _names(guesses: Sequence[Guess]) -> list[str]:
    """A name for each source: its folder's, with its kind where several share that, else a number."""
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
    """What leads from the configuration's folder to the files; an absolute path where they lie elsewhere."""
    here = os.path.dirname(os.path.abspath(path))
    relative = os.path.relpath(root, here)
    inside = os.path.abspath(root) if relative.startswith("..") else relative
    return "" if inside == "." else f"{inside}/"


def _quoted(text: str) -> str:
    written: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf"))
    return written.strip()


def _plain(text: str) -> str:
    """A path for a comment, which must stay on its line."""
    return text.replace("\n", " ").replace("\r", " ")
