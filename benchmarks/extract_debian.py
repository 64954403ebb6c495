"""Debian's documentation that comes as HTML and as text, made from one source: a page's text is the plain-text
edition, or its chapter of it. Packages are fetched by apt on the first run.
"""

import gzip
import re
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path

PACKAGES = ("debian-policy", "developers-reference", "cvs", "mutt")
SHORTEST = 500  # characters of a text
# Chapters of a plain-text edition: a line, and one of asterisks below it.
CHAPTER = re.compile(r"^(\S.*)\n\*{3,}\n", re.MULTILINE)
HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


def pages(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """(name, HTML, text) of each page; downloads the packages into the folder on first use."""
    for package in PACKAGES:
        root = folder / package
        if not root.exists():
            download = ["apt-get", "download", "-qq", package]
            subprocess.run(download, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            archive = next(folder.glob(f"{package}_*.deb"))
            subprocess.run(["dpkg-deb", "--extract", archive, root], check=True)
        editions = {
            path.name.removesuffix(".txt.gz"): gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
            for path in sorted(root.glob("usr/share/**/*.txt.gz"))
        }
        chapters = {name: text for edition in editions.values() for name, text in _chapters(edition)}
        for page in sorted(path for path in root.glob("usr/share/**/*.html") if path.is_file()):
            html = page.read_bytes()
            text = chapters.get(_heading(html)) or editions.get(page.stem, "")
            if len(text) >= SHORTEST and page.stem != "README":  # README is the source, with its markup
                yield f"{package}/{page.stem}", html, text


def _chapters(edition: str) -> Iterator[tuple[str, str]]:
    """The heading and text of each chapter. The first is the title of the whole, with its contents."""
    parts = CHAPTER.split(edition)[3:]
    for place in range(0, len(parts), 2):
        yield parts[place], parts[place] + "\n" + parts[place + 1]


def _heading(html: bytes) -> str:
    """The text of a page's first heading."""
    found = HEADING.search(html.decode("utf-8", "replace"))
    text = unescape(re.sub(r"<[^>]+>", "", found[1])) if found else ""
    return " ".join(text.rstrip("¶").split())
