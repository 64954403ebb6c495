"""Removes from a paper's LaTeX all that readers do not see: comments, preamble, labels, bibliography. Formulas stay.

Commands without arguments that the paper itself defines are replaced by their definitions, once.
"""

import re
from typing import NamedTuple

VERBATIM = re.compile(r"(\\begin\{(verbatim|lstlisting|minted)\*?\}.*?\\end\{\2\*?\})", re.DOTALL)
COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*)?")
BEGIN, END = re.compile(r"\\begin\s*\{document\}"), re.compile(r"\\end\s*\{document\}")
LEFT_OUT = re.compile(
    r"\\begin\{(thebibliography|comment|CCSXML)\}.*?\\end\{\1\}|\\iffalse\b.*?\\fi\b"
    r"|\\(?:label|bibliography|bibliographystyle|vspace|hspace|thispagestyle|pagestyle)\*?\{[^{}]*\}"
    r"|\\(?:maketitle|tableofcontents|listoffigures|listoftables|newpage|clearpage|appendix|noindent)\b[ \t]*",
    re.DOTALL,
)
BODY = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"  # braces within braces, three deep
MACRO = re.compile(
    r"\\(?:(?:re)?newcommand\*?\s*\{?\s*\\([a-zA-Z]+)\s*\}?\s*(?!\s*\[)|def\s*\\([a-zA-Z]+)\s*)" + BODY
)
TITLE = re.compile(r"\\title\s*(?:\[[^\]]*\])?\s*" + BODY)
MOST_MACROS = 500
TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


class Paper(NamedTuple):
    """A paper's text, and its title if it states one."""

    text: str
    title: str | None


def clean(source: str) -> Paper:
    """Returns the paper of a LaTeX source in which included files are in their places."""
    source = without_comments(source)
    begin = BEGIN.search(source)
    end = END.search(source, begin.end() if begin else 0)
    body = source[begin.end() if begin else 0 : end.start() if end else len(source)]
    body = _expanded(body, source)
    parts = VERBATIM.split(body)
    # The pattern has two groups: of three parts, the second is verbatim and the third its name.
    kept = [
        part if number % 3 == 1 else LEFT_OUT.sub("", part)
        for number, part in enumerate(parts)
        if number % 3 != 2
    ]
    title = TITLE.search(source)
    named = " ".join(title[1].replace("\\\\", " ").split()) if title else None
    text = TRAILING.sub("", "".join(kept))
    return Paper(BLANK_LINES.sub("\n\n", text).strip(), named or None)


def without_comments(source: str) -> str:
    """Returns the source without comments, except in verbatim environments, where they are text."""
    parts = VERBATIM.split(source)
    return "".join(
        part if number % 3 == 1 else COMMENT.sub(r"\1", part)
        for number, part in enumerate(parts)
        if number % 3 != 2
    )


def _expanded(body: str, source: str) -> str:
    macros = {
        first or second: text
        for first, second, text in MACRO.findall(source)[:MOST_MACROS]
        if "#" not in text
    }
    if not macros:
        return body
    names = "|".join(sorted(map(re.escape, macros), key=len, reverse=True))
    return re.sub(rf"\\({names})(?![a-zA-Z])", lambda found: macros[found[1]], body)
