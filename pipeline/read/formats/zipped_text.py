"""Zip archives of texts, as Project Gutenberg's mirrors hold them: a book in one file or in several parts."""

import re
import zipfile
from collections.abc import Iterator

from massivetext.pipeline.read.formats.archive import CorruptError, read_zip_member
from massivetext.pipeline.read.record import Failure
from massivetext.pipeline.read.settings import Limits

PAGES = (".html", ".htm", ".xhtml")
KINDS = ((".txt",), (".xml", ".tei"), PAGES)  # an archive of several kinds holds one book in each
DIGITS = re.compile(r"(\d+)")
NO_TEXT = ("__MACOSX/",)


def texts(archive: zipfile.ZipFile, limits: Limits) -> Iterator[tuple[str, bytes | Failure]]:
    """The name and the content of each text, in the order of their names; of the first kind that the archive holds.

    Raises CorruptError where it holds none, or more than `limits.record_bytes` of it.
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
    """So that part 2 stands before part 10."""
    return [(int(part) if part.isdecimal() and len(part) < 19 else 0, part) for part in DIGITS.split(name)]
