"""News: reads articles in tables or text files, like kind text, or crawled pages in WARC, like kind web."""

from collections.abc import Iterator

from massivetext.pipeline.read import text, web
from massivetext.pipeline.read.formats import recognise
from massivetext.pipeline.read.record import Found, Input


def read(source: Input) -> Iterator[Found]:
    """Yields the articles of one file. Its content decides the format, not its name."""
    found = recognise.recognise(source.stream, source.name, source.limits)
    return web.read(source) if found is recognise.WARC else text.read(source)
