"""Guesses the encoding of bytes without a label from the text that each encoding would make of them.

UTF-16 and the four-byte sequences of GB18030 are recognised by their structure. Among the other encodings, chardetng,
a browser's detector, proposes one. It does not know the encodings of DOS and of the old Macintosh, and mistakes
quotation marks in Latin text for East Asian characters. So each of these must not read better than its proposal. A text
reads well if letters are beside letters of their script, capitals begin words, quotation marks surround words, and
most ideographs are among the common ones of a standard. No text is compared with any corpus.
"""

import re
import unicodedata
from functools import cache

import chardetng_py

SAMPLE = 4096  # the bytes of a text that are judged
NUL_BYTES = 4096  # the bytes in which UTF-16 is recognised
DETECTED = 1 << 20  # the bytes that chardetng reads
TAGS = re.compile(rb"<[^<>]{0,4096}>")
HIGH = re.compile(rb"[^\n]{0,200}[\x80-\xff][^\n]*\n?")
FOUR_BYTES = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]")
NOT_IN_TEXT = re.compile("[\0-\x08\x0e-\x1f\x7f\ufffe\uffff]")
ASCII_TEXT = frozenset(b"\t\n\r" + bytes(range(0x20, 0x7F)))
ASCII_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
EAST_ASIAN = ("gb18030", "big5hkscs", "cp949", "cp932", "euc_jp")
DOS_AND_MACINTOSH = ("cp437", "mac_roman")
WINDOWS = ("cp1252", "cp1250", "cp1251", "cp1257")
# Codecs for what browsers read under a name, which is more than the standard of that name.
CODECS = {
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "shift-jis": "cp932",
    "big5": "big5hkscs",
    "iso8859-11": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "x-mac-cyrillic": "mac_cyrillic",
}
JAPANESE = (0xA4, 0xA5, *range(0xB0, 0xD0))  # hiragana, katakana, level 1
# Where a standard puts its common characters: level 1 of GB 2312, Big5 and JIS X 0208, the hangul of KS X 1001.
COMMON = {
    "gb18030": ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
    "big5hkscs": ("big5", range(0xA4, 0xC7), range(0x40, 0xFF)),
    "cp949": ("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF)),
    "cp932": ("euc_jp", JAPANESE, range(0xA1, 0xFF)),
    "euc_jp": ("euc_jp", JAPANESE, range(0xA1, 0xFF)),
}
OPENING = frozenset("“„«‹‘‚¿¡")
CLOSING = frozenset("”»›’“‘")
EAST_ASIAN_MARKS = frozenset("「『（《〈【」』）》〉】。，、；：！？・")
HYPHENS = frozenset("‐‑·")
DASHES = frozenset("–—…•―")
FREQUENT = frozenset("éáíóúñüöäçèàãêâôåøßîÉÁÍÓÚÑÜÖÄÇÅØ")  # among the accented letters of most languages' text
APOSTROPHES = frozenset("’‘ʼ´ʻ")
ORDINALS = frozenset("ºª°")


def utf_16(content: bytes) -> str | None:
    """Returns the name of the UTF-16 byte order in which content without a mark reads as text; None if in neither."""
    head = content[:NUL_BYTES]
    if b"\0" not in head:
        return None
    evens, odds = head[::2], head[1::2]
    ascii_first = sum(1 for low, high in zip(evens, odds, strict=False) if not high and low in ASCII_TEXT)
    ascii_last = sum(1 for high, low in zip(evens, odds, strict=False) if not high and low in ASCII_TEXT)
    if min(map(_letters, (evens, odds))) > 0.3:
        return None  # an ASCII text, in which NUL bytes are a mistake
    if max(ascii_first, ascii_last) < 2 * min(ascii_first, ascii_last) + 1:
        return None
    name = "utf-16-le" if ascii_first > ascii_last else "utf-16-be"
    try:
        text = content[: len(content) & ~1].decode(name)
    except UnicodeDecodeError:
        return None
    return None if NOT_IN_TEXT.search(text) else name


def utf_32(content: bytes) -> str | None:
    """The name of UTF-32's byte order in which the content without a mark reads as text; None where it does not."""
    head = content[: NUL_BYTES & ~3]
    if b"\0\0" not in head:
        return None
    for name in ("utf-32-le", "utf-32-be"):
        try:
            text = head[: len(head) & ~3].decode(name)
        except UnicodeDecodeError:
            continue
        if text and not NOT_IN_TEXT.search(text):
            return name
    return None


def escaped(content: bytes) -> str | None:
    """Returns the seven-bit encoding whose escape sequences the content holds, as in old Japanese and Korean texts."""
    head = content[:DETECTED]
    if b"\x1b$" not in head:
        return None
    name = "iso2022_kr" if b"\x1b$)C" in head else "iso2022_jp_ext"
    try:
        content.decode(name)
    except UnicodeDecodeError:
        return None
    return name


def _letters(head: bytes) -> float:
    """Returns the share of ASCII letters."""
    return sum(head.count(letter) for letter in ASCII_LETTERS) / (len(head) or 1)


def guess(content: bytes) -> str:
    """Guesses the encoding, in Python's name, of bytes that are not UTF-8."""
    if _is_nearly_utf_8(content):
        return "utf-8"
    sample = _sample(content)
    proposed = codec(chardetng_py.detect(content[:DETECTED]))
    if proposed.startswith("iso-2022"):
        return proposed
    best, most = proposed, _reads(sample, proposed)
    for names, margin in ((EAST_ASIAN + DOS_AND_MACINTOSH, 0.03), (WINDOWS, 0.3)):
        for name in names:
            if (reads := _reads(sample, name)) > most + (margin if best == proposed else 0):
                best, most = name, reads
    return best


def codec(name: str) -> str:
    """Returns the codec, in Python's name, for what browsers read under the name of an encoding."""
    name = name.lower().replace("_", "-")
    return CODECS.get(name, name)


def _is_nearly_utf_8(content: bytes) -> bool:
    """Whether far more of the bytes beyond ASCII fit UTF-8 than do not."""
    text = content[:DETECTED].decode("utf-8", "replace")
    beyond, lost = len(text) - len(text.encode("ascii", "ignore")), text.count("\ufffd")
    return beyond > 4 * lost


def _sample(content: bytes) -> bytes:
    """Returns some lines with bytes beyond ASCII, without tags."""
    if b"<" in content:
        content = TAGS.sub(b"\n", content[: 1 << 18])
    lines: list[bytes] = []
    size = 0
    for line in HIGH.finditer(content):
        lines.append(line[0][: SAMPLE - size])
        size += len(lines[-1])
        if size >= SAMPLE:
            break
    return b"".join(lines)


def _reads(sample: bytes, encoding: str) -> float:
    """Returns how well the sample reads in an encoding: the mean of `_fits` over characters beyond ASCII, at most 1."""
    try:
        text = sample.decode(encoding, "replace")
    except LookupError:
        return -9.0
    total, count = 0.0, 0
    common = _common(encoding)
    padded = f" {text} "
    for at in range(1, len(padded) - 1):
        character = padded[at]
        if character < "\x80":
            continue
        count += 1
        total += _fits(padded[at - 1], character, padded[at + 1], common)
    if encoding == "gb18030" and FOUR_BYTES.search(sample):
        total += 0.3 * count  # by chance they would not be whole
    return total / count if count else 0.0


def _fits(before: str, character: str, after: str, common: frozenset[str]) -> float:
    """Returns how well a character fits its neighbours."""
    category = unicodedata.category(character)
    if category in ("Cn", "Co", "Cc", "Cs") or character == "\ufffd":
        return -4.0
    if category[0] == "L":
        return _letter_fits(before, character, after, common)
    if category[0] == "M":
        return 1.0 if before.isalpha() or unicodedata.category(before)[0] == "M" else -1.0
    inside = before.isalpha() and after.isalpha()
    if character in APOSTROPHES and (before.isalpha() or after.isalpha()):
        return 1.05 if inside else 1.0
    if character in EAST_ASIAN_MARKS:
        return 0.8 if _script(before) == "east" or _script(after) == "east" else -0.5
    if character in OPENING and not before.isalnum() and (after.isalnum() or not after.isspace()):
        return 1.0
    if character in CLOSING and not before.isspace() and not after.isalnum():
        return 1.0
    if character in HYPHENS and inside:
        return 1.05
    if character in DASHES:
        return 0.5 if inside else 0.85
    if character in ORDINALS and (before.isdigit() or before in "nN"):
        return 0.8
    if character in "\xa0\xad\u3000":
        return 0.3
    return -2.0 if inside else -0.3


def _letter_fits(before: str, character: str, after: str, common: frozenset[str]) -> float:
    script = _script(character)
    if script == "east":
        beside = [_script(each) == "east" for each in (before, after) if not each.isspace()]
        if not any(beside):
            return 0.1  # alone in a text of another script
        return _common_east(character, common) - sum(
            1 for each in (before, after) if each.isascii() and each.isalpha()
        )
    scripts = [_script(each) for each in (before, after) if each.isalpha()]
    if any(each != script for each in scripts):
        return -2.0
    if character.isupper() and before.islower():
        return -1.5
    if character.islower() and before.isupper() and after.isupper():
        return -1.0
    if script != "LATIN":
        return 1.05 if scripts else 0.2
    return (1.0 if character in FREQUENT else 0.9) if scripts else 0.2


def _common_east(character: str, common: frozenset[str]) -> float:
    """Returns how common a character of an East Asian script is in texts of an encoding."""
    if "가" <= character <= "힣":
        return 1.05 if character in common else -0.7
    if "一" <= character <= "鿿" or character >= "\U00020000":
        return 1.0 if character in common else -0.7
    return 1.0 if character in common else 0.2


@cache
def _script(letter: str) -> str:
    """Returns a character's group of scripts that occur together in words: Latin, Greek, Cyrillic, East Asian etc."""
    name = unicodedata.name(letter, "")
    first = name.split(" ", 1)[0]
    if first in (
        "CJK",
        "HIRAGANA",
        "KATAKANA",
        "HANGUL",
        "HALFWIDTH",
        "FULLWIDTH",
        "BOPOMOFO",
        "KATAKANA-HIRAGANA",
    ):
        return "east"
    return "LATIN" if first in ("FEMININE", "MASCULINE", "MODIFIER") else first


@cache
def _common(encoding: str) -> frozenset[str]:
    if encoding not in COMMON:
        return frozenset()
    codec, firsts, seconds = COMMON[encoding]
    pairs = (bytes((first, second)).decode(codec, "ignore") for first in firsts for second in seconds)
    return frozenset(pair for pair in pairs if pair)
