"""Recognises the format of a file by its first bytes: formats that readers read, and common ones without text.

So a reader that does not read a file can say what the file is, and which kind of source reads it.
"""

import re
import zipfile
from codecs import BOM_UTF8
from typing import BinaryIO, NamedTuple

from massivetext.pipeline.read.formats import warc
from massivetext.pipeline.read.formats.archive import ZIP, CorruptError, open_zip
from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.read.formats.wide import encoding_of
from massivetext.pipeline.read.settings import LIMITS, Limits

HEAD = 1 << 16  # the decompressed bytes that decide the format


class Format(NamedTuple):
    """A file format: its name in messages, and the kinds of source that read it."""

    name: str
    kinds: tuple[str, ...] = ()


PARQUET = Format("a Parquet file", ("text", "news", "code"))
JSON_LINES = Format("JSON lines", ("text", "news", "code"))
JSON_VALUES = Format("JSON objects over several lines", ("text", "news", "code"))
CSV = Format("comma-separated values", ("text", "news", "code"))
TSV = Format("tab-separated values", ("text", "news", "code"))
TEXT = Format("plain text", ("text", "books"))
HTML = Format("an HTML page", ("books",))
PDF = Format("a PDF file", ("text", "books"))
DOCX = Format("a Word document (DOCX)", ("text", "books"))
ODT = Format("an OpenDocument text (ODT)", ("text", "books"))
EPUB = Format("an EPUB book", ("books",))
ARTICLE = Format("a JATS or TEI article", ("books",))
WARC = Format("a web archive (WARC or ARC)", ("web", "news"))
MEDIAWIKI = Format("a MediaWiki dump", ("wikipedia",))
STACKEXCHANGE = Format("a Stack Exchange table", ("stackexchange",))
LATEX = Format("LaTeX source", ("latex",))
ZIPPED = Format("a zip archive", ("code", "books"))
TAR = Format("a tar archive", ("code", "latex"))
CRAWL_INDEX = Format("an index of a crawl (`records` of the source says where its records lie)", ("web",))
XML = Format("an XML file")
JSON_OTHER = Format("JSON, but no objects")
EMPTY = Format("empty")
BINARY = Format("a binary file of a format that is not known here")

_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (rb"PAR1", PARQUET),
    (rb"[\s\0]{0,64}%PDF-", PDF),
    (rb"PARE", Format("an encrypted Parquet file (decrypt it)")),
    (rb"ARROW1|FEA1|\xff\xff\xff\xff..\0\0\x10\0\0\0", Format("an Arrow file (convert it to Parquet)")),
    (rb"ORC(?=.{0,200}[\0-\x08])", Format("an ORC file (convert it to Parquet)")),
    (
        rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18|BZh[1-9]1AY&SY|\xfd7zXZ\0",
        Format("compressed twice (decompress it once)"),
    ),
    (rb"\x78[\x01\x9c\xda]", Format("zlib data (compress it with gzip)")),
    (rb"Obj\x01", Format("an Avro file (convert it to Parquet)")),
    (rb"SQLite format 3\0", Format("an SQLite database (export its tables as CSV)")),
    (rb"\x89HDF\r\n", Format("an HDF5 file")),
    (rb"\x80[\2-\5]", Format("a Python pickle, which is not read, since to read one runs the code in it")),
    (rb"\xd0\xcf\x11\xe0", Format("an old Office document (save it as DOCX)")),
    (rb"\{\\rtf", Format("a Rich Text document (save it as DOCX)")),
    (rb"%!PS", Format("a PostScript file (convert it to PDF)")),
    (rb".{60}BOOKMOBI", Format("a Kindle book (convert it to EPUB)")),
    (rb"AT&TFORM", Format("a DjVu file")),
    (rb"Rar!", Format("a RAR archive (unpack it)")),
    (rb"7z\xbc\xaf", Format("a 7z archive (unpack it)")),
    (rb"\x89PNG", Format("a PNG image")),
    (rb"\xff\xd8\xff", Format("a JPEG image")),
    (rb"GIF8", Format("a GIF image")),
    (rb"(?:II\*\0|MM\0\*)", Format("a TIFF image")),
    (rb"RIFF....WEBP", Format("a WebP image")),
    (rb"RIFF....(?:WAVE|AVI )|ID3[\2-\4]|OggS\0|fLaC\0|\xff[\xfb\xf3\xf2]", Format("an audio or video file")),
    (rb"....ftyp|\x1aE\xdf\xa3", Format("a video file")),
    (rb"\x7fELF|MZ.{62,}PE\0\0|\xcf\xfa\xed\xfe", Format("a program")),
    (
        rb"version https://git-lfs",
        Format("a Git LFS pointer: the file itself was not fetched (git lfs pull)"),
    ),
    (rb".{257}ustar", TAR),
)
MAGIC = tuple((re.compile(pattern, re.DOTALL), form) for pattern, form in _MAGIC)
NO_TEXT = frozenset(form for _, form in MAGIC) - {PDF}
"""Formats of binary files, by beginnings that no text has."""
START = rb"\A(?:\xef\xbb\xbf)?[\s\x1e]*"  # RS begins each object of a JSON text sequence
OBJECT = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t\r]*\{\s*[\"}]", re.MULTILINE)
OBJECTS = re.compile(
    START + rb"(?:\[\s*\{|\{[ \t\r]*\n\s*\")"
)  # an array, or an object that goes on in the next line
FIRST_OBJECT = re.compile(START + rb"\{")
NAMED_VALUE = re.compile(START + rb"\[?\s*\{\s*\"[^\"\n]*\"\s*:")  # no prose begins so
OTHER_ARRAY = re.compile(START + rb"\[\s*(?:[\[\]\"\d-]|true|false|null)")
XML_START = re.compile(START + rb"<(?:[?!a-zA-Z])")
HTML_START = re.compile(
    START + rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|p|div|h[1-6]|table|center|font|pre|br|hr|ul|ol|main)\b",
    re.I | re.S,
)
XML_ROOTS = (
    (re.compile(rb"<mediawiki[\s>]"), MEDIAWIKI),
    (
        re.compile(rb"<(?:posts|comments|users|votes|tags|badges|posthistory|postlinks)>\s*<row\s"),
        STACKEXCHANGE,
    ),
    (re.compile(rb"<(?:article|TEI|TEI\.2|teiCorpus)[\s>]"), ARTICLE),
)
CDXJ_START = re.compile(rb"\S+ \d{14} \{")
LATEX_START = re.compile(rb"^\s*\\document(?:class|style)\b", re.MULTILINE)
CONTROL = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
MOST_CONTROL = 0.02  # of a text's bytes: old files hold a few
DELIMITED = {".csv": CSV, ".tsv": TSV, ".tab": TSV}
COMPRESSED = (".gz", ".bz2", ".xz", ".zst", ".lz4", ".zstd", ".gzip")


def recognise(stream: BinaryIO, name: str, limits: Limits = LIMITS) -> Format:
    """Returns the format of the file. Reads it from its start, and leaves the stream there.

    The bytes decide. The name decides only between prose and delimited values, which look alike.
    """
    stream.seek(0)
    zipped = stream.read(4) in ZIP
    stream.seek(0)
    found = _zip(stream) if zipped else _of_stream(stream, name, limits)
    stream.seek(0)
    return found


def of_head(head: bytes, name: str) -> Format:
    """Returns the format of a file (no zip archive) that begins with these bytes after decompression."""
    if not head.removeprefix(BOM_UTF8).strip():
        return EMPTY
    for pattern, form in MAGIC:
        if pattern.match(head):
            return form
    if wide := encoding_of(head):
        head = head.decode(wide, "replace").removeprefix("\ufeff").encode()
    if OBJECTS.match(head):
        return JSON_VALUES
    if FIRST_OBJECT.match(head):
        return JSON_LINES
    if delimited := DELIMITED.get(suffix(name)):
        return delimited
    if XML_START.match(head):
        if HTML_START.match(head):
            return HTML
        return next((form for pattern, form in XML_ROOTS if pattern.search(head)), XML)
    return _lines(head)


def _lines(head: bytes) -> Format:
    if CDXJ_START.match(head):
        return CRAWL_INDEX
    if LATEX_START.search(head):
        return LATEX
    if OBJECT.search(head):
        return JSON_LINES
    if warc.START.match(head) or warc.FOUND.search(head):
        return WARC
    if OTHER_ARRAY.match(head):
        return JSON_OTHER
    if len(CONTROL.findall(head)) > MOST_CONTROL * len(head):
        return BINARY
    return TEXT


def suffix(name: str) -> str:
    """Returns the last suffix of a file's name, lower-cased, without that of a compression."""
    stem = name.lower().rpartition("/")[2]
    for ending in COMPRESSED:
        stem = stem.removesuffix(ending)
    return "." + stem.rpartition(".")[2] if "." in stem else ""


def refusal(found: Format, kind: str, expected: str) -> str:
    """Says why a source of this kind does not read a file of that format, and which kind does."""
    reads = [each for each in found.kinds if each != kind]
    advice = f"; kind {' or '.join(reads)} reads it" if reads else ""
    return f"the file is {found.name}, and kind {kind} reads {expected}{advice}"


def _of_stream(stream: BinaryIO, name: str, limits: Limits) -> Format:
    """Returns the format by the first decompressed bytes; for a compressed file that cannot be read, the reason."""
    decompressed, head, broken = Decompressed(stream, limits), b"", ""
    while len(head) < HEAD:
        try:
            more = decompressed.read(HEAD - len(head))
        except BrokenError as error:
            broken = broken or str(error)
            if head:
                break
            continue
        if not more:
            break
        head += more
    return Format(f"a {broken}") if broken and not head else of_head(head, name)


def _zip(stream: BinaryIO) -> Format:
    """Returns the format of a zip archive: several formats are zip archives with certain members."""
    try:
        with open_zip(stream) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                return DOCX
            if "META-INF/container.xml" in names and not _is_opendocument(archive):
                return EPUB
            return ODT if "content.xml" in names and _is_opendocument(archive) else _other_zip(names)
    except CorruptError:
        return ZIPPED


def _is_opendocument(archive: zipfile.ZipFile) -> bool:
    return "content.xml" in archive.namelist() and "META-INF/manifest.xml" in archive.namelist()


def _other_zip(names: set[str]) -> Format:
    if "xl/workbook.xml" in names:
        return Format("an Excel workbook (save its sheets as CSV)")
    if "ppt/presentation.xml" in names:
        return Format("a PowerPoint presentation (save it as PDF)")
    return ZIPPED
