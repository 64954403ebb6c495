"""Removes unknown templates from sentences, and with them the sentences that need their words.

A template in the place of a footnote, after a word or a sentence, is removed without loss. If it is between brackets,
the part of the brackets that holds it is removed. Anywhere else it gives words, without which the sentence would be
broken or say something else. Then the whole sentence is removed, and counted.
"""

import re
import unicodedata

from massivetext.pipeline.read.wikipedia.templates import UNKNOWN

NEAR = 64  # the characters before a template that show its role
RUN = re.compile(rf"{UNKNOWN}(?: ?{UNKNOWN})+")
BRACKETS = re.compile(rf" ?\(([^()]{{0,2000}}{UNKNOWN}[^()]{{0,2000}})\)")
PARTS = re.compile(r"([;,])")
END = re.compile(r"[.!?…][\"'”’»)\]]*(?: +)(?=[\"'“‘«(\[]*[^\W_])|[。！？][”’」』）]*")
LAST_WORD = re.compile(r"([^\W_]+)\.[\"'”’»)\]]*\Z")
ENDS = frozenset(".!?…。！？")
CLOSING = frozenset("\"'”’»)]」』）")
STOPS = frozenset(".,;:!?…)]»”’\"'。，、；：！？）」』")
ABBREVIATIONS = frozenset(
    [
        "st",
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "no",
        "vs",
        "vol",
        "fig",
        "gen",
        "col",
        "lt",
        "sgt",
        "rev",
        "hon",
        "jr",
        "sr",
        "ca",
        "etc",
        "al",
        "approx",
        "inc",
        "ltd",
        "co",
        "dept",
    ]
)


def settle(line: str) -> tuple[str, int]:
    """Returns the line without unknown templates, and how many sentences were removed. Bullets may be \\0."""
    if UNKNOWN not in line:
        return line, 0
    line = _without_notes(RUN.sub(UNKNOWN, line))
    line = BRACKETS.sub(_bracket, line)
    if UNKNOWN not in line:
        return line, 0
    kept, left_out = [], 0
    for sentence in _sentences(line):
        if UNKNOWN in sentence:
            left_out += 1
        else:
            kept.append(sentence)
    return "".join(kept).rstrip(), left_out


def _without_notes(line: str) -> str:
    first, *pieces = line.split(UNKNOWN)
    parts, before = [first], first[-NEAR:]
    for piece in pieces:
        mark = "" if _is_note(before, piece) else UNKNOWN
        parts += [mark, piece]
        before = (before + mark + piece[-NEAR:])[-NEAR:]
    return "".join(parts)


def _is_note(before: str, after: str) -> bool:
    """Whether a template here is a note or an icon, not a word of the sentence."""
    text, following = before.rstrip(" ").strip("\0"), after[:1]
    previous = text[-1:]
    if not previous:
        rest = after.lstrip(" ")
        if not rest:
            return True
        spaced = following == " " and not rest[0].islower()
        return spaced or (following.isalnum() and not _is_east_asian(following))
    if text.rstrip("".join(CLOSING))[-1:] in ENDS:
        return True
    if before.endswith(" ") or _is_east_asian(previous) or not (previous.isalnum() or previous in CLOSING):
        return False
    return not following or following.isspace() or following in STOPS


def _bracket(found: re.Match[str]) -> str:
    parts = PARTS.split(found[1])
    kept = [
        (mark, part) for mark, part in zip(["", *parts[1::2]], parts[::2], strict=True) if UNKNOWN not in part
    ]
    inside = "".join(mark + part for mark, part in kept).lstrip(";, ").strip()
    return f" ({inside})" if inside else ""


def _sentences(line: str) -> list[str]:
    found, at = [], 0
    for end in END.finditer(line):
        word = LAST_WORD.search(line[max(at, end.start() - 20) : end.start() + 1])
        if word and (len(word[1]) == 1 or word[1].lower() in ABBREVIATIONS):
            continue
        if line[end.end() : end.end() + 1].islower():
            continue
        found.append(line[at : end.end()])
        at = end.end()
    return [*found, line[at:]]


def _is_east_asian(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" and character.isalpha()
