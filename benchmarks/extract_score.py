"""Scores extracted text against the known text: by word 4-grams, by blocks, and by phrases."""

import re
from collections import Counter
from collections.abc import Sequence
from statistics import mean
from unicodedata import normalize

from benchmarks.extract_pages import Page

# A character of a script without spaces is a word of its own.
_SIGNS = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f\u1000-\u109f"
WORD = re.compile(rf"[{_SIGNS}]|[^\W{_SIGNS}]+")
Score = tuple[float, float, float]  # precision, recall, F1


def words(text: str) -> list[str]:
    return WORD.findall(normalize("NFC", text).lower())


def _plain(text: str) -> str:
    """A text's words with their case, since case may tell a phrase: `Themen` is a heading, `alle Themen` may not be."""
    return " ".join(WORD.findall(normalize("NFC", text.replace("\xad", ""))))


def score(hits: float, found: float, expected: float, hits_expected: float | None = None) -> Score:
    precision = hits / found if found else 0.0
    recall = (hits if hits_expected is None else hits_expected) / expected if expected else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _grams(text: str) -> Counter[tuple[str, ...]]:
    found = words(text)
    return Counter(
        tuple(found[place : place + 4]) for place in range(max(len(found) - 3, min(len(found), 1)))
    )


def by_grams(found: str, expected: str) -> Score:
    """The score over the multisets of word 4-grams."""
    a, b = _grams(found), _grams(expected)
    return score((a & b).total(), a.total(), b.total())


def by_blocks(found: str, expected: str) -> Score:
    """The score over the lines of each text. A line is right if the other text holds it."""
    a, b = ([" ".join(words(line)) for line in text.split("\n")] for text in (found, expected))
    a, b = [line for line in a if line], [line for line in b if line]
    whole_a, whole_b = " ".join(a), " ".join(b)
    return score(sum(line in whole_b for line in a), len(a), len(b), sum(line in whole_a for line in b))


def by_phrases(texts: Sequence[str], pages: Sequence[Page], left_out: frozenset[str] = frozenset()) -> Score:
    """The score over the phrases of all pages: those of the main text that were found, and others that were found."""
    right = wrong = total = 0
    for text, page in zip(texts, pages, strict=True):
        whole = _plain(text)
        phrases = [phrase for phrase in page.phrases if phrase not in left_out]
        right += sum(_plain(phrase) in whole for phrase in phrases)
        wrong += sum(_plain(phrase) in whole for phrase in page.others if _plain(phrase))
        total += len(phrases)
    return score(right, right + wrong, total)


def comments(pages: Sequence[Page], without: Sequence[str], with_comments: Sequence[str]) -> frozenset[str]:
    """The phrases that the same extractor finds only if it is asked for readers' comments too."""
    found = set()
    for page, text, more in zip(pages, without, with_comments, strict=True):
        text, more = _plain(text), _plain(more)
        for phrase in page.phrases:
            plain = _plain(phrase)
            if plain in more and plain not in text:
                found.add(phrase)
    return frozenset(found)


def table(pages: Sequence[Page], found: dict[str, list[str]], comments: frozenset[str]) -> str:
    """A Markdown table of the means over the pages of each half of each set."""
    rows = [
        "| set | half | pages | extractor | measure | precision | recall | F1 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for source, half in sorted({(page.source, page.half) for page in pages}):
        places = [place for place, page in enumerate(pages) if (page.source, page.half) == (source, half)]
        of_set = [pages[place] for place in places]
        for name, texts in found.items():
            chosen = [texts[place] for place in places]
            if of_set[0].text is None:
                scores = {
                    "phrases": by_phrases(chosen, of_set),
                    "phrases but comments": by_phrases(chosen, of_set, comments),
                }
            else:
                pairs = [(text, page.text or "") for text, page in zip(chosen, of_set, strict=True)]
                each = {"4-grams": by_grams, "blocks": by_blocks}
                scores = {
                    measure: tuple(map(mean, zip(*(function(*pair) for pair in pairs), strict=True)))
                    for measure, function in each.items()
                }
            for measure, (precision, recall, f1) in scores.items():
                rows.append(
                    f"| {source} | {half} | {len(of_set)} | {name} | {measure} "
                    f"| {precision:.3f} | {recall:.3f} | {f1:.3f} |"
                )
    return "\n".join(rows)
