"""Code in tables, such as The Stack's Parquet or JSON lines, with a source file in each row.

If the configuration names no columns, those of The Stack, The Stack v2 and StarCoder's data are looked for. Title: the
repository's name, if there is one, and the path. All licences of a list apply, as in an archive with several licence
files. Minified and generated files are Skipped.
"""

from collections.abc import Iterator
from dataclasses import replace

from massivetext.filters.licence.licence import UNKNOWN, normalise
from massivetext.pipeline.read import text
from massivetext.pipeline.read.code import source_file
from massivetext.pipeline.read.record import Found, Input, Record, Skipped
from massivetext.pipeline.read.settings import COLUMNS

USUAL = {
    "text": "content|text|code",
    "title": "max_stars_repo_path|path|file_path|title",
    "url": "max_stars_repo_name|repo_name|repository|url",
    "licence": "max_stars_repo_licenses|detected_licenses|licenses|license|licence",
}
"""The names of columns in published tables of code, by what they hold."""


def read(source: Input) -> Iterator[Found]:
    """Yields the source files of a table, in its order."""
    given = source.columns
    named = {name: getattr(given, name) for name in USUAL}
    chosen = {name: USUAL[name] if path == getattr(COLUMNS, name) else path for name, path in named.items()}
    columns = replace(
        given, text=chosen["text"], title=chosen["title"], url=chosen["url"], licence=chosen["licence"]
    )
    for found in text.read(replace(source, columns=columns)):
        yield _file(found) if isinstance(found, Record) else found


def _file(record: Record) -> Record | Skipped:
    path = record.title or ""
    comment = source_file.leading_comment(record.text)
    if kind := source_file.not_written(path, record.text, comment):
        return Skipped(kind, len(record.text))
    title = "/".join(part for part in (record.url, record.title) if part) or None
    licence = record.licence and (normalise(record.licence) or UNKNOWN)
    return record._replace(title=title, url=None, licence=licence or None)
