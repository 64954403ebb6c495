"""Every measurement in plain Python, straight from the definitions in DESIGN.md. Slow on purpose."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

# PropList.txt, White_Space. Not `str.isspace`, which has U+001C to U+001F too.
WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + "\u2028\u2029\u202f\u205f\u3000"
)

STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}
BULLETS = "•‣◦●○■□▪▫"
DASHES = "*-–—"

Text = Sequence[str]


def lower(text: str) -> str:
    """Unicode's simple mapping: one code point to one. U+0130 alone has another in Python."""
    return "".join("i" if sign == "\u0130" else sign.lower() for sign in text)


def category(sign: str) -> str:
    return unicodedata.category(sign)[0]


def has_letter(word: str) -> bool:
    return any(category(sign) == "L" for sign in word)


def trim(run: str) -> str:
    while run and category(run[0]) in "PS":
        run = run[1:]
    while run and category(run[-1]) in "PS":
        run = run[:-1]
    return run


def words(text: str) -> list[str]:
    if is_divided(text):
        return divided_words(text)
    for space in WHITE_SPACE:
        text = text.replace(space, " ")
    return [trim(run) for run in text.split(" ") if any(category(sign) in "LN" for sign in run)]


WITHOUT_SPACES = re.compile(
    "(CJK (UNIFIED|COMPATIBILITY) IDEOGRAPH|HIRAGANA LETTER|IDEOGRAPHIC (CLOSING|NUMBER ZERO|ITERATION)|THAI|LAO"
    "|KHMER|MYANMAR|TAI LE|NEW TAI LUE|TAI THAM|TAI VIET|VARIATION SELECTOR|COMBINING KATAKANA|HIRAGANA"
    "|BUGINESE|BALINESE|BATAK|JAVANESE|YI SYLLABLE|NUSHU CHARACTER|KHITAN SMALL SCRIPT CHARACTER)"
)
RUNNING = re.compile("(KATAKANA|HALFWIDTH KATAKANA|TIBETAN|ETHIOPIC)")
VOWELS_AFTER = "\u0e2f\u0e30\u0e32\u0e33\u0e45\u0eaf\u0eb0\u0eb2\u0eb3\u0ebd"
VOWELS_BEFORE = "\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4"
ALONE = {
    **dict.fromkeys("\u17d2\u1a60\u1b44\ua9c0", "B"),
    "\u1039": "T",
    "\u103a": "K",
    "\u3005": "S",
    "\u3007": "S",
}


def kind(sign: str) -> str:
    """A letter for what a sign does: `w`hite, `p`unctuation, `o`ther; in scripts without spaces `S`tarts, `R`uns on,
    `F`ollows, `L`eads, `B`inds, `K`ills, s`T`acks."""
    if sign in ALONE:
        return ALONE[sign]
    if sign in VOWELS_AFTER or sign in VOWELS_BEFORE:
        return "F" if sign in VOWELS_AFTER else "L"
    name, category = unicodedata.name(sign, ""), unicodedata.category(sign)
    if 0x17000 <= ord(sign) < 0x18B00 and category == "Lo":
        return "S"  # Tangut, whose names `unicodedata` lacks
    is_running = bool(RUNNING.match(name))
    is_archaic = 0x1AFF0 <= ord(sign) < 0x1B170  # kana beyond the basic plane
    if (is_running or WITHOUT_SPACES.match(name)) and category[0] in "LM" and not is_archaic:
        if category[0] == "M" or category == "Lm":
            return "R" if name.startswith("TIBETAN") else "F"
        return "R" if is_running else "S"
    return "w" if sign in WHITE_SPACE else "p" if category[0] in "PS" else "o"


def is_divided(text: str) -> bool:
    """Whether a tenth of a text's letters or more are of scripts without spaces."""
    letters = [sign for sign in text if category(sign) == "L"]
    divided = sum(kind(sign) not in "wpo" and not 0x2D80 <= ord(sign) < 0x2DE0 for sign in letters)
    return divided > 0 and 10 * divided >= len(letters)


UNIT = re.compile(
    "(?P<unit>[SFLBKTR](?:(?<=R)[FK]*R|[FBKT]|(?<=[BT])[SLR]|(?<=L)[SL]|S(?=[KT]))*)|p*(?P<word>(?:o|p+o)+)"
)


def divided_words(text: str) -> list[str]:
    kinds = "".join(map(kind, text))
    spans = (match.span(match.lastgroup or 0) for match in UNIT.finditer(kinds))
    return [text[a:b] for a, b in spans if any(category(sign) in "LN" for sign in text[a:b])]


def all_lines(text: str) -> list[str]:
    """Stripped; a blank one is empty."""
    return [line.strip(WHITE_SPACE) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def lines(text: str) -> list[str]:
    return [line for line in all_lines(text) if line]


def paragraphs(text: str) -> list[str]:
    found: list[list[str]] = [[]]
    for line in all_lines(text):
        if line:
            found[-1].append(line)
        else:
            found.append([])
    return ["\n".join(paragraph) for paragraph in found if paragraph]


def is_bullet(line: str) -> bool:
    return line[0] in BULLETS or (line[0] in DASHES and line[1:2] in ("", " "))


def duplicates(items: Text, count_first: bool) -> list[str]:
    """The items that equal an earlier one, or, if count_first, any other one."""
    counts = Counter(items)
    if count_first:
        return [item for item in items if counts[item] > 1]
    return [item for at, item in enumerate(items) if item in items[:at]]


def characters(texts: Text) -> int:
    return sum(map(len, texts))


def occurrences(words: Text, n: int) -> dict[tuple[str, ...], list[int]]:
    """Where each n-gram starts."""
    found: dict[tuple[str, ...], list[int]] = {}
    for place in range(len(words) - n + 1):
        found.setdefault(tuple(words[place : place + n]), []).append(place)
    return found


def covered(words: Text, places: list[int], n: int) -> int:
    """Code points of the words covered by the n-grams that start at the places, each word once."""
    return sum(len(words[place]) for place in {place + step for place in places for step in range(n)})


def top_gram(words: Text, n: int) -> float:
    repeated = [places for places in occurrences(words, n).values() if len(places) >= 2]
    most = max(map(len, repeated), default=0)
    tied = [covered(words, places, n) for places in repeated if len(places) == most]
    return max(tied, default=0) / characters(words)


def duplicate_grams(words: Text, n: int) -> float:
    places = [place for places in occurrences(words, n).values() if len(places) >= 2 for place in places]
    return covered(words, places, n) / characters(words)


def measurements(text: str, count_first: bool = False) -> dict[str, float]:
    """By column of schemas.measurement.MEASUREMENT."""
    found = words(text)
    if not found:
        return dict.fromkeys(COLUMNS, 0)
    lowered = [lower(word) for word in found]
    line_list, paragraph_list = lines(text), paragraphs(text)
    values: dict[str, float] = {
        "word_count": len(found),
        "mean_word_length": characters(found) / len(found),
        "hash_ratio": text.count("#") / len(found),
        "ellipsis_ratio": (text.count("...") + text.count("…")) / len(found),
        "bullet_line_fraction": sum(map(is_bullet, line_list)) / len(line_list),
        "ellipsis_line_fraction": sum(line.endswith(("...", "…")) for line in line_list) / len(line_list),
        "alphabetic_word_fraction": sum(map(has_letter, found)) / len(found),
        "stop_word_count": len(STOP_WORDS & set(lowered)),
    }
    for name, items in (("line", line_list), ("paragraph", paragraph_list)):
        copies = duplicates(items, count_first)
        values[f"duplicate_{name}_fraction"] = len(copies) / len(items)
        values[f"duplicate_{name}_character_fraction"] = characters(copies) / characters(items)
    for n in range(2, 5):
        values[f"top_{n}_gram_character_fraction"] = top_gram(lowered, n)
    for n in range(5, 11):
        values[f"duplicate_{n}_gram_character_fraction"] = duplicate_grams(lowered, n)
    return {name: values[name] for name in COLUMNS}


COLUMNS = (
    "word_count",
    "mean_word_length",
    "hash_ratio",
    "ellipsis_ratio",
    "bullet_line_fraction",
    "ellipsis_line_fraction",
    "alphabetic_word_fraction",
    "stop_word_count",
    "duplicate_line_fraction",
    "duplicate_paragraph_fraction",
    "duplicate_line_character_fraction",
    "duplicate_paragraph_character_fraction",
    *(f"top_{n}_gram_character_fraction" for n in (2, 3, 4)),
    *(f"duplicate_{n}_gram_character_fraction" for n in range(5, 11)),
)
