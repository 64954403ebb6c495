"""Writes the words of templates for numbers, measures, sums of money and places on a map, as readers see them."""

import re

from massivetext.pipeline.read.wikipedia.templates import UNKNOWN, Call

NUMBER = re.compile(r"[-−+]?[\d.,  ]*\d(?:[-+/–]\d[\d/.]*)*(?:e[-+]?\d+)?", re.IGNORECASE)
PLAIN_NUMBER = re.compile(r"([-−+]?)(\d+)(?:\.(\d+))?")
RANGES = {
    "to": "to",
    "and": "and",
    "or": "or",
    "by": "by",
    "x": "x",
    "*": "×",
    "×": "×",
    "xx": "×",
    "+/-": "±",
    "±": "±",
    "-": "–",
    "–": "–",
    "to(-)": "to",
    "and(-)": "and",
    "+": "+",
    ",": ",",
    "to about": "to about",
    "or(-)": "or",
    "/": "/",
    "by(x)": "by",
    "and about": "and about",
}
SECOND_UNITS = frozenset(
    {"in", "ft", "yd", "oz", "lb", "st", "chain", "ch", "rod", "furlong", "pt", "qt", "impoz", "lboz"}
)
UNITS = {
    "c": "°C",
    "f": "°F",
    "k": "K",
    "c-change": "°C",
    "f-change": "°F",
    "sqmi": "sq mi",
    "sqkm": "km²",
    "km2": "km²",
    "m2": "m²",
    "cm2": "cm²",
    "mm2": "mm²",
    "sqft": "sq ft",
    "sqin": "sq in",
    "sqyd": "sq yd",
    "m3": "m³",
    "km3": "km³",
    "cm3": "cm³",
    "cuft": "cu ft",
    "cumi": "cu mi",
    "cuyd": "cu yd",
    "cuin": "cu in",
    "st": "st",
    "kph": "km/h",
    "impgal": "imp gal",
    "usgal": "US gal",
    "long ton": "long tons",
    "lt": "long tons",
    "shton": "short tons",
    "tonne": "tonnes",
    "t": "t",
    "lbf": "lbf",
    "psi": "psi",
    "degc": "°C",
    "degf": "°F",
    "pd/sqmi": "people per sq mi",
}
# The separators of thousands and of decimals, and whether numbers of four digits get no separator.
COMMA_POINT, POINT_COMMA, SPACE_COMMA = (",", ".", False), (".", ",", False), ("\xa0", ",", False)
GROUPS = {
    **dict.fromkeys(
        ("en", "zh", "ja", "ko", "th", "he", "hi", "simple", "ms", "mt", "ga", "cy", "yo", "sw"), COMMA_POINT
    ),
    **dict.fromkeys(
        ("de", "nl", "id", "tr", "el", "da", "is", "vi", "gl", "hr", "sr", "sl", "mk", "ro", "az"),
        POINT_COMMA,
    ),
    **dict.fromkeys(("es", "pt", "ca", "it", "eu"), (".", ",", True)),
    **dict.fromkeys(
        ("fr", "sv", "no", "nb", "nn", "fi", "cs", "sk", "ru", "uk", "be", "hu", "et", "lt", "lv"),
        SPACE_COMMA,
    ),
    **dict.fromkeys(("eo", "hy", "kk", "ka", "sq"), SPACE_COMMA),
    **dict.fromkeys(("pl", "bg"), ("\xa0", ",", True)),
}


def formatnum(call: Call, text: str, style: str = "") -> str:
    """A number with its digits in groups, as in the wiki's language. `R` gives the plain number."""
    number = PLAIN_NUMBER.fullmatch(text.strip())
    if not number or style.strip().upper() in ("R", "NOSEP"):
        return text.strip().replace(",", "") if style.strip().upper() == "R" else text.strip()
    group, point, four_whole = GROUPS.get(call.wiki.language, ("", ".", False))
    digits = number[2]
    if len(digits) > (4 if four_whole else 3):
        digits = f"{int(digits):,}".replace(",", group)
    return number[1] + digits + (f"{point}{number[3]}" if number[3] else "")


def convert(call: Call) -> str:
    """A measure as it was given, with all its lengths and units. It is not converted to other units."""
    words = call.words
    if not words or not NUMBER.fullmatch(words[0]):
        return UNKNOWN if words and words[0] else ""
    found, at = [words[0]], 1
    while at + 1 < len(words) and words[at].lower() in RANGES:
        operator = RANGES[words[at].lower()]
        found += [operator, words[at + 1]]
        at += 2
    if at >= len(words):
        return " ".join(found)
    found.append(_unit(words[at]))
    at += 1
    while at + 1 < len(words) and NUMBER.fullmatch(words[at]) and words[at + 1].lower() in SECOND_UNITS:
        found += [words[at], _unit(words[at + 1])]
        at += 2
    text = " ".join(found).replace(" – ", "–")
    return (
        text.replace(" ", "-")
        if call.get("adj") in ("on", "mid") and len(found) == 2 and found[1].isalpha()
        else text
    )


def _unit(name: str) -> str:
    return UNITS.get(name.lower(), name)


def height(call: Call) -> str:
    """`{{height|ft=5|in=11}}`, `{{height|m=1.80}}`."""
    given = [(call.get(unit), unit) for unit in ("m", "cm", "ft", "in") if call.get(unit)]
    return " ".join(f"{value} {unit}" for value, unit in given) or UNKNOWN


def val(call: Call) -> str:
    """`{{val|1.23|0.05|e=6|u=km}}`: a number, its uncertainty, its power of ten, its unit."""
    words = call.words
    if not words and not call.get("e"):
        return UNKNOWN
    number = words[0] if words else ""
    if len(words) == 2:
        number += f" ± {words[1]}"
    elif len(words) > 2:
        number += f" (+{words[1].lstrip('+')} −{words[2].lstrip('-−')})"
    if power := call.get("e"):
        number = f"{number} × 10^{power}" if number else f"10^{power}"
    before, after = call.get("p"), call.get("s")
    unit = call.get("u", "ul")
    below = call.get("up", "upl")
    text = f"{before}{number}{after}" + (f" {unit}" if unit else "") + (f"/{below}" if below else "")
    return text.strip()


def power_of_ten(call: Call) -> str:
    return f"×10^{call.get('1')}" if call.get("1") else UNKNOWN


def fraction(call: Call) -> str:
    """`{{frac|1|2}}`, `{{frac|3|1|4}}`: 1/2, 3 1/4."""
    words = call.words
    if not words:
        return "/"
    if len(words) == 1:
        return f"1/{words[0]}"
    return "/".join(words) if len(words) == 2 else f"{words[0]} {words[1]}/{words[2]}"


def ordinal(call: Call) -> str:
    number = call.get("1")
    if not number.isdecimal():
        return number or UNKNOWN
    ending = (
        "th" if number[-2:] in ("11", "12", "13") else {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")
    )
    return number + ending


def coordinates(call: Call) -> str:
    """The position of a place, if the template is in the text: `{{coord|51|30|N|0|7|W}}`."""
    if (call.get("display") or "inline").replace(" ", "").startswith("t"):
        return ""
    words = [word for word in call.words if ":" not in word]
    if len(words) >= 2 and len(words) < 4 and all(PLAIN_NUMBER.fullmatch(word) for word in words[:2]):
        latitude, longitude = words[:2]
        return (
            f"{latitude.lstrip('-−')}°{'S' if latitude[0] in '-−' else 'N'} "
            f"{longitude.lstrip('-−')}°{'W' if longitude[0] in '-−' else 'E'}"
        )
    found, degrees = [], ""
    signs = iter("°′″")
    for word in words:
        if word.upper() in ("N", "S", "E", "W", "O"):
            found.append(degrees + word.upper())
            degrees, signs = "", iter("°′″")
        elif len(found) < 2:
            degrees += word + next(signs, "")
    return " ".join(found[:2]) if found else ""


CURRENCIES = {
    "usd": "US$",
    "us$": "US$",
    "$": "$",
    "gbp": "£",
    "£": "£",
    "eur": "€",
    "€": "€",
    "euro": "€",
    "inr": "₹",
    "₹": "₹",
    "jpy": "¥",
    "¥": "¥",
    "yen": "¥",
    "aud": "A$",
    "au$": "A$",
    "a$": "A$",
    "cad": "C$",
    "ca$": "C$",
    "can$": "C$",
    "nzd": "NZ$",
    "nz$": "NZ$",
    "cny": "CN¥",
    "rmb": "RMB ",
    "krw": "₩",
    "rub": "₽",
    "hk$": "HK$",
    "hkd": "HK$",
    "chf": "CHF ",
    "sek": "SEK ",
    "php": "₱",
    "ils": "₪",
    "try": "₺",
    "uah": "₴",
    "brl": "R$",
    "r$": "R$",
    "indian rupee": "₹",
    "us dollar": "US$",
    "pound sterling": "£",
    "gbp£": "£",
    "inr convert": "₹",
    "inrconvert": "₹",
}
MULTIPLES = {
    "m": " million",
    "b": " billion",
    "k": " thousand",
    "l": " lakh",
    "c": " crore",
    "t": " trillion",
}


def money(call: Call) -> str:
    """`{{USD|500}}`, `{{INRConvert|5|c}}`: a sum with the sign of its currency."""
    words = call.words
    sign = CURRENCIES[call.name]
    if not words:
        return sign.strip()
    multiple = MULTIPLES.get(words[1].lower(), "") if len(words) > 1 else ""
    return f"{sign}{words[0]}{multiple}"
