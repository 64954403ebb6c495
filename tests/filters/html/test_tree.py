"""Against resiliparse's parser (lexbor), which follows HTML's rules to the letter: all text must be found, and
nothing else."""

import gzip
import re
from collections import Counter
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st
from resiliparse.parse.html import HTMLTree

from massivetext.filters.html.page import BLOCKS, JOINED, ROW, Page, new_page
from massivetext.filters.html.tokens import read_page
from massivetext.pipeline.read.formats.charset import decode_page

LEFT_OUT = (
    "script style noscript iframe textarea xmp noembed noframes title audio button canvas datalist map nav object"
    " rp rt select svg template video label"
)


def blocks(html: str) -> list[str]:
    """The text of each block of a page."""
    data = html.encode()
    page: Page = new_page(data)
    read_page(page, len(data))
    return [
        page.text[page.starts[block] : page.stops[block]].tobytes().decode()
        for block in range(page.open[BLOCKS])
        if page.kinds[block] != JOINED
    ]


def ours(html: str) -> Counter[str]:
    data = html.encode()
    page: Page = new_page(data)
    read_page(page, len(data))
    signs: Counter[str] = Counter()
    for block in range(page.open[BLOCKS]):
        text = page.text[page.starts[block] : page.stops[block]].tobytes().decode()
        if page.kinds[block] == ROW:
            signs["|"] -= text.count(" | ")
        if page.kinds[block] != JOINED:
            signs.update(text)
    return +Counter({sign: count for sign, count in signs.items() if not sign.isspace()})


def theirs(html: str) -> Counter[str]:
    tree = HTMLTree.parse(html)
    for name in LEFT_OUT.split():
        for element in list(tree.document.get_elements_by_tag_name(name)):
            if element.parent:
                element.parent.remove_child(element)
    text = tree.body.text if tree.body else ""
    return Counter(sign for sign in text if not sign.isspace() and sign != "\xad")


PIECES = [
    *("<div>", "</div>", "<p>", "</p>", "<p class=a>", "<b>", "</b>", "<a href=x>", "</a>", "<br>", "<hr>"),
    *("<ul>", "<li>", "</li>", "</ul>", "<h2>", "</h2>", "<h3>", "<pre>", "</pre>", "<dl>", "<dt>", "<dd>"),
    *(
        "<table>",
        "<tr>",
        "<td>",
        "<th>",
        "</td>",
        "</tr>",
        "</table>",
        "<tbody>",
        "<caption>",
        "<form>",
        "</form>",
    ),
    *(
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<!--",
        "-->",
        "--!>",
        "<!",
        "<?",
        "</",
        "<",
        ">",
        "/>",
    ),
    *(
        "=",
        '"',
        "'",
        " ",
        "\n",
        "-",
        "/",
        "&",
        "&amp;",
        "&lt",
        "&notit;",
        "&#x41;",
        "&#65",
        "&#",
        ";",
        "x",
        "é",
    ),
    *("<span a='", '<p b="', "<em c=d ", "漢字", "a b", "&nGt;", "\xa0", "</ p>", "<3", "<x-y>", "</x-y>"),
]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_text_of_any_markup(html: str) -> None:
    assert ours("<body>" + html) == theirs("<body>" + html)


def test_text_of_real_pages(shared_data: Path) -> None:
    pages, same = 0, 0
    with gzip.open(shared_data / "web/debian-html-01.warc.gz") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
            html = decode_page(record.reader.read()).text
            pages += 1
            same += ours(html) == theirs(html)
            if pages == 300:
                break
    assert same == pages


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a<div>b<p>c</div>d", ["a", "b", "c", "d"]),
        ("a<b>b</b>c<br>d<br><br>e", ["abc\nd", "e"]),
        ("<ul><li>a<li>b<ul><li>c</ul>d</ul>", ["a", "b", "c", "d"]),
        ("<table><tr><td>a<td>b<tr><th>c</table>", ["a | b", "c"]),
        ("<table><td>a<td><table><tr><td>b<td>c</table><td>d<td>e</table>", ["a", "b | c", "d | e"]),
        ("<table><tr><td>a<td><ul><li>b</ul><td>c</table>", ["a", "b", "c"]),
        ("<h1>a<h2>b</h3>c", ["a", "b", "c"]),
        ("a<nav>b<div>c</nav>d", ["a", "d"]),
        ("a<select><option>b</select>c", ["ac"]),
        ("a<svg/>b<svg><title>c</title></svg>d", ["abd"]),
        ("a<svg><title/><style/></svg>b", ["ab"]),
        ("a<ruby>漢<rp>(<rt>b<rp>)</ruby>字<ruby>c<rt>d</rt></ruby>e", ["a漢字ce"]),
        ("<p>a<ruby>b<rt>c<p>d", ["ab", "d"]),
        ("<script>'<!--<script></script>-->'</script>a", ["a"]),
        ("<pre>\n a\r\n  b\n</pre>", [" a\n  b"]),
        ("  a \n &nbsp;b\u3000c\xad  ", ["a b c"]),
        ("<body><body class=x>a</body></html>b", ["ab"]),
        ("<div>a<button>b</div>c<p>d", ["ab", "c", "d"]),
        ("<div>a<button>b<p>c</button>d</div>e", ["a", "d", "e"]),
        ("a<span style='display:none'>b<span>c</span>d</span>e<span hidden>f</span>g", ["aeg"]),
        ("<p>a<span hidden>b<p>c", ["a", "c"]),
        ("a<template>b</template>c<template shadowrootmode=open><p>d</p></template>e", ["ac", "d", "e"]),
        ("a<label>b</label>c<noscript>d</noscript>e", ["ace"]),
    ],
)
def test_blocks(html: str, expected: list[str]) -> None:
    assert blocks(html) == expected


SIZE = 1 << 20


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "<div>x",
            "<ul><li>x",
            "<table><tr><td>x",
            "<td>x",
            "<h1>x",
            "<dl><dd><div><p>",
            "<select><p>",
            "<svg>",
        ),
        *(
            "<",
            "<a",
            "</",
            "<!--",
            "<p a='",
            "<script><!--</script>",
            "<script><!--<script>",
            "<p class=a-b-c ",
            "&",
        ),
        *("&#1", "&CounterClockwiseContourIntegra", "x<br><br>", "</section>", "\x00", "<title>"),
    ],
)
def test_a_megabyte_of_anything_stays_in_bounds(unit: str) -> None:
    text = "".join(blocks(unit * (SIZE // len(unit))))
    assert len(text.encode()) <= 2 * SIZE
    assert re.fullmatch(r"[^\x00]*", text)
