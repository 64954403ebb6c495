"""testsets/: a test set that stands in the sample, and one that does not."""

import gzip
import json
import tarfile
from collections.abc import Iterator

import zstandard
from sample_maker.files import SAMPLE, write
from sample_maker.own import RIDDLES
from sample_maker.packages import SDIST

Item = tuple[str, str, str]  # id, text, where it stands


def testsets() -> None:
    """Items that stand in the sample, whole or as a passage, and items that do not."""
    items = [*_whole_texts(), *_passages(), _code_file()]
    _write("testsets/quiz.jsonl", items)
    _write("testsets/riddles.jsonl", [(f"riddle-{n}", text, "nowhere") for n, text in enumerate(RIDDLES, 1)])


def _whole_texts() -> Iterator[Item]:
    lines = gzip.decompress((SAMPLE / "c4/c4-00.json.gz").read_bytes()).decode().splitlines()
    for number, line in enumerate(lines[10:13]):
        document = json.loads(line)
        text = document["text"]
        if number == 2:  # not the very same, but above 0.8
            text = "Moreover" + text[text.index(" ") :]
        yield f"whole-c4-{number}", text, document["url"]


def _passages() -> Iterator[Item]:
    articles = zstandard.ZstdDecompressor().decompress((SAMPLE / "news/news-00.jsonl.zst").read_bytes())
    for line in articles.decode().splitlines()[4:6]:
        article = json.loads(line)
        yield f"passage-news-{article['date']}", " ".join(article["text"].split()[300:380]), article["url"]
    book = "books/alice-in-wonderland.txt"
    yield "passage-alice", " ".join((SAMPLE / book).read_text().split()[500:590]), book


def _code_file() -> Item:
    name = f"tomli-{SDIST['tomli']}"
    with tarfile.open(SAMPLE / f"code/{name}.tar.gz") as archive:
        file = archive.extractfile(f"{name}/src/tomli/_re.py")
        assert file is not None
        return "whole-code-tomli", file.read().decode(), f"code/{name}.tar.gz"


def _write(path: str, items: list[Item]) -> None:
    lines = (json.dumps({"id": name, "text": text, "found_at": place}) for name, text, place in items)
    write(path, "".join(line + "\n" for line in lines).encode())
