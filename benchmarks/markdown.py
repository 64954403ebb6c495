"""Whether the Markdown of pages is read back as the same blocks: python -m benchmarks.markdown WCXB.jsonl.zst

markdown-it-py parses it, with the tables of GitHub, definition lists, and formulas as this project writes them. The
blocks are the same if their kinds, the quotes, items and definitions around them, and their texts are, but for white
space. The pages are those of `make benchmark-extract`: all sets that it has downloaded, and WCXB's.
"""

import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

from benchmarks import extract_pages, extract_wcxb
from massivetext.filters.html import main_text
from massivetext.filters.html.choice import new_choice
from massivetext.filters.html.choose import choose
from massivetext.filters.html.markdown import DEEPEST, write_markdown
from massivetext.filters.html.page import BLOCKS, CODE, HEADING, JOINED, Page
from massivetext.filters.html.tags import TREE

FOLDER = Path(__file__).parent.parent / "build" / "extract"
FORMULA = re.compile(r"\\\(.+?\\\)|\\\[.+?\\\]|\$\$.+?\$\$")


class Block(NamedTuple):
    """A block: its kind, what it stands in, from the outside, and its text without white space."""

    kind: str
    around: tuple[str, ...]
    text: str


def main() -> None:
    """Print the share of pages that come back, of their main text and of all their text."""
    pages = [("wcxb", page.html) for page in extract_wcxb.load(Path(sys.argv[1]))]
    pages += [(page.source, page.html) for page in extract_pages.load(FOLDER)]
    same: Counter[str] = Counter()
    for number, (source, html) in enumerate(pages):
        page = main_text._read(html.encode("utf-8", "replace"))
        for what, kept in (
            ("main text", _main(page)),
            ("all text", page.kinds[: page.open[BLOCKS]] != JOINED),
        ):
            expected, found = of_page(page, kept), of_markdown(write_markdown(page, kept))
            same[what] += expected == found
            same[f"blocks of {what}"] += len(expected)
            if expected != found and len(sys.argv) > 2:
                pairs = zip([*expected, None], [*found, None], strict=False)
                print(number, source, what, next((pair for pair in pairs if pair[0] != pair[1]), "more"))
    print("| of each page | blocks | pages | the same blocks | share |\n|---|---|---|---|---|")
    for what in ("main text", "all text"):
        blocks, count = same[f"blocks of {what}"], same[what]
        print(f"| {what} | {blocks} | {len(pages)} | {count} | {count / len(pages):.4f} |")


def _main(page: Page) -> np.ndarray:
    article, parts = new_choice(page), new_choice(page)
    return article.kept if choose(page, article, parts, True) else parts.kept


def _packed(text: str) -> str:
    """A text without white space, and without the bars that stand between cells."""
    return "".join(text.replace("|", " ").split())


def of_page(page: Page, kept: np.ndarray) -> list[Block]:
    """The blocks of a page that are kept."""
    found: list[Block] = []
    before: tuple[int, ...] = ()
    explained: set[int] = set()  # the definitions that have a term
    for block in np.flatnonzero(kept).tolist():
        path, number = [], int(page.elements[block])
        while number > 0:
            path.append(number)
            number = int(page.parents[number])
        path.reverse()
        around, kind, text = [], "paragraph", page.text[page.starts[block] : page.stops[block]].tobytes()
        for place, number in enumerate(path):
            tag = TREE[page.tags[number]]
            if tag == "dd" and _is_explained(page, path[:place], before, explained):
                explained.add(number)
            if tag in ("blockquote", "li") or number in explained:
                around.append({"li": "item", "dd": "definition"}.get(tag, "quote"))
        if page.kinds[block] == HEADING:
            kind = f"h{page.levels[block]}"
            text = text.removesuffix("¶".encode()).rstrip() or text
        elif page.kinds[block] == CODE:
            kind = "code"
        before = tuple(path)
        found.append(Block(kind, tuple(around[:DEEPEST]), _packed(text.decode("utf-8", "replace"))))
    return found


def _is_explained(page: Page, above: Sequence[int], before: Sequence[int], explained: set[int]) -> bool:
    """Whether a definition follows a term of its list, or goes on or follows another definition that has a term."""
    place = len(above)
    if len(before) <= place or list(before[:place]) != list(above):
        return False
    return before[place] in explained or TREE[page.tags[before[place]]] == "dt"


def of_markdown(text: str) -> list[Block]:
    """The blocks of a Markdown text."""
    parser = (
        MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"]).use(deflist_plugin)
    )
    parser.inline.ruler.before("escape", "formula", _formula)
    found: list[Block] = []
    around: list[str] = []
    kind, row = "paragraph", ""
    names = {"blockquote": "quote", "list_item": "item", "dd": "definition"}
    for token in parser.parse(text):
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "tr_open":
            row, kind = "", "row"
        elif token.type == "tr_close":
            found.append(Block("paragraph", tuple(around), row))
            kind = "paragraph"
        elif name in names:
            around = [*around, names[name]] if token.nesting > 0 else around[:-1]
        elif token.type == "heading_open":
            kind = token.tag
        elif token.type == "heading_close":
            kind = "paragraph"
        elif token.type == "fence":
            found.append(Block("code", tuple(around), _packed(token.content)))
        elif token.type == "inline" and kind == "row":
            row += _plain(token.children or [])
        elif token.type == "inline":
            found.append(Block(kind, tuple(around), _plain(token.children or [])))
        elif token.type in ("hr", "html_block", "code_block"):
            found.append(Block(token.type, tuple(around), token.content))
    return found


def _formula(state: StateInline, silent: bool) -> bool:
    found = FORMULA.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("text", "", 0).content = found[0]
    state.pos = found.end()
    return True


def _plain(tokens: Sequence[Token]) -> str:
    """The text of an inline token; what is neither text nor a line break stands in it by its name."""
    texts = (
        token.content
        if token.type in ("text", "text_special")
        else ""
        if token.type in ("softbreak", "hardbreak")
        else f"<{token.type}>"
        for token in tokens
    )
    return _packed("".join(texts))


if __name__ == "__main__":
    main()
