"""Templates that stand for words within a sentence: measures, foreign words, quotations, dates.

All other templates are dropped by wikitext.py beside this file; these would leave holes ("a nominal circular orbit").
Only those without templates inside are read, in linear time.
"""

import re

TEMPLATE = re.compile(r"\{\{\s*([^{}|\n]{1,40})\|([^{}]*)\}\}")
BAR = re.compile(r"\|(?![^\[\]]{0,200}\]\])")  # not those of links
RANGES = frozenset({"to", "and", "or", "by", "x", "-", "–", "to(-)", "+/-"})
FIRST = frozenset(
    {
        "nowrap",
        "nobr",
        "abbr",
        "small",
        "big",
        "quote",
        "blockquote",
        "cquote",
        "quotation",
        "keypress",
        "sc",
        "smallcaps",
    }
)
LAST = frozenset({"lang", "transl", "transliteration"})
LANGUAGE = re.compile(r"lang-[a-z-]{2,12}")


def expand(wikitext: str) -> str:
    """The text with the templates that are read in place of words."""
    return TEMPLATE.sub(_expand, wikitext)


def _expand(template: re.Match[str]) -> str:
    name = template[1].strip().lower().replace("_", " ")
    wanted = name in FIRST or name in LAST or name in {"convert", "cvt", "as of", "circa", "c.", "frac"}
    if not wanted and not LANGUAGE.fullmatch(name):
        return template[0]
    given = [argument.strip() for argument in BAR.split(template[2])]
    named = dict(argument.split("=", 1) for argument in given if "=" in argument)
    words = [argument for argument in given if "=" not in argument]
    if not words:
        words = [named[key] for key in ("1", "text", "quote") if key in named] or [""]
    if name in LAST and len(words) < 2:
        return template[0]
    if name in {"convert", "cvt"}:
        is_range = len(words) > 3 and words[1].lower() in RANGES
        return " ".join(words[: 4 if is_range else 2])
    if name == "as of":
        return " ".join(
            ["since" if "since" in named else "as of" if named.get("lc") else "As of", *_date(words)]
        )
    if name in {"circa", "c."}:
        return f"c. {words[0]}"
    if name == "frac":
        return "/".join(words[-2:])
    return words[-1] if name in LAST else words[0]


MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905


def _date(words: list[str]) -> list[str]:
    """Year, month and day, in English order."""
    if len(words) > 1 and words[1].isdecimal() and 1 <= int(words[1]) <= 12:
        words = [words[0], MONTHS[int(words[1]) - 1], *words[2:]]
    return words[2::-1]
