"""Debian's documentation that comes as HTML and as text: pages whose text was written first.

Packages are fetched by apt on the first run. Text is what a package ships of a page: a plain-text edition of the
whole, or the reStructuredText that the page was made from, less its markup.
"""

import gzip
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("debian-policy", "developers-reference", "cvs", "mutt")
SHORTEST = 500  # characters of a text: shorter ones are indexes
# Editions in two formats that differ by more than that, or are lists of links.
LEFT_OUT = {"README", "index", "search", "genindex"}

# What reStructuredText adds to its text: labels, directives and their options, roles, the targets of links.
_LINES = re.compile(r"^[ \t]*(?:\.\. (?!\[)[^\n]*|:[\w-]+:[^\n]*)$", re.MULTILINE)
_FOOTNOTE = re.compile(r"^\.\. \[[^\]]*\]|\[#\w*\]_", re.MULTILINE)
_LABEL = re.compile(r":(?:ref|doc|numref):`[^`<]*`")  # becomes a title that stands elsewhere
_LINK = re.compile(r"(?::[\w+-]+:)?`([^`<]*?)\s*(?:<[^`>]*>)?`_{0,2}")


def pages(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """(name, HTML, text) of each page; downloads the packages into the folder on first use."""
    for package in PACKAGES:
        root = folder / package
        if not root.exists():
            subprocess.run(["apt-get", "download", "-q", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            archive = next(folder.glob(f"{package}_*.deb"))
            subprocess.run(["dpkg-deb", "--extract", archive, root], check=True)
        for page in sorted(root.glob("usr/share/**/*.html")):
            text = _text(page) if page.is_file() and page.stem not in LEFT_OUT else None
            if text and len(text) >= SHORTEST:
                yield f"{package}/{page.stem}", page.read_bytes(), text


def _text(page: Path) -> str | None:
    """The text of a page, None where none is shipped."""
    source = page.parent / "_sources" / f"{page.stem}.rst.txt"
    if source.exists():
        text = source.read_text(encoding="utf-8")
        for pattern, replacement in ((_LINES, ""), (_FOOTNOTE, ""), (_LABEL, ""), (_LINK, r"\1")):
            text = pattern.sub(replacement, text)
        return text
    for folder in (page.parent, page.parent.parent):  # text beside the HTML, or above its folder
        packed = folder / f"{page.stem}.txt.gz"
        if packed.exists():
            return gzip.decompress(packed.read_bytes()).decode("utf-8", "replace")
    return None
