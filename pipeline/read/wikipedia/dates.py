"""Writes the words of templates for dates and years, as readers see them."""

from massivetext.pipeline.read.wikipedia.templates import UNKNOWN, Call

MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905


def date(call: Call) -> str:
    """`{{start date|1805|10|21}}`, `{{birth date and age|df=yes|1950|1|2}}`; a time of day is left out."""
    words = [word for word in call.words if word]
    if not words:
        return UNKNOWN
    if not words[0].isdecimal():
        return " ".join(words)
    return _written(words[:3], day_first=call.get("df", "dayfirst") not in ("", "no", "n"))


def two_dates(call: Call) -> str:
    """`{{death date and age|2001|5|3|1950|1|2}}`: the first of two dates."""
    words = call.words
    if len(words) > 5:
        return _written(words[:3], day_first=call.get("df") not in ("", "no", "n"))
    return date(call)


def dated_words(call: Call) -> str:
    """Day, month and year in the given order: `{{date|1|janvier|1900}}`."""
    return " ".join(word for word in call.words if word) or UNKNOWN


def as_of(call: Call) -> str:
    if alternative := call.get("alt"):
        return alternative
    words = "since" if call.get("since") else "as of" if call.get("lc") else "As of"
    return f"{words} {_written(call.words[:3], day_first=True)}".strip()


def _written(words: list[str], day_first: bool) -> str:
    """Year, month and day, in the order of English."""
    year, month, day = (*words, "", "", "")[:3]
    if month.isdecimal() and 1 <= int(month) <= 12:
        month = MONTHS[int(month) - 1]
    day = day.lstrip("0")
    if not month:
        return year
    if not day:
        return f"{month} {year}"
    return f"{day} {month} {year}" if day_first else f"{month} {day}, {year}"


def circa(call: Call) -> str:
    return " – ".join(f"c. {word}" for word in call.words[:2] if word) or "c."
