"""A large corpus of real and edited documents for benchmarks.scale, the same on every machine with the same packages.

An eighth of its documents are originals: those of bench, and the pages of Debian's documentation packages as text.
The others are edited from these, since there are not gigabytes of such text at hand:

- NEW, 66 %: one word in seven is replaced, which leaves hardly a 13-gram: a new document;
- NEAR, 17 %: up to one word in fifty is replaced, with a share that is log-uniform from 1 in 2,000. The Jaccards are
  0.6 to 0.99, about three quarters of them above 0.8;
- COPY, 5 %: equal except for white space.

Edited documents are in other files than their originals, after them. A smaller corpus has fewer originals, edited at
the same rates.
"""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import orjson
import zstandard
from resiliparse.extract.html2text import extract_plain_text

PAGES = Path(__file__).parent.parent / "build" / "debian"
PACKAGES = """
anarchism debian-handbook erlang-doc gnome-user-docs linux-doc-6.1 postgresql-doc-15
python-pandas-doc python-scipy-doc python3.11-doc rust-doc
"""
LANGUAGES = (
    "ca cs da de el en-us es et eu fi fr gl hu it ja ko nl pl pt ru sl sv tr vi zh-cn"  # of libreoffice-help
)
SHORTEST = 200  # characters of a page: shorter ones are indexes and redirections

ORIGINALS = 0.12  # share of all documents
NEW, NEAR, COPY = 0.66, 0.17, 0.05
FILE_BYTES = 64 << 20  # of text
POOL = 100_000  # words that replace others


def originals(bench: Path) -> Iterator[str]:
    """The documents of bench, then the pages."""
    for path in [*sorted(bench.glob("*.jsonl.zst")), *_pages()]:
        with zstandard.open(path, "rb") as lines:
            for line in io.BufferedReader(lines):
                yield orjson.loads(line)["text"]


def _pages() -> list[Path]:
    """The files with the text of each package's HTML pages. They are made from the packages if they are missing."""
    PAGES.mkdir(parents=True, exist_ok=True)
    names = [*PACKAGES.split(), *(f"libreoffice-help-{language}" for language in LANGUAGES.split())]
    missing = [name for name in names if not list(PAGES.glob(f"{name}_*.deb"))]
    if missing:
        subprocess.run(["apt-get", "download", *missing], cwd=PAGES, check=True)
    with ProcessPoolExecutor() as workers:
        return list(workers.map(_extract, [next(PAGES.glob(f"{name}_*.deb")) for name in names]))


def _extract(package: Path) -> Path:
    pages = package.with_suffix(".jsonl.zst")
    if pages.exists():
        return pages
    unpack = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE)
    whole = package.with_suffix(".part")
    with (
        tarfile.open(fileobj=unpack.stdout, mode="r|") as archive,
        zstandard.open(whole, "wb", cctx=zstandard.ZstdCompressor(3)) as lines,
    ):
        for member in archive:
            if member.isreg() and member.name.endswith((".html", ".xhtml", ".htm")):
                text = extract_plain_text(archive.extractfile(member).read().decode("utf-8", "replace"))
                if len(text) >= SHORTEST:
                    lines.write(orjson.dumps({"text": text}) + b"\n")
    if unpack.wait():
        raise SystemExit(f"{package} cannot be unpacked")
    return whole.rename(pages)


def write(folder: Path, bench: Path, size: int, seed: int = 1) -> tuple[int, int]:
    """Write files of JSONL with `size` bytes of text; returns how many documents and bytes they hold."""
    random = np.random.default_rng(seed)
    texts = list(originals(bench))
    texts = [texts[at] for at in random.permutation(len(texts))]
    pool = [word for text in texts[:2000] for word in text.split()[:200]]
    pool = [pool[at] for at in random.integers(0, len(pool), POOL)]
    sizes = np.cumsum([len(text.encode()) for text in texts])
    count = int(np.searchsorted(sizes, size * ORIGINALS)) + 1
    if count > len(texts):
        raise SystemExit(
            f"there are {sizes[-1] / 1e6:,.0f} MB of originals, too few for {size / 1e6:,.0f} MB"
        )
    return _write(folder, size, _variants(texts[:count], pool, random))


def _variants(texts: list[str], pool: list[str], random: np.random.Generator) -> Iterator[str]:
    """The originals, then edited copies of them, without an end."""
    yield from texts
    while True:
        kinds = random.choice(3, len(texts), p=np.array([NEW, NEAR, COPY]) / (NEW + NEAR + COPY))
        for text, kind in zip(texts, kinds.tolist(), strict=True):
            if kind == 0:
                yield edited(text, 1 / 7, pool, random)
            elif kind == 1:
                yield edited(
                    text, float(np.exp(random.uniform(np.log(1 / 2000), np.log(1 / 50)))), pool, random
                )
            else:
                yield text.replace("\n", "\n\n") + "\n"


def edited(text: str, share: float, pool: list[str], random: np.random.Generator) -> str:
    """The text with a share of its words replaced, but at least one."""
    words = text.split(" ")
    count = max(1, int(random.binomial(len(words), share)))
    at, by = random.integers(0, len(words), count), random.integers(0, len(pool), count)
    for where, word in zip(at.tolist(), by.tolist(), strict=True):
        words[where] = pool[word]
    return " ".join(words)


def _write(folder: Path, size: int, texts: Iterator[str]) -> tuple[int, int]:
    folder.mkdir(parents=True)
    documents, written, number = 0, 0, 0
    while written < size:
        with zstandard.open(
            folder / f"part-{number:04d}.jsonl.zst", "wb", cctx=zstandard.ZstdCompressor(1)
        ) as lines:
            end = min(size, written + FILE_BYTES)
            while written < end:
                text = next(texts)
                lines.write(orjson.dumps({"text": text}) + b"\n")
                documents, written = documents + 1, written + len(text.encode())
        number += 1
    return documents, written
