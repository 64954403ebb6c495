"""News: articles as tables or files of text like any text, or crawled pages as WARC like the web."""

from collections.abc import Iterator

from massivetext.pipeline.read import text, web
from massivetext.pipeline.read.formats import recognise
from massivetext.pipeline.read.record import Found, Input


def read(source: Input) -> Iterator[Found]:
    """The articles of one file; what it holds is told from its content, not its name."""
    found = recognise.recognise(source.stream, source.name, source.limits)
    return web.read(source) if found is recognise.WARC else text.read(source)
