"""Code: reads archives of repositories (tar, compressed or not, and zip), with a document for each source file.

Offset: that of the member's header, in the decompressed tar or in the zip file. Title: the path in the archive. Text:
for a notebook, the source of its cells. Licence: that of the file's leading comment, else that of the licence files or
metadata in the nearest enclosing folder; LicenseRef-unknown if it was not understood, null if none is stated. Files
that are not source code (see `pipeline.read.code.source_file`), binary files, licence files and metadata are Skipped.
Archives in archives are not opened.

Licence files may come after the code, so the archive is read twice. A stream that cannot seek is first copied to a
temporary file, without decompression.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath

from massivetext.filters.licence.licence import UNKNOWN, identify, identify_header, join
from massivetext.filters.licence.licence_metadata import METADATA, declared
from massivetext.pipeline.read.code import notebook, source_file
from massivetext.pipeline.read.formats.archive import Member, members, seekable
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped

LICENCE_FILE = re.compile(
    r"(?:(?:mit|bsd|apache|isc|gpl|lgpl|artistic)[-_.])?(?:un)?licen[sc]e(?:[-_.].*)?|copying(?:[-_.].*)?"
)
NOTICE_FILE = re.compile(r"(?:notice|copyright)(?:[-_.](?:txt|md|rst))?")
DOCUMENTATION = ("doc", "docs")  # their pages on licences are prose
STATED_LIMIT = 1 << 20  # bytes of a licence or metadata file
FOLDERS_LIMIT = (
    100_000  # the most folders with licence files or metadata; in an archive with more, no licence is found
)


def read(source: Input) -> Iterator[Found]:
    """Yields the source files of an archive, in its order."""
    licences = Licences()
    with seekable(source.stream) as stream:
        for member in members(stream, source.limits):
            if isinstance(member, Member):
                licences.add(member)
        for member in members(stream, source.limits):
            yield _document(member, licences) if isinstance(member, Member) else member


def _document(member: Member, licences: "Licences") -> Found:
    kind = (_kind(member.name) and "licence file or metadata") or source_file.no_source(member.name)
    if kind and (kind != source_file.NOT_NAMED or "." in PurePosixPath(member.name).name):
        return Skipped(kind, member.size)
    content = member.read()
    if isinstance(content, Failure):
        return content
    if kind and not source_file.is_script(member.name, content):
        return Skipped(kind, member.size)
    decoded = source_file.decode(content)
    if not decoded or not decoded.text:
        return Skipped("empty" if decoded else "binary", member.size)
    text = decoded.text
    if member.name.lower().endswith(notebook.SUFFIX):
        try:
            text = notebook.source(text)
        except notebook.NotebookError as error:
            return Failure(member.offset, f"{member.name}: {error}", member.size)
        if not text:
            return Skipped("empty", member.size)
    comment = source_file.leading_comment(text)
    if kind := source_file.not_written(member.name, text, comment):
        return Skipped(kind, member.size)
    licence = _header(comment) or licences.of(member.name)
    return Record(member.offset, text, None, member.name, licence, decoded.charset, decoded.origin)


_header = lru_cache(maxsize=256)(identify_header)  # the files of a repository begin with the same comment


def _kind(path: str) -> str | None:
    """Returns how a file states the licence of its folder: a key of METADATA, `licence`, `notice`, or None."""
    name = PurePosixPath(path.lower())
    for key in (name.name, "/".join(name.parts[-2:])):
        if key in METADATA:
            return key
    if name.suffix[1:] in source_file.SUFFIXES:
        return None
    if LICENCE_FILE.fullmatch(name.name) and name.parent.name not in DOCUMENTATION:
        return "licence"
    return "notice" if NOTICE_FILE.fullmatch(name.name) else None


class Licences:
    """The licences that licence files and metadata state for the folders of an archive."""

    def __init__(self) -> None:
        self._stated: dict[str, dict[str, set[str]]] = {}  # folder, kind, expressions
        self._full = False

    def add(self, member: Member) -> None:
        """Reads a licence or metadata file. Other members are not read."""
        kind = _kind(member.name)
        if kind is None or source_file.is_vendored(member.name):
            return
        folder = PurePosixPath(member.name).parents[kind.count("/")]
        self._full |= len(self._stated) >= FOLDERS_LIMIT
        if self._full:
            return
        content = member.read() if member.size <= STATED_LIMIT else b""
        decoded = source_file.decode(content) if isinstance(content, bytes) else None
        text = decoded and decoded.text
        licence = _state(kind, text)
        if licence:
            self._note(folder, kind if kind in ("licence", "notice") else "metadata", licence)
        if licence == UNKNOWN and kind == "licence" and text and (part := identify_header(text)):
            self._note(folder, "part", part)

    def _note(self, folder: PurePosixPath, heading: str, licence: str) -> None:
        self._stated.setdefault(str(folder), {}).setdefault(heading, set()).add(licence)

    def of(self, path: str) -> str | None:
        """Returns the licence of the nearest enclosing folder that states one; None if no folder does.

        In a folder, licence files come before metadata. If there are several, metadata say how they combine; else all
        of them apply. If a file is not wholly understood, the licences found in it count if the metadata name one of
        them.
        """
        if self._full:
            return UNKNOWN
        for folder in PurePosixPath(path).parents:
            if not (stated := self._stated.get(str(folder))):
                continue
            metadata = join(stated.get("metadata", set()))
            licences = stated.get("licence", set())
            if metadata and UNKNOWN not in metadata:
                if len(licences) > 1:
                    return metadata
                for part in sorted(stated.get("part", set())):
                    if metadata in part.split(" AND "):
                        return part
            return join(licences) or metadata or join(stated.get("notice", set()))
        return None


def _state(kind: str, text: str | None) -> str | None:
    if text is None:
        return UNKNOWN
    if kind == "notice":  # most hold only copyright lines
        return identify(text)
    return identify(text) or UNKNOWN if kind == "licence" else declared(kind, text)
