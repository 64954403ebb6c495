"""Pages that are made to be hard: the seconds of each, and whether a byte costs more in a longer page:
python -m benchmarks.extract_worst
"""

import resource
import time
from collections.abc import Iterator

from massivetext.filters.html.main_text import main_text
from massivetext.pipeline.read.formats.html import MOST_BYTES

TEXT = "A sentence of some length, which is long enough to be taken for running text of the page."
SHOWN = 10


def _fit(unit: str, size: int) -> str:
    return (unit * (size // len(unit) + 1))[:size]


def cases(n: int) -> Iterator[tuple[str, str]]:
    """Pages of about n bytes that are made to be hard."""
    yield "nested divs", _fit("<div>", n)
    yield "nested divs with text", _fit("<div>x", n)
    yield "labels that are not closed", _fit("<label><b>x", n)
    yield "nested lists", _fit("<ul><li>x", n)
    yield "nested tables", _fit("<table><tr><td>x", n)
    yield "tables with rows of cells", "<table>" + _fit("<tr><td>x<td>y", n)
    yield "one row of cells", "<table><tr>" + _fit("<td>x", n)
    yield "nested blockquote/b", _fit("<blockquote><b>", n)
    yield "end tags without start", _fit("<div><p></section>", n)
    yield "deep then wrong ends", "<section>" + "<div>" * 600 + _fit("</section></p></li></td>", n)
    yield "in a cell: deep then wrong ends", "<div><table><tr><td>" + "<section>" * 500 + _fit("</div>", n)
    yield (
        "fonts, then paragraphs",
        "<p>" + "".join(f"<font id={i}>" for i in range(n // 34)) + "</p>" + _fit("<p>x</p>", n // 2),
    )
    yield "attributes", "<p " + _fit("a=b ", n) + ">" + TEXT
    yield "attributes without end", "<p " + _fit("class=x ", n)
    yield "class of many words", "<p class='" + _fit("navi-sideba-", n) + "'>" + TEXT
    yield "many long classes", _fit("<p class='" + "a-" * 250 + "'>", n)
    yield "text", _fit(TEXT + " ", n)
    yield "<", _fit("<", n)
    yield "<a", _fit("<a", n)
    yield "</", _fit("</", n)
    yield "<!--", _fit("<!--", n)
    yield "<!-- >", _fit("<!-- >", n)
    yield "<script>", _fit("<script>", n)
    yield "<script><!--</script>", _fit("<script><!--</script>", n)
    yield "<script><!--<script>", _fit("<script><!--<script>", n)
    yield "<script></script>", _fit("<script></script>", n)
    yield "&", _fit("&", n)
    yield "&amp", _fit("&amp", n)
    yield "&#", _fit("&#1", n)
    yield "&CounterClockwiseContourIntegra", _fit("&CounterClockwiseContourIntegra", n)
    yield "<p a='", _fit("<p a='", n)
    yield "<br>", _fit("<br>", n)
    yield "x<br><br>", _fit("x<br><br>", n)
    yield "headings", _fit("<h1>x<h2>y", n)
    yield "headings like the title", f"<title>{'a' * 300}</title>" + _fit(f"<h1>{'a' * 149}b", n)
    yield (
        "articles below a heading",
        "<title>A heading</title><main><article><h1>A heading</h1>"
        + _fit(f"</article><article><p>{TEXT}</p>", n),
    )
    yield (
        "groups after the text",
        f"<main><div>{f'<p>{TEXT}</p>' * 40}</div>" + _fit("<div><p>x<p>y</div>", n),
    )
    yield "lists of links after the text", f"<div><p>{TEXT}</p>" + _fit("<ul><li><a href=x>y</a></ul>", n)
    yield "ruby", _fit("<ruby>x<rt>y", n)
    yield "objects, then readings", "<object>" * 500 + _fit("<rt></rt>", n)
    yield (
        "teasers after the text",
        f"<title>A heading</title><div><h1>A heading</h1><p>{TEXT}</p></div>"
        + _fit(f"<div><h3><a href=x>y</a></h3><p>{TEXT}</p></div>", n),
    )
    yield "nested lists of text", _fit(f"<ul><li>{TEXT}", n)
    yield "links", _fit("<a href=x>y</a> ", n)
    yield "spaces", _fit(" ", n)
    yield "nbsp", _fit("\xa0", n // 2)
    yield "<pre>", "<pre>" + _fit("\r\n ", n)
    yield "<select><p>", _fit("<select><p>", n)
    yield "<svg>", _fit("<svg><title>x</title>", n)
    yield "<title>", _fit("<title>", n)
    yield "<form><table>", _fit("<form><table></form>", n)
    yield "dd dt in divs", _fit("<dl><dd><div><p>", n)
    yield "comments sections", _fit(f"<div class=comments><p>{TEXT}</p></div>", n)
    yield "nested comment sections", _fit(f"<div class=comments><p>{TEXT}</p>", n)
    yield "<math>", _fit("<math>", n)
    yield "<math></math>", _fit("<math><mi>x</mi></math>", n)
    yield "one formula", "<math>" + _fit("<mrow><mi>x</mi>", n) + "</math>"
    yield "katex", _fit('<span class="katex-html">', n)
    yield "data of an article", _fit('<script type="application/ld+json">', n)
    yield "state", _fit("<script type=application/json>[</script>", n)
    yield "descriptions", _fit("<meta name=description ", n)
    yield "long tag name", "<" + _fit("x", n)


def main() -> None:
    """Print the slowest as a Markdown table."""
    main_text(b"<p>x")
    rows = []
    for (name, short), (_, long) in zip(cases(MOST_BYTES // 10), cases(MOST_BYTES), strict=True):
        times = []
        for page in (short.encode(), long.encode()):
            start = time.process_time()
            main_text(page)
            times.append((time.process_time() - start) / len(page))
        rows.append((times[1] * len(long.encode()), times[1] / times[0], name))
    print(
        f"| the slowest of {len(rows)} | seconds | a byte's time, to that in a page a tenth as long |\n|---|---|---|"
    )
    for seconds, ratio, name in sorted(rows, reverse=True)[:SHOWN]:
        print(f"| {name} | {seconds:.2f} | {ratio:.2f} |")
    print(f"\npeak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")


if __name__ == "__main__":
    main()
