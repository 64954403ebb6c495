"""Reads zip archives of texts, as on Project Gutenberg's mirrors: a book in one file or in several parts."""

import re
import zipfile
from collections.abc import Iterator

from massivetext.pipeline.read.formats.archive import CorruptError, read_zip_member
from massivetext.pipeline.read.record import Failure
from massivetext.pipeline.read.settings import Limits

PAGES = (".html", ".htm", ".xhtml")
KINDS = (
    (".txt",),
    (".xml", ".tei"),
    PAGES,
)  # in an archive with several kinds of files, each kind is the whole book
DIGITS = re.compile(r"(\d+)")
NO_TEXT = ("__MACOSX/",)


def texts(archive: zipfile.ZipFile, limits: Limits) -> Iterator[tuple[str, bytes | Failure]]:
    """Returns the name and content of each text of the first kind that the archive holds, in the order of names.

    Raises CorruptError if it holds no text, or more than `limits.record_bytes` of it.
    """
    infos = [info for info in archive.infolist() if not info.filename.startswith(NO_TEXT)]
    kinds = ([info for info in infos if info.filename.lower().endswith(kind)] for kind in KINDS)
    found = next(filter(None, kinds), None)
    if found is None:
        raise CorruptError("the zip archive is no EPUB (it has no META-INF/container.xml), and holds no text")
    size = sum(info.file_size for info in found)
    if size > limits.record_bytes:
        raise CorruptError(f"the texts of the zip archive take {size} bytes, over {limits.record_bytes}")
    for info in sorted(found, key=lambda info: _order(info.filename)):
        yield info.filename, read_zip_member(archive, info, limits)


def _order(name: str) -> list[tuple[int, str]]:
    """A sort key with which part 2 comes before part 10."""
    return [(int(part) if part.isdecimal() and len(part) < 19 else 0, part) for part in DIGITS.split(name)]
