"""News: articles as JSONL or Parquet like any text, or crawled pages as WARC like the web."""

from collections.abc import Iterator

from massivetext.pipeline.read import text, web
from massivetext.pipeline.read.formats import parquet, warc
from massivetext.pipeline.read.formats.decompress import OUTPUT, Decompressed
from massivetext.pipeline.read.formats.window import Window
from massivetext.pipeline.read.record import Found, Input


def read(source: Input) -> Iterator[Found]:
    """The articles of one file; what it holds is told from its content, not its name."""
    is_archive = _is_archive(source)
    source.stream.seek(0)
    return web.read(source) if is_archive else text.read(source)


def _is_archive(source: Input) -> bool:
    """Whether the first readable bytes are an archive's: a record begins there, or behind a broken start."""
    window = Window(Decompressed(source.stream, source.limits))
    while not window.fill(1):
        if window.pass_break() is None:
            return False
    window.fill(OUTPUT)
    if warc.START.match(window.data):
        return True
    if window.data.startswith(parquet.MAGIC) or text.OBJECT.search(window.data):
        return False
    return warc.FOUND.search(window.data) is not None
