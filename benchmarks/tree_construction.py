"""Trees of pages, beside those of the HTML standard: the share of html5lib's documents whose text is the same.

    python -m benchmarks.tree_construction FOLDER    # html5lib-1.1/html5lib/tests/testdata/tree-construction

The text of an expected tree is that of its body, in the order of the page, without the elements that the reader leaves
out or reads as raw text; compared without white space and the bars between cells. Tests of fragments are left out.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from massivetext.filters.html.page import BLOCKS, JOINED, new_page
from massivetext.filters.html.tokens import read_page

# Elements whose text no reader sees, or that the tree reads by rules of its own (docs/extraction.md).
LEFT_OUT = """
    head script style iframe textarea noembed noframes title audio button canvas datalist map nav object rp rt select
    svg template video noscript label frameset
""".split()  # noqa: SIM905
MARKS = re.compile(r"[\s|\xa0]+")


def documents(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Each document: the file's name, the markup, and its tree."""
    for path in sorted(folder.glob("*.dat")):
        for test in path.read_bytes().decode().split("#data\n")[1:]:
            markup, _, rest = test.partition("\n#errors")
            if "#document-fragment" not in rest and "#document\n" in rest:
                yield path.stem, markup, rest.split("#document\n", 1)[1].rstrip("\n")


def text_of(tree: str) -> str:
    """The text of an expected tree."""
    texts, left_out = [], None
    for node in re.split(r"\n(?=\| )", tree):
        depth = len(node) - len(node[2:].lstrip(" ")) - 2
        content = node[2 + depth :]
        if left_out is not None and depth > left_out:
            continue
        left_out = None
        if found := re.match(r"<(?:svg |math )?([^\s>]+)>", content):
            if found[1] in LEFT_OUT:
                left_out = depth
        elif content.startswith('"'):
            texts.append(content[1:-1])
    return "".join(texts)


def read_text(markup: bytes) -> str:
    """The text of the blocks of a page, in their order."""
    page = new_page(markup)
    read_page(page, len(markup))
    places = [place for place in range(page.open[BLOCKS]) if page.kinds[place] != JOINED]
    return "".join(page.text[page.starts[n] : page.stops[n]].tobytes().decode() for n in places)


def main() -> None:
    """Print the share, and by file how many documents differ. With --list, the documents that differ, too."""
    same, total, differ = 0, 0, {}
    for name, markup, tree in documents(Path(sys.argv[1])):
        expected, found = (MARKS.sub("", each) for each in (text_of(tree), read_text(markup.encode())))
        total += 1
        same += expected == found
        if expected != found:
            differ[name] = differ.get(name, 0) + 1
            if "--list" in sys.argv:
                print(repr(markup[:200]), repr(expected[:80]), repr(found[:80]))
    print(f"{same} of {total} documents have the same text ({same / total:.1%})")
    print("others: " + ", ".join(f"{name} {count}" for name, count in sorted(differ.items())))


if __name__ == "__main__":
    main()
