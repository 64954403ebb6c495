"""Escapes text for Markdown: a backslash before each sign that a parser would take for markup, and before no other."""

import re

# Formulas are no markup: they stay as they are.
_FORMULA = re.compile(r"(\\\(.+?\\\)|\\\[.+?\\\]|\$\$.+?\$\$)")
_INLINE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)"  # a backslash that would escape a sign, or break the line
    r"|`"
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"  # between letters, `_` is no emphasis
    r"|(?<!^)(?<!\s)\*|\*(?!\s|$)"
    r"|\](?=[(\[:])|!(?=\[)"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w{1,40};)"
    r"|~(?=~)|(?<=~)~",
    re.M,
)
_LINE_START = re.compile(
    r"^(?:(#{1,6})(?=\s|$)|(>)|([-+*])(?=\s|$)|(\d{1,9})([.)])(?=\s|$)|([:~])(?=\s)"
    r"|([-:|=_*])(?=[-:|=_* ]*$)|(~)(?=~~))"
)
_CLOSING = re.compile(r"(#+)$")  # at the end of a heading
_MATH_ONLY = ("\\", "$")


def escaped(text: str) -> list[str]:
    """The lines of a paragraph. Each but the last ends in two blanks, which break the line."""
    lines = [escaped_line(line) for line in text.split("\n") if line.strip()]
    return [*(line + "  " for line in lines[:-1]), lines[-1]] if lines else [""]


def escaped_line(line: str, heading: bool = False, cell: bool = False) -> str:
    """One line of text. In a cell, bars are escaped, too, but nothing of what starts a block; in a heading, number
    signs at its end."""
    parts = _FORMULA.split(line)
    parts[::2] = [_INLINE.sub(r"\\\g<0>", part) for part in parts[::2]]
    if cell:
        return "".join(parts).replace("|", r"\|")
    line = "".join(parts)
    if heading:
        return _CLOSING.sub(r"\\\1", line)
    return line if line.startswith(_MATH_ONLY) else _LINE_START.sub(_escaped_start, line)


def _escaped_start(start: re.Match[str]) -> str:
    if start[4]:
        return f"{start[4]}\\{start[5]}"
    return "\\" + start[0]
