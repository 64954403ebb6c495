"""The HTML pages of the documentation packages, in an order that depends on their names only."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

# Where each package keeps its English pages, and which of them are taken.
SITES = {
    "apache": ("apache2-doc/usr/share/doc/apache2-doc/manual/en", ["**/*.html"]),
    "postgresql": ("postgresql-doc-15/usr/share/doc/postgresql-doc-15/html", ["*.html"]),
    "python": (
        "python3.11-doc/usr/share/doc/python3.11/html",
        ["faq/*.html", "howto/*.html", "tutorial/*.html"],
    ),
    "sqlite": ("sqlite3-doc/usr/share/doc/sqlite3", ["*.html"]),
}
# Pages that stand in the sample under URLs of their own.
RESERVED = {"atomiccommit", "whyc", "howtocorrupt", "quirks", "arch", "whentouse", "famous", "appetite"}


class Pages:
    """The HTML pages of the packages, by made-up URL."""

    def __init__(self, downloads: Path) -> None:
        self.roots = {site: downloads / folder for site, (folder, _) in SITES.items()}
        self.order = {site: self._ordered(site) for site in SITES}

    def _ordered(self, site: str) -> list[Path]:
        root = self.roots[site]
        found = [page for pattern in SITES[site][1] for page in root.glob(pattern)]
        usable = [
            page for page in found if 5_000 < page.stat().st_size < 80_000 and page.stem not in RESERVED
        ]
        return sorted(usable, key=lambda page: by_hash(page.relative_to(root).as_posix()))

    def url(self, site: str, path: Path) -> str:
        return f"https://{site}.example/{path.relative_to(self.roots[site]).as_posix()}"

    def take(self, site: str, start: int, stop: int) -> Iterator[tuple[str, bytes]]:
        """The pages at those places of the site's order."""
        for path in self.order[site][start:stop]:
            yield self.url(site, path), path.read_bytes()

    def named(self, site: str, name: str) -> tuple[str, bytes]:
        """One page, by its path."""
        path = self.roots[site] / name
        return self.url(site, path), path.read_bytes()

    def translated(self, language: str, name: str) -> tuple[str, bytes]:
        """A page of the Apache manual in another language."""
        path = self.roots["apache"].parent / language / name
        return f"https://apache.example/{language}/{name}", path.read_bytes()


def text_of(page: bytes) -> str:
    """A page's main text, much as a reader would have it."""
    tree = HTMLTree.parse(page.decode("utf-8", "replace"))
    return str(extract_plain_text(tree, main_content=True, list_bullets=True)).strip()


def by_hash(name: str) -> bytes:
    """A sort key that mixes, and depends on nothing but the name."""
    return hashlib.sha256(name.encode()).digest()
