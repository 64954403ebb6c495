"""Code: archives of repositories (`repository`), or tables with a source file in each row (`table`)."""

from collections.abc import Iterator
from dataclasses import replace

from massivetext.pipeline.read.code import repository, table
from massivetext.pipeline.read.formats import recognise
from massivetext.pipeline.read.formats.archive import seekable
from massivetext.pipeline.read.record import Found, Input

TABLES = frozenset(
    {recognise.PARQUET, recognise.JSON_LINES, recognise.JSON_VALUES, recognise.CSV, recognise.TSV}
)


def read(source: Input) -> Iterator[Found]:
    """Yields the source files of an archive or of a table. The content decides which it is."""
    with seekable(source.stream) as stream:
        source = replace(source, stream=stream)
        found = recognise.recognise(stream, source.name, source.limits)
        yield from (table if found in TABLES else repository).read(source)
