import codecs

import pytest

from massivetext.pipeline.read.formats.charset import decode_page
from massivetext.pipeline.read.formats.html import MainText, extract

PARAGRAPHS = "<h1>Heading</h1><p>First   paragraph,\nof two <b>lines</b>.</p><p>Second paragraph.</p>"


def test_paragraphs_are_separated_by_blank_lines() -> None:
    page = extract(
        f"<html><head><title> A &amp; B </title></head><body><main>{PARAGRAPHS}</main></body></html>"
    )
    assert page == MainText("A & B", "Heading\n\nFirst paragraph, of two lines.\n\nSecond paragraph.")


def test_list_items_are_lines_with_a_bullet() -> None:
    items = "".join(f"<li>Item {number} of a list, long enough to be text.</li>" for number in range(3))
    lines = extract(
        f"<body><main><p>A list of things follows here:</p><ul>{items}</ul></main></body>"
    ).text.split("\n")
    assert [line.strip() for line in lines if "Item" in line] == [
        f"• Item {number} of a list, long enough to be text." for number in range(3)
    ]


def test_code_is_kept_verbatim() -> None:
    code = "    <span>def</span> f(x):\n    return x\n\n    # two"
    page = extract(f"<body><main>{PARAGRAPHS}<pre>{code}</pre></main></body>")
    assert page.text.endswith("\n\n    def f(x):\n    return x\n\n    # two")


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


TEXT = "A sentence of some length, which is long enough to be taken for running text of the page."


def test_formatting_is_kept() -> None:
    assert extract(f"""<body><div class="top-nav"><a href="/">Home</a> <a href="/x">Products</a></div>
        <article><h1>Title</h1><p>{TEXT}</p><h2>Empty</h2><h2>Lists</h2>
        <ul><li>One<ul><li><p>Inner</p><p>{TEXT}</p></li></ul></li><li>Two</li></ul>
        <table><tr><th>Name</th><th>Size</th></tr><tr><td><p>a &lt; b</p></td><td>1</td></tr></table>
        <p>First line<br>second&nbsp;line<br><br>Next par\u00adagraph, {TEXT}</p></article>
        <div id="comments"><p>{TEXT} says a reader.</p></div></body>""").text == (
        f"Title\n\n{TEXT}\n\nLists\n\n• One\n  • Inner\n\n{TEXT}\n\n• Two\n\n"
        f"Name | Size\na < b | 1\n\nFirst line\nsecond line\n\nNext paragraph, {TEXT}"
    )


LINKS = "".join(
    f'<li><a href="/{number}">Another story of today, number {number}</a></li>' for number in range(9)
)


@pytest.mark.parametrize(
    "boilerplate",
    [
        f"<nav>{TEXT}</nav>",
        f"<footer>{TEXT}</footer>",
        f"<div class='siteFooter'>{TEXT}</div>",
        f"<div role=complementary>{TEXT}</div>",
        f"<div style='display: none'>{TEXT}</div>",
        f"<div>{LINKS}</div>",
        f"<ul>{LINKS}</ul>",
        f"<div><h3>More</h3><p><a href=/>{TEXT[:70]}</a></p><p>{TEXT[:70]}</p></div>",
        "<p>Imprint</p>",
    ],
)
def test_what_is_not_main_content_is_left_out(boilerplate: str) -> None:
    main = [f"{TEXT} The {number}th of them." for number in range(6)]
    paragraphs = "".join(f"<p>{text}</p>" for text in main)
    for page in (
        f"<div>{boilerplate}</div><div>{paragraphs}</div>",
        f"<div>{paragraphs}</div><div>{boilerplate}</div>",
    ):
        assert extract(f"<body>{page}</body>").text == "\n\n".join(main)


@pytest.mark.parametrize("wrong", ["sidebar", "footer", "comments", "cookie-consent"])
def test_signs_that_hold_the_whole_page_are_wrong(wrong: str) -> None:
    assert (
        extract(f"<body><div class={wrong}><p>{TEXT}</p><p>{TEXT}</p></div></body>").text
        == f"{TEXT}\n\n{TEXT}"
    )


def test_what_leads_the_main_content_belongs_to_it() -> None:
    body = "".join(f"<p>{TEXT}</p>" for _ in range(20))
    page = f"<div><div><h1>Title</h1><p>{TEXT} The lead.</p></div><article>{body}</article></div>"
    assert extract(page).text.startswith(f"{TEXT} The lead.\n\n{TEXT}")


def test_short_blocks_at_the_level_of_running_text_stay() -> None:
    assert extract(f"<div><p>Hello!</p><p>{TEXT}</p><p>Goodbye!</p></div><p>Imprint</p>").text == (
        f"Hello!\n\n{TEXT}\n\nGoodbye!"
    )


@pytest.mark.parametrize("text", ["记者从会议上获悉，" * 6, "ข่าวภาษาไทย" * 10, "Новости дня, " * 8])
def test_scripts_that_say_more_with_each_sign(text: str) -> None:
    links = "".join(f"<a href=/{number}>{text[:8]}</a> " for number in range(9))
    assert extract(f"<body><div>{links}</div><div><p>{text}</p></div></body>").text == text.strip()


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + TEXT,
        "<DIV><article class=x>" * 50_000 + TEXT + "</article></DIV>" * 50_000,
        "<ul><li>" * 50_000 + TEXT,
        "<table><tr><td>x<td>" * 30_000 + TEXT,
        "<blockquote><b>" * 30_000 + TEXT,
    ],
)
def test_deep_nesting_is_read(html: str) -> None:
    assert TEXT in extract(html).text


def test_wide_pages_are_read() -> None:
    assert extract("<main>" + f"<div>{TEXT}</div>" * 20_000 + "</main>").text.count(TEXT) == 20_000


@pytest.mark.parametrize(
    "html",
    [
        f"<p a\"b='c\">'>{TEXT}</p>",
        f'<p title="a > b" data-x=\'"\'>{TEXT}</p>',
        f"<p =x>{TEXT}",
        f'<p ">{TEXT}</p>',
        f"</div></p>{TEXT}</td></tr>",
        f"<p>{TEXT}<script>'</p>'</script></p>",
        f"<!-- > --><p>{TEXT}</p><!-- <p> -- > --!>",
        f"<td>{TEXT}</td></tr><tr>",
        f"<map-view>{TEXT}</map-view>",
    ],
)
def test_broken_markup(html: str) -> None:
    assert extract(html).text.endswith(TEXT[20:])


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
    assert decode_page(html, declared).text.endswith(GERMAN)


def test_the_meta_element_tells_what_detection_cannot() -> None:
    html = "<p>Příliš žluťoučký kůň</p>"
    page = decode_page(b'<meta charset="iso-8859-2">' + html.encode("iso-8859-2"))
    assert page.text.endswith(html)


def test_undecodable_bytes_become_replacement_characters() -> None:
    assert decode_page(GERMAN.encode() + b"\xff", "utf-8").text == GERMAN + "\ufffd"
    assert "\ud800" not in decode_page(b"\xff\xfe\x00\xd8").text
