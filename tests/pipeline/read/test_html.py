import codecs

import pytest

from pipeline.read.html import NestingError, Page, decode, extract

PARAGRAPHS = "<h1>Heading</h1><p>First   paragraph,\nof two <b>lines</b>.</p><p>Second paragraph.</p>"


def test_paragraphs_are_separated_by_blank_lines() -> None:
    page = extract(
        f"<html><head><title> A &amp; B </title></head><body><main>{PARAGRAPHS}</main></body></html>"
    )
    assert page == Page("A & B", "Heading\n\nFirst paragraph, of two lines.\n\nSecond paragraph.")


def test_list_items_are_lines_with_a_bullet() -> None:
    items = "".join(f"<li>Item {number} of a list, long enough to be text.</li>" for number in range(3))
    lines = extract(
        f"<body><main><p>A list of things follows here:</p><ul>{items}</ul></main></body>"
    ).text.split("\n")
    assert [line.strip() for line in lines if "Item" in line] == [
        f"• Item {number} of a list, long enough to be text." for number in range(3)
    ]


def test_code_is_kept_verbatim() -> None:
    code = "def f(x):\n    return x\n\n    # two"
    assert code in extract(f"<body><main>{PARAGRAPHS}<pre><code>{code}</code></pre></main></body>").text


def test_what_is_no_text_is_left_out() -> None:
    page = extract(
        f"<body><nav><a href='/'>Home</a></nav><script>var x;</script><style>p {{}}</style>"
        f"<main>{PARAGRAPHS}</main><!-- note --><footer>Imprint</footer></body>"
    )
    assert not {"Home", "var", "{}", "note", "Imprint"} & set(page.text.split())


@pytest.mark.parametrize("html", ["", " ", "<html></html>", "<script>x()</script>", "\0"])
def test_a_page_without_text_is_empty(html: str) -> None:
    assert extract(html).text.strip("\0 ") == ""
    assert extract(html).title is None


def test_deep_nesting_is_refused_and_wide_pages_are_not() -> None:
    with pytest.raises(NestingError, match="nested too deeply"):
        extract("<div>" * 100_000 + "text")
    with pytest.raises(NestingError):
        extract("<DIV><article class=x>" * 50_000 + "</article></DIV>" * 50_000)
    assert extract("<main>" + "<div>text of a part</div>" * 50_000 + "</main>").text.count("text") == 50_000


GERMAN = "<p>Größe und Schönheit, „Zitat“, Straße</p>"


@pytest.mark.parametrize(
    ("html", "declared"),
    [
        (GERMAN.encode(), None),
        (GERMAN.encode(), "UTF-8"),
        (GERMAN.encode("cp1252"), "windows-1252"),
        (GERMAN.encode("cp1252"), "iso-8859-1"),  # as browsers read it
        (GERMAN.encode("cp1252"), None),
        (b'<meta charset="windows-1252">' + GERMAN.encode("cp1252"), None),
        (codecs.BOM_UTF8 + GERMAN.encode(), "windows-1252"),
        (codecs.BOM_UTF16_LE + GERMAN.encode("utf-16-le"), None),
        (codecs.BOM_UTF16_BE + GERMAN.encode("utf-16-be"), "utf-8"),
        (GERMAN.encode("utf-16-be"), "utf-16be"),
        (GERMAN.encode(), "no-such-charset"),
    ],
)
def test_encodings(html: bytes, declared: str | None) -> None:
    assert decode(html, declared).endswith(GERMAN)


def test_the_meta_element_tells_what_detection_cannot() -> None:
    html = "<p>Příliš žluťoučký kůň</p>"
    assert decode(b'<meta charset="iso-8859-2">' + html.encode("iso-8859-2")).endswith(html)


def test_undecodable_bytes_become_replacement_characters() -> None:
    assert decode(GERMAN.encode() + b"\xff", "utf-8") == GERMAN + "\ufffd"
    assert decode(b"\xff\xfe\x00\xd8", None) == "\ufffd\ufffd" or "\ud800" not in decode(b"\xff\xfe\x00\xd8")
