"""Questions and answers as JSON lines, in the form of Stack Exchange's data: a question with its answers a document.

Each line is a post: `{"id": 1, "title": "...", "body": "<p>...</p>", "score": 3}`; an answer names its question by
`parent`. A question's answers follow it in the file, the best first in the document. Answers below 0 are left out.
"""

import json
import re
from collections.abc import Iterator
from html import unescape

from massivetext.plugins import Failure, Found, Input, Record, SourceKind

TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
BLOCK = re.compile(r"</(?:p|li|pre|blockquote|h\d)>|<br ?/?>", re.IGNORECASE)


def plain(body: str) -> str:
    """The words of a post's HTML, a paragraph a line."""
    return unescape(TAG.sub("", BLOCK.sub("\n", body))).strip()


def thread(question: dict, answers: list[dict], offset: int) -> Record:
    """A question and its answers, the best one first, as one document."""
    best = sorted((one for one in answers if one.get("score", 0) >= 0), key=lambda one: -one.get("score", 0))
    parts = [question["title"], plain(question["body"]), *(plain(one["body"]) for one in best)]
    text = "\n\n".join(part for part in parts if part)
    kept = {"score": question.get("score"), "answers": len(answers), "tags": question.get("tags")}
    return Record(offset, text, title=question["title"], source_id=str(question["id"]), kept=kept)


def read(source: Input) -> Iterator[Found]:
    """Each question of the file with the answers that follow it. Offset: the question's first byte."""
    question: dict | None = None
    answers: list[dict] = []
    place = begins = 0
    for line in source.stream:
        here, place = place, place + len(line)
        try:
            post = json.loads(line)
            _ = post["id"], post["body"], post["title"] if post.get("parent") is None else None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield Failure(here, f"no post: {type(error).__name__}: {error}", len(line))
            continue
        if post.get("parent") is None:
            if question is not None:
                yield thread(question, answers, begins)
            question, answers, begins = post, [], here
        elif question is None or post["parent"] != question["id"]:
            yield Failure(
                here, f"an answer to the post {post['parent']}, which does not stand before it", len(line)
            )
        else:
            answers.append(post)
    if question is not None:
        yield thread(question, answers, begins)


THREADS = SourceKind(
    name="threads",
    meaning="questions and answers as JSON lines, a question with its answers a document",
    read=read,
    judged_by=frozenset({"language", "deduplicate"}),
)
