"""Guesses the sources in a folder from the first bytes of some of its files."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from massivetext.pipeline.read.first_records import first_records
from massivetext.pipeline.read.formats import readers, recognise
from massivetext.pipeline.read.formats.recognise import COMPRESSED, Format
from massivetext.pipeline.read.settings import COLUMNS, LIMITS, Columns
from massivetext.pipeline.storage import files
from massivetext.pipeline.storage.origin import Origin

LOOKED_AT = 3  # files that are looked at, of each ending in a folder
TEXT_FIELDS = (
    "text",
    "content",
    "body",
    "raw_content",
    "document",
    "article",
    "story",
    "markdown",
    "page",
    "code",
)
SIGNS: Mapping[str, Sequence[str]] = {
    "news": ("news", "article", "press"),
    "code": ("code", "repo", "stack", "source", "github"),
    "books": ("book", "gutenberg", "novel", "epub"),
}
"""Parts of folders' names that suggest a kind, for kinds that read the same formats as others."""
NO_DATA = ("massivetext.yaml", "readme", "license", "licence", ".md5", ".sha256")


@dataclass(frozen=True)
class Guess:
    """A source: its folder (below the one that was searched), its kind, its globs, and what was found there."""

    folder: str
    kind: str
    paths: tuple[str, ...]
    formats: tuple[str, ...]
    count: int
    bytes: int
    text: str = COLUMNS.text  # the field that holds the text


@dataclass(frozen=True)
class Unread:
    """Files that no kind of source reads."""

    path: str
    format: str
    count: int


def guess(root: str) -> list[Guess | Unread]:
    """Returns the sources in a folder, one for each kind in each subfolder, and the files that no kind reads."""
    found: dict[tuple[str, str, str], list[tuple[str, Format, int, int]]] = defaultdict(list)
    unread: list[Guess | Unread] = []
    for (folder, ending), members in _groups(root).items():
        form = _format(members)
        pattern = f"{folder}/**/*{ending}" if folder else f"*{ending}"
        if form is recognise.EMPTY:
            unread.append(Unread(pattern, "empty", len(members)))
        elif not (kind := _kind(form, folder)):
            unread.append(Unread(pattern, form.name, len(members)))
        else:
            text = _text_field(kind, form, members)
            if text is None:
                unread.append(Unread(pattern, f"{form.name} without a field for the text", len(members)))
            else:
                size = sum(member.bytes for member in members)
                found[folder, kind, text].append((pattern, form, len(members), size))
    return [*(_joined(*key, parts) for key, parts in found.items()), *unread]


def _joined(folder: str, kind: str, text: str, parts: list[tuple[str, Format, int, int]]) -> Guess:
    patterns, forms, counts, sizes = zip(*parts, strict=True)
    names = tuple(dict.fromkeys(form.name for form in forms))
    return Guess(folder, kind, patterns, names, sum(counts), sum(sizes), text)


def _groups(root: str) -> dict[tuple[str, str], list[Origin]]:
    """Groups the files by their folder directly below the root and their ending, such as `.jsonl.gz`."""
    found: dict[tuple[str, str], list[Origin]] = defaultdict(list)
    for path, size in files.match(f"{root}/**/*"):
        name = PurePosixPath(path).relative_to(root)
        if not any(
            name.name.lower().startswith(sign) or name.name.lower().endswith(sign) for sign in NO_DATA
        ):
            folder = name.parts[0] if len(name.parts) > 1 else ""
            found[folder, _ending(name.name)].append(Origin(str(name), path, size))
    return found


def _ending(name: str) -> str:
    """Returns the suffix of a name, with that of its compression (`.jsonl.gz`); the whole name if it has none."""
    stem, compressed = name, ""
    for ending in COMPRESSED:
        if stem.lower().endswith(ending):
            stem, compressed = stem[: -len(ending)], stem[-len(ending) :] + compressed
    _, dot, suffix = stem.rpartition(".")
    return f".{suffix}{compressed}" if dot else compressed or name


def _format(members: Sequence[Origin]) -> Format:
    """Returns the format of most of the files that are looked at."""
    counted: Counter[Format] = Counter()
    for member in _some(members):
        with files.open_read(member.path) as stream:
            counted[recognise.recognise(stream, member.name)] += 1
    return counted.most_common(1)[0][0]


def _some(members: Sequence[Origin]) -> Iterator[Origin]:
    full = [member for member in members if member.bytes] or members
    yield from dict.fromkeys(full[index] for index in (0, len(full) // 2, len(full) - 1))


def _kind(form: Format, folder: str) -> str | None:
    """Returns a kind that reads a format: the one that the folder's name suggests, else the first. None: none does."""
    named = (kind for kind, signs in SIGNS.items() if any(sign in folder.lower() for sign in signs))
    return next((kind for kind in named if kind in form.kinds), next(iter(form.kinds), None))


def _text_field(kind: str, form: Format, members: Sequence[Origin]) -> str | None:
    """Returns the field of a table that holds the text, or None if no field has one of the usual names."""
    if form not in readers.TABLES or kind == "code":
        return COLUMNS.text
    member = next(_some(members))
    for name in TEXT_FIELDS:
        columns: Columns = replace(COLUMNS, text=name)
        if first_records(kind, [member], LIMITS, columns).records:
            return name
    return None
