import gzip
import io
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

from massivetext.pipeline.read import stackexchange
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped
from massivetext.pipeline.read.stackexchange import ORPHAN, OTHER


def row(**attributes: object) -> str:
    return (
        "<row " + " ".join(f"{name}={quoteattr(str(value))}" for name, value in attributes.items()) + " />\n"
    )


def posts(*rows: str) -> bytes:
    return ("\ufeff<?xml version='1.0' encoding='utf-8'?>\n<posts>\n" + "".join(rows) + "</posts>").encode()


def read(data: bytes) -> list[Found]:
    return list(stackexchange.read(Input("Posts.xml", io.BytesIO(data))))


QUESTION = row(
    Id=4, PostTypeId=1, AcceptedAnswerId=7, CreationDate="2008-07-31T21:42:52.667", Score=5, Title="Why < more?",
    Body="<p>Is <code>a &lt; b</code>?</p>", Tags="<c#><.net>", ContentLicense="CC BY-SA 4.0",
)  # fmt: skip
ANSWERS = (
    row(Id=6, PostTypeId=2, ParentId=4, Score=9, Body="<p>Best by score.</p>"),
    row(Id=7, PostTypeId=2, ParentId=4, Score=1, Body="<p>Accepted.</p>"),
    row(Id=8, PostTypeId=2, ParentId=4, Score=2, Body="<p>Second.</p>"),
)
THREAD = "Why < more?\n\nIs a < b?\n\nAccepted.\n\nBest by score.\n\nSecond."


def test_a_question_stands_with_its_answers() -> None:
    captured = datetime(2008, 7, 31, 21, 42, 52, 667000, tzinfo=UTC)
    record = Record(4, THREAD, None, "Why < more?", captured=captured, source_id="4")
    data = posts(ANSWERS[0], QUESTION, *ANSWERS[1:])
    assert read(data) == [record]
    assert read(gzip.compress(data)) == [record]


def test_what_is_no_thread_is_counted() -> None:
    found = read(
        posts(
            QUESTION,
            row(Id=9, PostTypeId=2, ParentId=99, Score=0, Body="b"),
            row(Id=1, PostTypeId=5, Body=""),
        )
    )
    assert [each for each in found if isinstance(each, Skipped)] == [Skipped(OTHER), Skipped(ORPHAN)]


def test_a_bad_post_fails_alone() -> None:
    found = read(posts(row(Id="x", PostTypeId=1, Body="b"), row(Id=2, PostTypeId=1), QUESTION))
    assert [each.error for each in found if isinstance(each, Failure)] == ["a post without Id or Body"] * 2
    assert [each.offset for each in found if isinstance(each, Record)] == [4]


def test_a_truncated_dump_keeps_its_posts() -> None:
    data = posts(QUESTION, *ANSWERS)
    failure, record = read(data[: data.index(b"Second")])
    assert isinstance(failure, Failure)
    assert failure.error.startswith("the dump breaks off: ")
    assert isinstance(record, Record)
    assert record.text == THREAD.removesuffix("\n\nSecond.")
    assert read(gzip.compress(data)[:-50])


def test_another_format_is_named() -> None:
    (failure,) = read(b'{"text": "a"}\n')
    assert isinstance(failure, Failure)
    assert failure.error == (
        "the file is JSON lines, and kind stackexchange reads the Posts.xml of Stack Exchange's dumps; "
        "kind text or news or code reads it"
    )
    assert read(b"") == []
