"""Renders formulas as web pages do, and reads them back: python -m benchmarks.formulas DUMP.xml.bz2

The formulas are those of a dump of Wikipedia. KaTeX and MathJax come from npm into build/formulas; pandoc and LaTeXML
are used if they are installed. A formula is exact if its TeX comes back, apart from white space. MathJax 3 keeps no
TeX: its formula is exact if the TeX that is read back renders as the same MathML. LaTeXML rewrites the TeX: its formula
is exact if the rewritten TeX comes back.
"""

import bz2
import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from shutil import which

from massivetext.filters.html.main_text import whole_text

FOLDER = Path(__file__).parent.parent / "build" / "formulas"
PACKAGES = ("katex@0.16.11", "mathjax-full@3.2.2")
PRESENTED = "mathjax 3, MathML"
WRITTEN = "latexml"
BEFORE, AFTER = "The sum of it is", "as we have seen."


def main() -> None:
    """Print a table: by renderer, how many formulas it renders, and how many of them come back."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not (FOLDER / "node_modules").exists():
        subprocess.run(["npm", "install", "--silent", *PACKAGES], cwd=FOLDER, check=True)
    with bz2.open(sys.argv[1], "rt", encoding="utf-8") as dump:
        found = re.findall(r"&lt;math[^/&]*?&gt;(.*?)&lt;/math&gt;", dump.read(), re.S)
    formulas = list(dict.fromkeys(_spaced(unescape(unescape(tex))) for tex in found))
    rendered = _by_node(formulas) | _by_pandoc(formulas) | _by_latexml(formulas)
    print("| renderer | formulas | read back exactly | share |\n|---|---|---|---|")
    for name, pages in rendered.items():
        pairs = [(tex, html) for tex, html in zip(formulas, pages, strict=True) if html]
        read = [_read(html) for _, html in pairs]
        if name == PRESENTED:
            again = _by_node([text or "" for text in read])[PRESENTED]
            exact = sum(_shape(html) == _shape(other) for (_, html), other in zip(pairs, again, strict=True))
        elif name == WRITTEN:
            own = [unescape(re.findall(r'alttext="([^"]*)"', html)[0]) for _, html in pairs]
            exact = sum(_packed(tex) == _packed(text) for tex, text in zip(own, read, strict=True))
        else:
            exact = sum(_packed(tex) == _packed(text) for (tex, _), text in zip(pairs, read, strict=True))
        print(f"| {name} | {len(pairs)} | {exact} | {exact / max(len(pairs), 1):.3f} |")


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _packed(text: str | None) -> str:
    return "".join((text or "").split())


def _read(html: str) -> str | None:
    """The one formula of a page, if the text holds it once and whole between the words around it."""
    text = whole_text(f"<p>{BEFORE} {html} {AFTER}</p>".encode())
    found = re.fullmatch(rf"{BEFORE}\s*(?:\\\((.*)\\\)|\$\$(.*)\$\$)\s*{AFTER}", text.strip(), re.S)
    return found and (found[1] or found[2])


def _shape(html: str | None) -> str:
    """The MathML in a page, without the parts that are not shown."""
    math = re.search(r"<math.*</math>", html or "", re.S)
    return re.sub(r"\s+|<mrow[^>]*>|</mrow>|(?<=<m[a-z])\s[^>]*", "", math[0]) if math else ""


def _by_node(formulas: list[str]) -> dict[str, list[str | None]]:
    inputs = FOLDER / "formulas.json"
    inputs.write_text(json.dumps(formulas))
    script = str(Path(__file__).with_suffix(".mjs"))
    done = subprocess.run(["node", script, inputs], cwd=FOLDER, check=True, stdout=subprocess.PIPE)
    rendered: dict[str, list[str | None]] = json.loads(done.stdout)
    return rendered


def _by_pandoc(formulas: list[str]) -> dict[str, list[str | None]]:
    if not which("pandoc"):
        return {}
    source = "\n\n".join(f"${tex}$" for tex in formulas)
    rendered: dict[str, list[str | None]] = {}
    for option in ("--mathml", "--katex"):
        done = subprocess.run(
            ["pandoc", "--from", "markdown", "--to", "html", option],
            input=source.encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        pages = re.findall(r"<p>(.*?)</p>", done.stdout.decode(), re.S)
        math = [page if option == "--katex" or "<math" in page else None for page in pages]
        if len(math) == len(formulas):
            rendered[f"pandoc {option}"] = math
    return rendered


def _by_latexml(formulas: list[str]) -> dict[str, list[str | None]]:
    if not which("latexmlc"):
        return {}
    source = FOLDER / "formulas.tex"
    body = "\n".join(f"\\section{{}}${tex}$" for tex in formulas)
    packages = "\\documentclass{article}\\usepackage{amsmath,amssymb}\\begin{document}\n"
    source.write_text(f"{packages}{body}\n\\end{{document}}\n")
    command = ["latexmlc", "--quiet", "--format=html5", "--pmml", str(source)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=FOLDER)
    html = done.stdout.decode()
    pages = re.findall(r"<math.*?</math>", html, re.S)
    return {WRITTEN: pages} if len(pages) == len(formulas) else {}


if __name__ == "__main__":
    main()
