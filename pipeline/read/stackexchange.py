"""Stack Exchange: reads the Posts.xml of a site's dump, with a document for each question and its answers.

Answers follow their question, the accepted one first, then by score. Their texts are read from HTML, with
code. Offset: the question's id. Title: the question's. The columns `score`, `tags`, `answers` and `date` can be kept.

A question's answers may be anywhere after it. They wait in a table on disk, so that memory does not depend on the size
of the dump.
"""

import sqlite3
import tempfile
from collections.abc import Iterator

from lxml import etree

from massivetext.filters.html.main_text import whole_text
from massivetext.pipeline.read import fields
from massivetext.pipeline.read.formats import html, recognise
from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.read.record import Failure, Found, Input, Skipped

QUESTION, ANSWER = "1", "2"
OTHER = "post that is no question or answer"
ORPHAN = "answer without its question"
READ = (
    "Id", "PostTypeId", "ParentId", "AcceptedAnswerId", "Title", "Body", "Score", "Tags", "CreationDate",
)  # fmt: skip
"""The attributes of a post that are read: to ask lxml for all of them takes quadratic time."""
SCHEMA = """
    create table question(id integer primary key, accepted integer, title text, body text, score integer,
                          tags text, date text);
    create table answer(id integer primary key, parent integer, score integer, body text);
"""


def read(source: Input) -> Iterator[Found]:
    """Yields the questions of a Posts.xml, each with its answers."""
    found = recognise.recognise(source.stream, source.name, source.limits)
    if found is recognise.EMPTY:
        return
    if found is not recognise.STACKEXCHANGE:
        yield Failure(0, recognise.refusal(found, "stackexchange", "the Posts.xml of Stack Exchange's dumps"))
        return
    with tempfile.NamedTemporaryFile(prefix="massivetext-posts-") as file:
        table = sqlite3.connect(file.name)
        try:
            table.executescript("pragma journal_mode=off; pragma synchronous=off;" + SCHEMA)
            yield from _store(source, table)
            table.execute("create index of_parent on answer(parent)")
            yield from _threads(table, source)
        finally:
            table.close()


def _store(source: Input, table: sqlite3.Connection) -> Iterator[Found]:
    """Puts the posts into the table. Yields a Failure for posts that cannot be read."""
    try:
        for number, post in enumerate(_rows(source)):
            identity, kind = _number(post.get("Id")), post.get("PostTypeId")
            values: list[object]
            if identity is None or "Body" not in post:
                yield Failure(-2 - number, "a post without Id or Body")
            elif len(post["Body"]) > source.limits.record_bytes:
                size = len(post["Body"])
                told = (
                    f"a post of {size} characters, over the limit record_bytes {source.limits.record_bytes}"
                )
                yield Failure(identity, told, size)
            elif kind == QUESTION:
                values = [identity, _number(post.get("AcceptedAnswerId")), post.get("Title"), post["Body"]]
                values += [_number(post.get("Score")), post.get("Tags"), post.get("CreationDate")]
                table.execute("insert or replace into question values (?, ?, ?, ?, ?, ?, ?)", values)
            elif kind == ANSWER:
                values = [identity, _number(post.get("ParentId")), _number(post.get("Score")), post["Body"]]
                table.execute("insert or replace into answer values (?, ?, ?, ?)", values)
            else:
                yield Skipped(OTHER)
    except (etree.XMLSyntaxError, BrokenError) as error:
        yield Failure(-1, f"the dump breaks off: {error}")


def _rows(source: Input) -> Iterator[dict[str, str]]:
    """Yields the wanted attributes of each row, in bounded memory."""
    stream = Decompressed(source.stream, source.limits)
    rows = etree.iterparse(
        stream, tag="row", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True
    )
    for _, row in rows:
        yield {name: value for name in READ if (value := row.get(name)) is not None}
        row.clear()
        while row.getprevious() is not None:
            del row.getparent()[0]


def _threads(table: sqlite3.Connection, source: Input) -> Iterator[Found]:
    questions = table.execute("select * from question order by id")
    for identity, accepted, title, body, score, tags, date in questions:
        answers = table.execute(
            "select body from answer where parent = ? order by id = ? desc, score desc, id",
            (identity, accepted),
        ).fetchall()
        style = html.style_of(source.pages)
        posts = (body, *(each[0] for each in answers))
        texts = [title or "", *(whole_text(post.encode(), style) for post in posts)]
        text = "\n\n".join(each for each in texts if each.strip())
        if len(text) > source.limits.record_bytes:
            yield Failure(
                identity, f"a thread over the limit record_bytes {source.limits.record_bytes}", len(text)
            )
            continue
        names = [name for name in (tags or "").replace("><", "|").strip("<>|").split("|") if name]
        values = {"text": text, "title": title, "timestamp": date, "id": str(identity), "score": score}
        values |= {"tags": names, "answers": len(answers), "date": date}
        yield fields.record(identity, values, source.columns, len(text))
    orphans = table.execute("select count(*) from answer where parent not in (select id from question)")
    for _ in range(orphans.fetchone()[0]):
        yield Skipped(ORPHAN)


def _number(text: str | None) -> int | None:
    try:
        value = int(text or "")
    except ValueError:
        return None
    return value if 0 <= abs(value) < 1 << 62 else None
