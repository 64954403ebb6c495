import gzip
import io
import re
import zipfile

import pytest
import zstandard

from massivetext.pipeline.read.books import read
from massivetext.pipeline.read.formats.html import MOST_BYTES
from massivetext.pipeline.read.record import Failure, Input, Record
from massivetext.pipeline.read.settings import Limits
from tests.paths import SAMPLE, SHARED
from tests.pipeline.read.formats.test_office import docx, odt, run
from tests.pipeline.read.formats.test_pdf import pdf

BOOK_SAMPLE = SAMPLE / "books"
BOOKS = SHARED / "books"

HEADER = """The Project Gutenberg eBook of The Mill, by A. Miller

This eBook is for the use of anyone anywhere in the United States.

Title: The Mill
       and the Brook

Author: Anna Miller

Release Date: June 25, 2008 [eBook #11]

*** START OF THE PROJECT GUTENBERG EBOOK THE MILL
AND THE BROOK ***

Produced by Some Body and the Online Distributed Proofreading Team

"""
FOOTER = """

End of Project Gutenberg's The Mill, by Anna Miller

*** END OF THIS PROJECT GUTENBERG EBOOK THE MILL ***
"""
SMALL_PRINT = """The Project Gutenberg Etext of The Mill, by Anna Miller
Copyright laws are changing all over the world.

***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***
Why is this "Small Print!" statement here?

*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*




This etext was prepared by Some Body

"""
UTF_8 = ("utf-8", "utf-8")
BODY = "THE MILL\n\nThe wheel turned.\n\nThe end of the day came."


def only(content: bytes, limits: Limits = Limits()) -> Record | Failure:  # noqa: B008
    (found,) = read(Input("x", io.BytesIO(content), limits))
    return found


def book(content: bytes) -> Record:
    found = only(content)
    assert isinstance(found, Record), found
    return found


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_gutenberg(newline: str) -> None:
    found = book((HEADER + BODY + FOOTER).replace("\n", newline).encode())
    assert found == Record(0, BODY, None, "The Mill and the Brook, by Anna Miller", None, *UTF_8)


@pytest.mark.parametrize(
    "end",
    [
        "*** END OF THE PROJECT GUTENBERG EBOOK THE MILL ***\nSection 1.",
        "***END OF THE PROJECT GUTENBERG EBOOK THE MILL***",
        "End of the Project Gutenberg EBook of The Mill",
        "End of this Project Gutenberg Etext of The Mill",
        "This is the End of Project Gutenberg Etext The Mill",
        "Ende dieses Projekt Gutenberg Etextes",
        "*** END OF THE COPYRIGHTED PROJECT GUTENBERG EBOOK ***",
        "",
    ],
)
def test_small_print_and_endings(end: str) -> None:
    found = book(f"{SMALL_PRINT}{BODY}\n\n{end}\n".encode())
    assert found == Record(0, BODY, None, "The Mill, by Anna Miller", None, *UTF_8)


@pytest.mark.parametrize(
    "line",
    ["Project Gutenberg etext x" + " by " * 40 + " " * 30_000 + "x", "Project Gutenberg etext " * 1500],
)
def test_headers_are_read_in_linear_time(line: str) -> None:
    """Where each part of a title is tried with each other, this takes many seconds, and minutes if repeated."""
    header = f"{line}\n" * (35_000 // len(line))
    assert book(f"{header}*** START OF THE PROJECT GUTENBERG EBOOK X ***\n{BODY}".encode()).text == BODY


def test_small_print_at_the_end() -> None:
    content = f"*** START OF THE PROJECT GUTENBERG EBOOK, THE MILL ***\n\n{BODY}\n\n{SMALL_PRINT}"
    assert book(content.encode()).text.startswith(BODY)
    assert "Small Print" not in book(content.encode()).text


OLD_HEADER = """The Project Gutenberg Etext of Poesies by Anne Meunier

Copyright laws are changing all over the world.

This header should be the first thing seen when anyone starts to view the etext.

Title: Poesies

Author: Anne Meunier
"""
OLD_FOOTER = """

End of The Project Gutenberg Etext of Poesies by Anne Meunier

***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***
Why is this here?
*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*
"""


@pytest.mark.parametrize("mark", ["", "\n*****START OF THE PROJECT GUTENBERG ETEXT POESIES*****\n"])
@pytest.mark.parametrize("length", [1, 40, 4000])
def test_small_print_behind_a_short_book(mark: str, length: int) -> None:
    poems = "\n\n".join([BODY] * length)
    found = book(f"{OLD_HEADER}{mark}\n\n{poems}{OLD_FOOTER}".encode())
    assert (found.text, found.title) == (poems, "Poesies, by Anne Meunier")


def test_small_print_of_a_header_may_be_longer_than_a_short_book() -> None:
    found = book(SMALL_PRINT.replace("Why is", "Why is " * 20).encode() + BODY.encode() * 10)
    assert found.text == BODY * 10


@pytest.mark.parametrize("small_print", [False, True])
@pytest.mark.parametrize("marks", [False, True])
def test_all_of_collected_works_is_kept(small_print: bool, marks: bool) -> None:
    parts = []
    for number in range(4):
        before = SMALL_PRINT.replace("This etext was prepared by Some Body", "") if small_print else ""
        parts.append(
            f"{before}NOVEL {number}\n\n{BODY}\n\nEnd of the Project Gutenberg Etext of Novel {number}\n\n"
        )
    start = "*** START OF THE PROJECT GUTENBERG EBOOK WORKS ***\n\n"
    end = "\n\n*** END OF THE PROJECT GUTENBERG EBOOK WORKS ***\nSection 1. General Terms"
    title = "The Project Gutenberg EBook of Works\n\n"
    found = book(f"{title}{start if marks else ''}{''.join(parts)}{end if marks else ''}".encode()).text
    for number in range(4):
        assert f"NOVEL {number}\n\n{BODY}" in found
    assert "End of the Project" not in found
    assert "Small Print!" not in found
    assert "Section 1" not in found


def test_books_one_after_another_are_kept_without_what_stands_between() -> None:
    found = book(
        (HEADER + BODY + FOOTER + "Section 1. Licence\n\n" + HEADER + "Two." + FOOTER + "Section 1.").encode()
    )
    assert found.text.startswith(BODY)
    assert found.text.endswith("Two.")
    assert "Section 1" not in found.text
    assert "anyone anywhere" not in found.text


TRANSLATED = [
    ("BEGINN DES PROJEKT GUTENBERG EBOOKS DAS ENDE", "ENDE DES PROJEKT GUTENBERG EBOOKS DAS ENDE"),
    ("DÉBUT DU LIVRE DU PROJET GUTENBERG LA FIN", "FIN DU LIVRE DU PROJET GUTENBERG LA FIN"),
    ("INICIO DE ESTE LIBRO DEL PROYECTO GUTENBERG", "FIN DE ESTE LIBRO DEL PROYECTO GUTENBERG"),
    ("INÍCIO DO LIVRO DO PROJETO GUTENBERG", "FIM DO LIVRO DO PROJETO GUTENBERG"),
    ("INIZIO DI QUESTO EBOOK DEL PROGETTO GUTENBERG", "FINE DI QUESTO EBOOK DEL PROGETTO GUTENBERG"),
    ("PROJECT GUTENBERG -E-KIRJAN MYLLY ALKU", "PROJECT GUTENBERG -E-KIRJAN MYLLY LOPPU"),
    ("BEGIN VAN HET PROJECT GUTENBERG EBOEK", "EINDE VAN HET PROJECT GUTENBERG EBOEK"),
    ("古騰堡計劃電子書 水車 開始", "古騰堡計劃電子書 水車 結束"),
    ("开始 古登堡计划电子书 水车", "结束 古登堡计划电子书 水车"),
]


@pytest.mark.parametrize(("start", "end"), TRANSLATED)
@pytest.mark.parametrize("starred", [True, False])
@pytest.mark.parametrize(
    "fields",
    [
        "Titel: X\nAutor: Y",
        "Titre : X\nAuteur : Y",
        "Título: X\nAutor: Y",
        "標題：X\n作者：Y",
        "Nimeke: X\nTekijä: Y",
    ],
)
def test_headers_in_other_languages(start: str, end: str, starred: bool, fields: str) -> None:
    """The end may also stand as a line without stars: `Fin du livre du Projet Gutenberg`."""
    last = f"*** {end} ***" if starred else end.capitalize()
    content = f"{start.title()}\n\n{fields}\n\n*** {start} ***\n\n{BODY}\n\n{last}\n\nLicence of Project Gutenberg\n"
    found = book(content.encode())
    assert (found.text, found.title) == (BODY, "X, by Y")


def test_a_book_without_boilerplate_is_left_alone() -> None:
    text = "  Produced by hand.\n\n*** START OF THE WAR ***\n\nTitle: none\n\nEnd of the project.\n"
    assert book(text.encode()) == Record(0, text, None, None, None, *UTF_8)


@pytest.mark.parametrize(
    ("encoding", "charset", "origin"),
    [
        ("utf-8", "utf-8", "utf-8"),
        ("utf-8-sig", "utf-8", "bom"),
        ("utf-16", "utf-16", "bom"),
        ("utf-32", "utf-32", "bom"),
        ("windows-1252", "cp1252", "detected"),
    ],
)
def test_charsets(encoding: str, charset: str, origin: str) -> None:
    text = "Das Mädchen ging über die Straße, und der Müller fragte: „Wohin so spät?“ " * 30
    found = book(text.encode(encoding))
    assert (found.text, found.charset, found.charset_origin) == (text, charset, origin)


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_compressed(compress: type[bytes]) -> None:
    assert book(compress(BODY.encode())).text == BODY


def test_truncated_compressed_text_is_a_failure() -> None:
    noise = "".join(f"{i * 7919 % 10007} " for i in range(20_000)).encode()
    assert isinstance(only(gzip.compress(noise)[:-1000]), Failure)


def test_texts_over_the_limit_are_failures() -> None:
    assert isinstance(only(b"a" * 101, Limits(record_bytes=100)), Failure)
    assert isinstance(only(b"a" * 100, Limits(record_bytes=100)), Record)


def test_binary_files_are_failures() -> None:
    assert isinstance(only(b"%PDF\0\0"), Failure)
    assert isinstance(only("\ufffd\ufffd a".encode()), Failure)


CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""
PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The
  Mill</dc:title><dc:creator>Anna Miller</dc:creator></metadata>
<manifest>
<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="one" href="text/one%20.xhtml" media-type="application/xhtml+xml"/>
<item id="two" href="../two.xhtml" media-type="application/xhtml+xml"/>
<item id="note" href="note.xhtml" media-type="application/xhtml+xml"/>
<item id="picture" href="picture.svg" media-type="image/svg+xml"/>
</manifest>
<spine><itemref idref="nav"/><itemref idref="two"/><itemref idref="picture"/><itemref idref="one"/>
<itemref idref="note" linear="no"/></spine>
</package>"""
ONE = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>
<body><h1>One</h1><p>The wheel<a id="x"/> turned.</p>
<ul><li>flour</li><li>water</li></ul></body></html>"""
TWO = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head>
<body><p>Müller &amp; Söhne</p></body></html>"""
PARTS = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OPS/package.opf": PACKAGE,
    "OPS/text/one .xhtml": ONE,
    "two.xhtml": TWO,
    "OPS/note.xhtml": "<html><body>Note</body></html>",
    "OPS/nav.xhtml": "<html><body>Contents</body></html>",
}


def epub(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_epub() -> None:
    found = book(epub(PARTS))
    assert found.title == "The Mill, by Anna Miller"
    blocks = [block.strip() for block in found.text.split("\n\n")]
    assert blocks[:3] == ["Müller & Söhne", "One", "The wheel turned."]
    assert "\n".join(blocks[3:]).split() == ["•", "flour", "•", "water"]


def test_epub_with_gutenberg_boilerplate() -> None:
    chapter = "".join(f"<p>{part}</p>" for part in (HEADER + BODY + FOOTER).split("\n\n"))
    chapters = {"two.xhtml": f"<html><body>{chapter}</body></html>", "OPS/text/one .xhtml": "<p></p>"}
    found = book(epub(PARTS | chapters))
    assert found.text.split() == BODY.split()


def section(kind: str, text: str, body: str = "") -> str:
    """A page of the structure that Standard Ebooks gives its own."""
    head = "<html xmlns:epub='http://www.idpf.org/2007/ops'><head><title>T</title></head>"
    return f'{head}<body{body}>\n<section id="x" epub:type="{kind}"><h2>Head</h2><p>{text}</p></section></body></html>'


@pytest.mark.parametrize(
    "kind", ["titlepage", "imprint", "colophon", "copyright-page", "backmatter colophon"]
)
def test_epub_pages_of_the_publisher_are_left_out(kind: str) -> None:
    parts = {
        "two.xhtml": section(kind, "This ebook is.", " epub:type='frontmatter'"),
        "OPS/text/one .xhtml": ONE,
    }
    assert book(epub(PARTS | parts)).text.startswith("One\n\nThe wheel")
    parts["two.xhtml"] = f"<html><body epub:type='{kind}'><p>This ebook is.</p></body></html>"
    assert book(epub(PARTS | parts)).text.startswith("One\n\nThe wheel")


@pytest.mark.parametrize(
    "kind", ["chapter", "dedication", "epigraph", "foreword", "endnotes", "halftitlepage"]
)
def test_epub_pages_of_the_author_stay(kind: str) -> None:
    text = book(epub(PARTS | {"two.xhtml": section(kind, "To A.", " epub:type='frontmatter'")})).text
    assert text.startswith("Head\n\nTo A.\n\nOne")


@pytest.mark.parametrize("rest", ["<section><p>The wheel.</p></section>", "<div><p>The wheel.</p></div>"])
def test_an_epub_of_one_page_is_kept_whole(rest: str) -> None:
    page = section("titlepage", "The Mill").replace("</body>", f"{rest}</body>")
    assert book(epub(PARTS | {"two.xhtml": page})).text.startswith("Head\n\nThe Mill\n\nThe wheel.")


def test_epub_keeps_lines_of_verse_tables_and_notes() -> None:
    chapter = (
        "<html><head><title>T</title></head><body><header><h2>II</h2></header>"
        "<p>Tyger Tyger,<br/>burning bright</p><aside epub:type='footnote'><p>1. A note.</p></aside>"
        "<table><tr><td>a</td><td>b</td></tr></table><a href='one'>Next</a><footer><p>End</p></footer></body></html>"
    )
    text = book(epub(PARTS | {"two.xhtml": chapter, "OPS/text/one .xhtml": "<p/>"})).text
    assert text == "II\n\nTyger Tyger,\nburning bright\n\n1. A note.\n\na | b\n\nNext\n\nEnd"


def test_epub_chapters_are_read_in_linear_time_and_memory() -> None:
    """Formatting that HTML opens anew in each paragraph: a tree of n² elements takes 0.7 GB for n = 2,000."""
    chapter = "".join(f"<i id='{number}'><p>word " for number in range(100_000))
    chapters = {"two.xhtml": f"<html><body>{chapter}</body></html>", "OPS/text/one .xhtml": "<p/>"}
    assert book(epub(PARTS | chapters)).text.split() == ["word"] * 100_000


def everything(content: bytes) -> tuple[Record, list[str]]:
    """The book of a file, and the errors of its parts that are lost."""
    found, *lost = read(Input("x", io.BytesIO(content)))
    assert isinstance(found, Record), found
    return found, [failure.error for failure in lost if isinstance(failure, Failure)]


def test_epub_chapters_too_long_to_be_read_are_failures() -> None:
    found, (error,) = everything(epub(PARTS | {"two.xhtml": "<p>" + "a " * (MOST_BYTES // 2) + "</p>"}))
    assert found.text.startswith("One\n\nThe wheel turned.")
    assert error.startswith("read without a part that cannot be read: two.xhtml: page of")


def test_a_bad_chapter_costs_no_other() -> None:
    found, (error,) = everything(epub({name: PARTS[name] for name in PARTS if name != "two.xhtml"}))
    assert found.text.startswith("One\n\nThe wheel turned.")
    assert error == "read without a part that cannot be read: the book has no two.xhtml"
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:  # not compressed
        for name, content in PARTS.items():
            archive.writestr(name, content)
    broken = stored.getvalue().replace("Müller".encode(), b"Moeller")
    found, (error,) = everything(broken)
    assert found.text.startswith("One\n\nThe wheel turned.")
    assert error.startswith("read without a part that cannot be read: two.xhtml: Bad CRC-32")


@pytest.mark.parametrize(
    "media_type",
    [
        *(
            "text/x-oeb1-document",
            "application/xml",
            "text/xml",
            "Application/XHTML+XML",
            "text/html; charset=utf-8",
        ),
        *("application/x-dtbook+xml", "application/octet-stream", "", "text/plain"),
    ],
)
def test_epub_chapters_of_other_media_types(media_type: str) -> None:
    package = PACKAGE.replace(
        'two.xhtml" media-type="application/xhtml+xml"', f'two.xhtml" media-type="{media_type}"'
    )
    assert package != PACKAGE
    page = "Müller & Söhne" if media_type == "text/plain" else TWO
    found, lost = everything(epub(PARTS | {"OPS/package.opf": package, "two.xhtml": page}))
    assert (found.text[:30], lost) == ("Müller & Söhne\n\nOne\n\nThe wheel", [])


def test_epub_chapters_of_dtbook() -> None:
    package = PACKAGE.replace(
        'two.xhtml" media-type="application/xhtml+xml"', 'two.xhtml" media-type="application/x-dtbook+xml"'
    )
    lines = "<linegroup><line>Tyger Tyger,</line><line>burning bright</line></linegroup>"
    body = f"<level1><h1>II</h1><p>A wheel.</p>{lines}</level1>"
    chapter = f"<dtbook><book><bodymatter>{body}</bodymatter></book></dtbook>"
    found, lost = everything(epub(PARTS | {"OPS/package.opf": package, "two.xhtml": chapter}))
    assert (found.text[:43], lost) == ("II\n\nA wheel.\n\nTyger Tyger,\nburning bright\n\n", [])


def test_epub_items_that_are_no_chapter() -> None:
    package = PACKAGE.replace(
        '<item id="note"', '<item id="map" media-type="application/x-map" href="m.bin"/><item id="note"'
    )
    package = package.replace(
        '<itemref idref="two"/>', '<itemref idref="map"/><itemref idref="gone"/><itemref idref="two"/>'
    )
    found, lost = everything(epub(PARTS | {"OPS/package.opf": package, "OPS/m.bin": "..."}))
    assert found.text.startswith("Müller & Söhne")
    assert [error.removeprefix("read without a part that cannot be read: ") for error in lost] == [
        "OPS/m.bin: a chapter of the media type 'application/x-map', which is not read",
        "the book has no gone (an item of the reading order that the manifest does not have)",
    ]
    with_fallback = package.replace('href="m.bin"', 'href="m.bin" fallback="two"').replace(
        '<itemref idref="gone"/>', ""
    )
    found, lost = everything(epub(PARTS | {"OPS/package.opf": with_fallback}))
    assert (found.text.count("Müller"), lost) == (2, [])


@pytest.mark.parametrize("href", ["../TWO.xhtml", "..\\two.xhtml", "../two.xhtml#start", "../%74wo.xhtml"])
def test_epub_paths_as_programs_write_them(href: str) -> None:
    found, lost = everything(epub(PARTS | {"OPS/package.opf": PACKAGE.replace("../two.xhtml", href)}))
    assert (found.text[:6], lost) == ("Müller", [])


def zipped(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_zip_archives_of_texts() -> None:
    found, lost = everything(zipped({"12345.txt": HEADER + BODY + FOOTER, "cover.jpg": b"\xff\xd8"}))
    assert (found, lost) == (
        Record(0, BODY, None, "The Mill and the Brook, by Anna Miller", None, *UTF_8),
        [],
    )
    parts = {"b-10.txt": "ten", "b-2.txt": HEADER + "two" + FOOTER, "b-1.TXT": "one", "b-3.txt": b"\0\0"}
    found, (error,) = everything(zipped(parts))
    assert found.text == "one\n\ntwo\n\nten"
    assert error == "read without a part that cannot be read: b-3.txt: the file holds NUL bytes: not a text"
    found, lost = everything(zipped({"book-h/book.htm": TWO, "book-h/p.png": b""}))
    assert (found.text, lost) == ("Müller & Söhne", [])
    found, lost = everything(zipped({"book-h/book.htm": TWO, "book.txt": "Müller"}))
    assert (found.text, lost) == ("Müller", [])


def test_zip_archives_without_text_are_failures() -> None:
    for content in (zipped({"a.bin": b"x"}), zipped({}), zipped({"a.txt": b"\0"})):
        assert isinstance(only(content), Failure)


ENTITIES = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'


def test_epub_entities_are_not_expanded() -> None:
    chapter = f"{ENTITIES}<html><body><p>x&b;&f;y</p></body></html>"
    text = book(epub(PARTS | {"two.xhtml": chapter})).text
    assert "lol" not in text.replace('"lol"', "")
    assert "root:" not in text
    package = PACKAGE.replace("<package", f"{ENTITIES}<package").replace("Anna Miller", "&b;&f;")
    assert book(epub(PARTS | {"OPS/package.opf": package})).title == "The Mill"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"META-INF/container.xml": "<a"}, "container.xml"),
        ({"META-INF/container.xml": "<a/>"}, "no package document"),
        ({"OPS/package.opf": PACKAGE.replace(">\n<spine", "/><spine")}, "package.opf: "),
        (
            {"OPS/package.opf": PACKAGE.replace(".xhtml", ".gone")},
            "has no two.gone; the book has no OPS/text/one .gone",
        ),
        (
            {
                "META-INF/encryption.xml": "<encryption><EncryptedData><EncryptionMethod "
                'Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></EncryptedData></encryption>'
            },
            "encrypted",
        ),
    ],
)
def test_bad_epubs_are_failures(parts: dict[str, str], reason: str) -> None:
    found = only(epub(PARTS | parts))
    assert isinstance(found, Failure)
    assert reason in found.error


def test_obfuscated_fonts_are_no_encryption() -> None:
    method = '<EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/>'
    parts = {"META-INF/encryption.xml": f"<encryption><EncryptedData>{method}</EncryptedData></encryption>"}
    assert book(epub(PARTS | parts)).text


def test_truncated_epubs_and_other_zips_are_failures() -> None:
    assert isinstance(only(epub(PARTS)[:-100]), Failure)
    assert isinstance(only(epub({"a.bin": "b"})), Failure)


def test_epub_bombs_are_failures() -> None:
    book, lost = read(
        Input("x", io.BytesIO(epub(PARTS | {"two.xhtml": " " * 300_000})), Limits(record_bytes=200_000))
    )
    assert isinstance(book, Record)
    assert isinstance(lost, Failure)
    assert "over the limit" in lost.error
    found = only(epub(PARTS | {"two.xhtml": " " * 199_900}), Limits(record_bytes=200_000))
    assert isinstance(found, Failure)


@pytest.mark.skipif(not BOOK_SAMPLE.exists(), reason="the sample is not there")
def test_books_of_the_sample() -> None:
    assert any(BOOK_SAMPLE.iterdir())
    for path in BOOK_SAMPLE.iterdir():
        found = book(path.read_bytes())
        assert len(found.text) > 80_000
        assert "small print" not in found.text.lower()


@pytest.mark.skipif(not BOOKS.exists(), reason="../shared/data/books is not there")
def test_books_without_boilerplate_keep_every_word() -> None:
    for path in BOOKS.iterdir():
        content = path.read_bytes()
        assert book(content).text.split() == content.decode("utf-8-sig").split()


PAGE = "<!DOCTYPE html><html><head><title>The Mill</title></head><body><h1>The Mill</h1>%s</body></html>"
PROSE = "<p>The wheel turned, and the end of the day came.</p><p>Nobody was there who could have seen it.</p>"


def test_a_book_that_is_a_page() -> None:
    found = book((PAGE % PROSE).encode())
    assert found.text == (
        "The Mill\n\nThe wheel turned, and the end of the day came.\n\nNobody was there who could have seen it."
    )
    assert found.title == "The Mill"
    assert book(gzip.compress((PAGE % PROSE).encode())).text == found.text
    assert book(PROSE.encode()).text == found.text.removeprefix("The Mill\n\n")


def test_a_page_of_project_gutenberg() -> None:
    header, footer = (f"<pre>{part}</pre>" for part in (HEADER, FOOTER))
    found = book((PAGE % (header + PROSE + footer)).encode())
    assert found.title == "The Mill and the Brook, by Anna Miller"
    assert found.text.startswith("The wheel turned")
    assert "Gutenberg" not in found.text


@pytest.mark.parametrize("form", ["pdf", "docx", "odt"])
def test_books_from_office_and_print(form: str) -> None:
    title = "The Mill"
    text = "The wheel turned."
    content = {
        "pdf": lambda: pdf([text], title=title),
        "docx": lambda: docx(f"<w:p>{run(text)}</w:p>"),
        "odt": lambda: odt(f"<text:p>{text}</text:p>"),
    }[form]()
    found = book(content)
    assert (found.text, found.title, found.offset) == (text, title, 0)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"text": "a book"}\n', "JSON lines, and kind books reads"),
        (b'[{"text": "a book"}]', "JSON lines, and kind books reads"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG image"),
        (b"PAR1" + bytes(100), "a Parquet file, and kind books reads .*; kind text or news or code reads it"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n", "a web archive"),
        (b"<mediawiki><page/></mediawiki>", "a MediaWiki dump"),
        (b"<?xml version='1.0'?><feed/>", "an XML file"),
    ],
)
def test_what_is_no_book_is_named(content: bytes, told: str) -> None:
    found = only(content)
    assert isinstance(found, Failure)
    assert re.search(told, found.error), found.error


@pytest.mark.parametrize(
    "start", ["{1} ", "[1897] ", "ORCHIDS ", "RIFFRAFF ", "ID3 ", "<<Quoted>> ", '["Stop!"] ']
)
def test_prose_that_begins_oddly_is_read(start: str) -> None:
    assert book(f"{start}{BODY}".encode()).text == f"{start}{BODY}".strip()


def test_an_empty_file_is_no_book() -> None:
    assert list(read(Input("x", io.BytesIO(b"")))) == []
    assert list(read(Input("x", io.BytesIO(b" \n")))) == []
