"""Papers as LaTeX: a file, an archive of one paper's files, or an archive of such archives, as arXiv has them.

Offset: 0, or that of the paper's archive in the outer one. Title: as the paper states it. Files that `\\input` names
are put in their place. A paper for which the archive has only a PDF is Skipped.
"""

import io
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from massivetext.pipeline.read.formats import recognise
from massivetext.pipeline.read.formats.archive import Member, members, seekable
from massivetext.pipeline.read.formats.charset import decode_text
from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.read.formats.whole_text import whole
from massivetext.pipeline.read.latex.clean import clean, without_comments
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped
from massivetext.pipeline.read.settings import Limits

MAIN = re.compile(r"\\document(?:class|style)\b")
INPUT = re.compile(r"\\(?:input|include|subfile)\s*\{?\s*([\w./-]+)\s*\}?")
SUFFIXES = (".tex", ".ltx", ".latex")
PACKED = (".gz", ".tgz", ".tar")
PDF_ALONE = "paper as PDF alone"
DEEPEST = 8  # files that include each other


def read(source: Input) -> Iterator[Found]:
    """Yields the papers of a file."""
    with seekable(source.stream) as stream:
        found = recognise.recognise(stream, source.name, source.limits)
        if found in (recognise.LATEX, recognise.TEXT):
            yield _single(Decompressed(stream, source.limits), 0, source.limits)
        elif found is recognise.TAR:
            yield from _archive(source.name, members(stream, source.limits), source.limits)
        elif found is not recognise.EMPTY:
            yield Failure(0, recognise.refusal(found, "latex", "LaTeX files, and archives of them"))


def _single(stream: Decompressed, offset: int, limits: Limits) -> Found:
    try:
        content = whole(stream, limits.record_bytes)
    except BrokenError as error:
        return Failure(offset, str(error))
    if content is None:
        return Failure(
            offset, f"the source takes more than {limits.record_bytes} bytes (limits.record_bytes)"
        )
    return _paper({"main.tex": content}, offset)


def _archive(name: str, found: Iterator[Member | Failure | Skipped], limits: Limits) -> Iterator[Found]:
    """Yields the papers of an archive: each packed member is one, and all other files together are one."""
    files: dict[str, bytes] = {}
    size = 0
    for member in found:
        if not isinstance(member, Member):
            yield member
            continue
        suffix = PurePosixPath(member.name.lower()).suffix
        if suffix == ".pdf" and PurePosixPath(member.name).parent.name.isdecimal():
            yield Skipped(PDF_ALONE, member.size)
        elif suffix in PACKED or suffix in SUFFIXES:
            content = member.read()
            if isinstance(content, Failure):
                yield content
            elif suffix in PACKED:
                yield from _packed(member, content, limits)
            elif (size := size + len(content)) <= limits.record_bytes:
                files[member.name] = content
    if size > limits.record_bytes:
        yield Failure(0, f"{name}: the paper's files take more than {limits.record_bytes} bytes", size)
    elif files:
        yield _paper(files, 0)


def _packed(member: Member, content: bytes, limits: Limits) -> Iterator[Found]:
    """Returns the paper of a member that is an archive or a single compressed file."""
    stream = io.BytesIO(content)
    found = recognise.recognise(stream, member.name, limits)
    if found is recognise.TAR:
        inner = _archive(member.name, members(stream, limits), limits)
        papers = [each._replace(offset=member.offset) for each in inner if isinstance(each, Record | Failure)]
        yield papers[-1] if papers else Skipped("archive without LaTeX", member.size)
    elif found in (recognise.LATEX, recognise.TEXT):
        yield _single(Decompressed(stream, limits), member.offset, limits)
    else:
        yield Skipped(f"not LaTeX, but {found.name}", member.size)


def _paper(files: dict[str, bytes], offset: int) -> Record | Failure:
    """Returns the paper of some files. The main file is the longest one that declares a document class."""
    texts = {name: decode_text(content) for name, content in files.items()}
    plain = {name: without_comments(decoded.text) for name, decoded in texts.items()}
    main = max(plain, key=lambda name: (MAIN.search(plain[name]) is not None, len(plain[name])))
    paper = clean(_whole(main, plain, DEEPEST))
    size = sum(map(len, files.values()))
    if not paper.text:
        return Failure(offset, f"{main}: no text between \\begin{{document}} and \\end{{document}}", size)
    charset = texts[main]
    return Record(
        offset, paper.text, None, paper.title, charset=charset.charset, charset_origin=charset.origin
    )


def _whole(name: str, texts: dict[str, str], deep: int) -> str:
    """Returns a file with the files that it includes in their places."""

    def included(found: re.Match[str]) -> str:
        wanted = found[1].removeprefix("./").removesuffix(".tex")
        names = (each for each in texts if each.removesuffix(".tex").endswith(wanted) and each != name)
        other = next(names, None)
        return _whole(other, texts, deep - 1) if other and deep else ""

    return INPUT.sub(included, texts[name])
