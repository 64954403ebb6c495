"""Writes the words of a template from its arguments."""

import re
from collections.abc import Callable

from massivetext.pipeline.read.wikipedia import numbers
from massivetext.pipeline.read.wikipedia.opaque import formula
from massivetext.pipeline.read.wikipedia.template_names import LANGUAGE_NAMES
from massivetext.pipeline.read.wikipedia.templates import UNKNOWN, Call

Render = Callable[[Call], str]


def first(call: Call) -> str:
    """The words are its first argument."""
    return call.get("1", "text", "quote", "content", "texte", "texto", "testo") or UNKNOWN


def last(call: Call) -> str:
    """The words are its last argument."""
    words = call.words
    return words[-1] if len(words) > 1 else call.get("text") or UNKNOWN


def second(call: Call) -> str:
    """The words are its second argument."""
    return call.get("2", "text", "texte") or UNKNOWN


def second_or_first(call: Call) -> str:
    """A link: its label, or else its page."""
    return call.get("2", "1") or UNKNOWN


def joined(call: Call) -> str:
    """Its arguments without a space between them."""
    return "".join(call.words) or UNKNOWN


def spaced(call: Call) -> str:
    """Its arguments with a space between them."""
    return " ".join(word for word in call.words if word) or UNKNOWN


def nothing(_: Call) -> str:
    """It holds no text."""
    return ""


def constant(text: str) -> Render:
    """The words are always the same."""
    return lambda _: text


def before(text: str) -> Render:
    """Some text, and its first argument."""
    return lambda call: f"{text}{call.get('1')}".strip()


def link(call: Call) -> str:
    """A link to a page that another wiki has: its label."""
    return call.get("lt", "text", "texte", "trad", "label", "display", "1", "fr", "quoi") or UNKNOWN


def french_link(call: Call) -> str:
    return call.get("texte", "fr", "1", "trad") or UNKNOWN


def russian_link(call: Call) -> str:
    return call.get("текст", "2", "1") or UNKNOWN


def japanese(call: Call) -> str:
    """`{{nihongo|English|kanji|romaji|more}}`."""
    given = [call.get(*names) for names in (("1",), ("2",), ("3",), ("4", "extra"))]
    given = [each for each in given if each] or [UNKNOWN]
    inside = ", ".join(given[1:])
    return f"{given[0]} ({inside})" if inside else given[0]


def japanese_3(call: Call) -> str:
    """`{{nihongo3|English|kanji|romaji}}`, with the romaji first."""
    english, kanji, romaji = call.get("1"), call.get("2"), call.get("3")
    inside = ", ".join(part for part in (kanji, english) if part)
    return f"{romaji or english} ({inside})" if romaji and inside else romaji or english or UNKNOWN


def chinese(call: Call) -> str:
    return call.get("t", "s", "c", "1", "hant", "hans") or UNKNOWN


def listed(call: Call) -> str:
    """`{{hlist|a|b}}`: a list within a line."""
    return ", ".join(word for word in call.words if word) or UNKNOWN


def address(call: Call) -> str:
    return call.get("2", "1") or UNKNOWN


def gauge(call: Call) -> str:
    """`{{RailGauge|1435mm}}`: a track gauge."""
    length = GAUGE.fullmatch(call.get("1").strip())
    return f"{length[1]} {length[2]}" if length else GAUGES.get(call.get("1").lower(), UNKNOWN)


GAUGE = re.compile(r"([\d.,/+-]+) ?(mm|cm|m|in|ft)")
GAUGES = {"sg": "standard gauge", "standard": "standard gauge", "bg": "broad gauge", "mg": "metre gauge"}


def named(call: Call) -> str:
    return next((value for value in call.arguments.values() if value), UNKNOWN)


def ship(call: Call) -> str:
    """`{{ship|HMS|Victory|1765|2}}`: prefix, name, number, and which of them to show."""
    words = [*call.words, "", "", "", ""]
    prefix, name, number, shown = words[0], words[1], words[2], words[3]
    return ship_name(prefix, name, number, shown)


def prefixed_ship(call: Call) -> str:
    """`{{HMS|Victory|1765|2}}`."""
    words = [*call.words, "", "", "", ""]
    name, number, shown = words[0], words[1], words[2]
    return ship_name(call.name.upper(), name, number, shown)


def ship_name(prefix: str, name: str, number: str, shown: str) -> str:
    if not name:
        return UNKNOWN
    whole = f"{prefix} {name}".strip()
    if shown == "1":
        return number or name
    if shown in ("2", "3", "4", "5"):
        return name if shown == "2" else whole
    if shown == "6":
        return f"{name} ({number})" if number else name
    return f"{whole} ({number})" if number else whole


def ship_class(call: Call) -> str:
    name, kind = call.get("1"), call.get("2")
    return f"{name}-class {kind}" if name and kind else f"{name} class" if name else UNKNOWN


def mathematics(call: Call) -> str:
    """`{{math|''E'' {{=}} ''mc''<sup>2</sup>}}` as TeX."""
    text = call.get("1", "big", "size")
    if UNKNOWN in text:
        return UNKNOWN
    for pattern, replacement in TEX:
        text = pattern.sub(replacement, text)
    return formula(call.taken.put_back(text).replace(r"\(", "").replace(r"\)", ""), False, False, call.taken)


TEX = [
    (re.compile(r"'{2,}"), ""),
    (re.compile(r"<sup>(.*?)</sup>", re.IGNORECASE | re.DOTALL), r"^{\1}"),
    (re.compile(r"<sub>(.*?)</sub>", re.IGNORECASE | re.DOTALL), r"_{\1}"),
    (re.compile(r"</?[a-z]+[^<>]*>", re.IGNORECASE), ""),
    (re.compile(r"&nbsp;|&thinsp;"), " "),
    (re.compile(r"&minus;"), "-"),
    (re.compile(r"&times;"), r"\\times "),
    (re.compile(r"&([a-z]+);", re.IGNORECASE), r"\\\1 "),
]


def chemical(call: Call) -> str:
    return "".join(call.words).replace("_", "").replace("{", "").replace("}", "") or UNKNOWN


def nuclide(call: Call) -> str:
    element, number = call.get("1"), call.get("2")
    return f"{element}-{number}" if element and number else UNKNOWN


def above_below(call: Call) -> str:
    above, below = call.get("p", "1"), call.get("b", "2")
    return f"^{{{above}}}_{{{below}}}" if above and below else above or below


def root(call: Call) -> str:
    return f"√{call.get('1')}" if call.get("1") else "√"


def sound(call: Call) -> str:
    """`{{IPAc-en|ˈ|æ|l|b|ɪ|d|oʊ}}`: phonemes between strokes, without what is said about them."""
    words = [SOUNDS.get(word, word) for word in call.words if word not in NOT_SOUNDS]
    return f"/{''.join(words)}/" if words else UNKNOWN


SOUNDS = {"'": "ˈ", ",": "ˌ", "_": " "}
NOT_SOUNDS = frozenset("us uk au ca nz lang icon audio pron en local also or ipa pronunciation gb".split())  # noqa: SIM905


def phonetic(call: Call) -> str:
    words = [word for word in call.words if word not in NOT_SOUNDS and not word.endswith((".ogg", ".oga"))]
    text = words[0] if words else ""
    if not text:
        return UNKNOWN
    return text if text[0] in "[/" or call.name == "ipa" else f"[{text}]"


def respelled(call: Call) -> str:
    return "-".join(word for word in call.words if word).replace("-'-", "'").replace("-_-", " ") or UNKNOWN


def angle(call: Call) -> str:
    return f"⟨{call.get('1')}⟩" if call.get("1") else UNKNOWN


def quoted(call: Call) -> str:
    opening, closing = QUOTES.get(call.wiki.language, ("“", "”"))
    return f"{opening}{call.get('1', 'text')}{closing}" if call.get("1", "text") else UNKNOWN


QUOTES = {
    "de": ("„", "“"),
    "pl": ("„", "”"),
    **dict.fromkeys(("fr", "ru", "uk", "es", "it", "ca"), ("«", "»")),
}


def source(call: Call) -> str:
    """`{{harvtxt|Smith|2000}}` in a sentence: the names and the year."""
    words = [word for word in call.words if word]
    if len(words) < 2:
        return UNKNOWN
    names = " & ".join(words[:-1]) if len(words) < 4 else f"{words[0]} et al."
    return f"{names} ({words[-1]})" if call.name.startswith(("harvtxt", "harvs")) else f"{names} {words[-1]}"


def flag(call: Call) -> str:
    return call.get("name", "1") or UNKNOWN


def lang(call: Call) -> str:
    words = call.words
    return words[1] if len(words) > 1 and words[1] else call.get("text") or UNKNOWN


def foreign(call: Call, code: str) -> str:
    """`{{lang-ru|Москва|Moskva|lit=...}}`: the language, the words, their Latin letters, what they mean."""
    words = first(call)
    name = LANGUAGE_NAMES.get(code) if call.wiki.language == "en" and call.get("label") != "none" else None
    latin, meaning = call.get("translit", "tr", "2"), call.get("lit", "translation", "3")
    told = [f"{name}: {words}" if name else words]
    told += [f"romanized: {latin}"] if latin else []
    return ", ".join([*told, *([f"lit. '{meaning}'"] if meaning else [])])


def shifted(arguments: dict[str, str]) -> dict[str, str]:
    """Returns the arguments without the first unnamed one."""
    return {
        str(int(key) - 1) if key.isdecimal() else key: value for key, value in arguments.items() if key != "1"
    }


def music(call: Call) -> str:
    return {"flat": "♭", "b": "♭", "sharp": "♯", "#": "♯", "natural": "♮", "n": "♮"}.get(
        call.get("1").lower(), UNKNOWN
    )


def century(call: Call) -> str:
    """French `{{s|XVIII|e}}`, `{{XIXe siècle}}`."""
    words = call.words
    return f"{words[0]}{words[1] if len(words) > 1 else 'e'} siècle" if words else UNKNOWN


def measured(call: Call) -> str:
    """French `{{unité|10|km|2|s|-1}}`: numbers with units and their powers."""
    words = call.words
    if not words:
        return UNKNOWN
    text = numbers.formatnum(call, words[0].replace(" ", "").replace(",", "."))
    for word in words[1:]:
        text += f"^{word}" if word.lstrip("-−").isdecimal() else f" {word}"
    return text
