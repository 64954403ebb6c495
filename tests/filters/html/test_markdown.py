"""Markdown of pages, and that a parser reads it back as the same blocks."""

import numpy as np
import pytest

from benchmarks.markdown import of_markdown, of_page
from massivetext.filters.html.main_text import main_text, whole_text
from massivetext.filters.html.markdown import DEEPEST, write_markdown
from massivetext.filters.html.page import BLOCKS, JOINED, new_page
from massivetext.filters.html.style import Style
from massivetext.filters.html.tokens import read_page
from tests.filters.html.pages import PARAGRAPHS

MARKDOWN = Style(markdown=True)
HEADED = "<table><tr><th>a<th>b</tr>"


def written(html: str) -> str:
    """All of a page as Markdown, which is parsed, too: its blocks must come back."""
    page = new_page(html.encode())
    read_page(page, len(html.encode()))
    kept = page.kinds[: page.open[BLOCKS]] != JOINED
    text = write_markdown(page, np.asarray(kept))
    assert of_markdown(text) == of_page(page, kept)
    return text


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h1>A</h1><h3>B<br>c #</h3>", "# A\n\n### B c \\#"),
        ("<p>a<br>b<p>c", "a  \nb\n\nc"),
        ("<a href=x>link</a> text", "link text"),
        ("<ul><li>a<ul><li>b<li>c</ul><li>d</ul>", "- a\n  - b\n  - c\n- d"),
        ("<ul><li>a</ul><ul><li>b</ul><ul><li>c</ul>", "- a\n* b\n- c"),
        ("<ol><li>a<ol><li>b</ol><li>c</ol>", "1. a\n   1. b\n2. c"),
        ("<ol start=9><li>a<li>b<p>more</ol>", "9. a\n10. b\n\n    more"),
        ("<ol><li>a</ol><ol><li>b</ol>", "1. a\n1) b"),
        ("<p>x<ol start=3><li>a</ol>", "x\n\n3. a"),
        ("<ul><li><ul><li>a</ul></ul>", "- - a"),
        ("<ul><li><h2>a</h2><p>b</ul>", "- ## a\n\n  b"),
        ("<blockquote><p>a<p>b</blockquote>c", "> a\n>\n> b\n\nc"),
        ("<blockquote>a</blockquote><blockquote>b</blockquote>", "> a\n\n> b"),
        ("<blockquote><ul><li>a<blockquote>b</blockquote></ul></blockquote>", "> - a\n>\n>   > b"),
        ("<dl><dt>a<dd>b<dd>c<p>d</dl>", "a\n:   b\n\n:   c\n\n    d"),
        ("<dl><dd>b</dl>", "b"),
        (HEADED + "<tr><td>1<td>2</table>", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        (HEADED + "<tr><td><td>2<tr><td>3</table>", "| a | b |\n| --- | --- |\n|  | 2 |\n| 3 |  |"),
        (
            HEADED + "<tr><td>1|2<td><p>3<p>4<td>5</table>",
            "| a | b |  |\n| --- | --- | --- |\n| 1\\|2 | 3 4 | 5 |",
        ),
        ("<table><tr><td><a href=x>a</a><td><a href=y>b</a></table>", "| a | b |\n| --- | --- |"),
    ],
)
def test_structure(html: str, markdown: str) -> None:
    assert written(html) == markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<pre>  a\n\n    b\n</pre>", "```\n  a\n\n    b\n```"),
        ("<pre><code class='hljs language-python'>x</code></pre>", "```python\nx\n```"),
        (
            "<div class='highlight-rust notranslate'><div class=highlight><pre>x</pre></div></div>",
            "```rust\nx\n```",
        ),
        ("<div class='highlight highlight-source-js'><pre>x</pre></div>", "```js\nx\n```"),
        ("<pre class='brush: java'>x</pre>", "```java\nx\n```"),
        ("<pre class='highlight'>x</pre>", "```\nx\n```"),
        ("<pre>a ```` b</pre>", "`````\na ```` b\n`````"),
        ("<ul><li>a<pre>b\n  c</pre></ul>", "- a\n\n  ```\n  b\n    c\n  ```"),
    ],
)
def test_code_has_its_indentation_and_language(html: str, markdown: str) -> None:
    assert written(html) == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("snake_case 2 * 3 [a] (b) 5_000 a~b", "snake_case 2 * 3 [a] (b) 5_000 a~b"),
        ("_a_ *b* __init__ `c` ~~d~~", r"\_a\_ \*b\* \_\_init\_\_ \`c\` \~\~d\~\~"),
        ("[a](b) ![c](d) [e]: f", r"[a\](b) \![c\](d) [e\]: f"),
        ("&lt;b> a &lt; b &lt;http://x> &amp;amp; AT&amp;T", r"\<b> a < b \<http://x> \&amp; AT&T"),
        (r"C:\new \* \\", r"C:\new \\\* \\\\"),
        ("# a", r"\# a"),
        ("#a", "#a"),
        ("- a", r"\- a"),
        ("+1", "+1"),
        ("1. a", r"1\. a"),
        ("1.5", "1.5"),
        ("&gt; a", r"\> a"),
        (": a", r"\: a"),
        ("---", r"\---"),
        ("~~~", r"\~\~\~"),
        ("| --- | --- |", r"\| --- | --- |"),
        (r"\(a_1 * b_2\) and $$x_1$$ and _x_", r"\(a_1 * b_2\) and $$x_1$$ and \_x\_"),
    ],
)
def test_signs_that_markdown_would_read_are_escaped_and_no_others(text: str, markdown: str) -> None:
    assert written(f"<p>{text}") == markdown


def test_deep_quotes_are_one() -> None:
    assert written("<blockquote>" * 2 * DEEPEST + "a") == "> " * DEEPEST + "a"


def test_main_text_and_whole_text_are_written_so() -> None:
    page = f"<h1>Title</h1>{PARAGRAPHS}<ul><li>one</ul>".encode()
    assert main_text(page, MARKDOWN).text.endswith("\n\n- one")
    assert whole_text(page, MARKDOWN).startswith("# Title\n\n")


def test_text_of_scripts_is_escaped() -> None:
    page = f'<script type="application/ld+json">{{"articleBody": "{"*A* sentence. " * 20}"}}</script>'
    assert main_text(page.encode(), MARKDOWN).text.startswith(r"\*A\* sentence.")
