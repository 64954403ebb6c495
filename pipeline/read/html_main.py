"""Which blocks of a page are its main content: rules about size, links, punctuation, tags and place.

Running text is what is long, punctuated and not linked. The main content is the element that holds most of
it and least else; in it, what leads elsewhere and what is loose at both ends is left out. Nothing is learned.
"""

import re

from pipeline.read.html_blocks import CODE, HEADING, ITEM, PARAGRAPH, ROW, Block, Elements
from pipeline.read.html_signs import ARTICLE, COMMENT, MAIN, SUSPECT

SHORT, LONG = 60, 150  # bytes: shorter is no running text; longer is, even without punctuation
HEADLINE = 90  # bytes: a longer heading is text that is set large
LEAD = 12  # blocks between the page's heading and the main content that are looked at
LINKING = 0.3  # a larger share of links makes a group of blocks one that leads elsewhere
MAIN_BONUS, ARTICLE_BONUS = 1.1, 1.4
HOLDERS = frozenset(("article", "body", "center", "div", "fieldset", "form", "main", "section", "td"))
GROUPS = frozenset(("article", "aside", "div", "dl", "ol", "section", "table", "ul"))
_PUNCTUATION = re.compile(r"[.!?:;,。！？，、।؟،…»”\"]")


def main_blocks(blocks: list[Block], elements: Elements) -> list[Block]:
    """The blocks of the main content, in order."""
    blocks = _without_suspects(blocks, elements)
    weights = [_weight(block) for block in blocks]
    if not any(weights):
        return _tidy(blocks, weights, elements)
    start = _main(blocks, weights, elements)
    end = elements.end(start)
    inside = [start <= block.element < end for block in blocks]
    for place in _lead(blocks, weights, inside.index(True)):
        inside[place] = True
    linking = _linking(blocks, weights, elements)
    chosen = [place for place, here in enumerate(inside) if here and not linking[blocks[place].element]]
    return _tidy([blocks[place] for place in chosen], [weights[place] for place in chosen], elements)


def _weight(block: Block) -> float:
    """How much running text a block is: its bytes, less those of links; 0 for what is none."""
    if block.kind == CODE:
        return float(block.size)
    if block.linked > 0.5 or (block.kind == HEADING and block.size < HEADLINE):
        return 0.0
    if block.size < SHORT or (block.size < LONG and not _PUNCTUATION.search(block.text)):
        return 0.0
    return block.size * (1 - block.linked) * (1 if block.kind == PARAGRAPH else 0.6)


def _without_suspects(blocks: list[Block], elements: Elements) -> list[Block]:
    """The blocks outside elements that are navigation, comments and the like by their signs.

    Signs may be wrong: an element that holds most of the page's running text is no navigation.
    """
    weights = [_weight(block) for block in blocks]
    if not any(weights):
        weights = [float(block.size) for block in blocks]
    sums = elements.sums(blocks, weights)
    total = sums[0]
    out, in_main = bytearray(len(sums)), bytearray(len(sums))
    for number, (parent, sign) in enumerate(zip(elements.parent, elements.signs, strict=True)):
        above = max(parent, 0)
        in_main[number] = in_main[above] or bool(sign & MAIN)
        rest = total - sums[number]
        if out[above]:
            out[number] = True
        elif sign & COMMENT:
            out[number] = rest > min(0.2 * total, 1000)
        elif sign & SUSPECT and not (elements.tag[number] == "header" and in_main[above]):
            out[number] = sums[number] < 0.5 * total or rest > 4000
    kept = [not out[block.element] for block in blocks]
    left = sum(weight for weight, keep in zip(weights, kept, strict=True) if keep)
    if left < min(0.2 * total, 1000):
        return blocks
    return [block for block, keep in zip(blocks, kept, strict=True) if keep]


def _main(blocks: list[Block], weights: list[float], elements: Elements) -> int:
    """The element that holds most of the running text (recall) and least else (precision), by the F-measure."""
    sums = elements.sums(blocks, weights)
    sizes = elements.sums(blocks, [block.size for block in blocks])
    best, highest = 0, 0.0
    for number, weight in enumerate(sums):
        if weight > 0.3 * sums[0] and elements.tag[number] in HOLDERS:
            score = 2 * weight / (sizes[number] + sums[0])
            if elements.signs[number] & MAIN:
                score *= ARTICLE_BONUS if elements.signs[number] & ARTICLE else MAIN_BONUS
            if score >= highest:
                best, highest = number, score
    return best


def _lead(blocks: list[Block], weights: list[float], first: int) -> list[int]:
    """The running text between the page's heading and the main content, where these are near."""
    for place in range(first - 1, max(first - LEAD, 0) - 1, -1):
        if blocks[place].kind == HEADING and blocks[place].level == 1:
            return [between for between in range(place + 1, first) if weights[between] > 0]
    return []


def _linking(blocks: list[Block], weights: list[float], elements: Elements) -> bytearray:
    """By element, whether it leads elsewhere: much in it is linked, and little of the running text is in it."""
    sums = elements.sums(blocks, weights)
    sizes = elements.sums(blocks, [block.size for block in blocks])
    linked = elements.sums(blocks, [block.size * block.linked for block in blocks])
    found = bytearray(len(sums))
    for number, (parent, tag) in enumerate(zip(elements.parent, elements.tag, strict=True)):
        leads = linked[number] > LINKING * sizes[number] and sums[number] < 0.25 * sums[0]
        found[number] = found[max(parent, 0)] or (leads and tag in GROUPS)
    return found


def _tidy(blocks: list[Block], weights: list[float], elements: Elements) -> list[Block]:
    """The blocks without those that are links, headings of nothing, and what is loose at both ends."""
    first, last = _ends(blocks, weights, elements)
    kept: list[Block] = []
    headings: list[Block] = []
    for place, block in enumerate(blocks[: last + 1]):
        if block.kind == HEADING and block.size < HEADLINE:
            headings = [heading for heading in headings if heading.level < block.level]
            headings.append(block)
        elif place >= first and (block.linked <= 0.6 or block.kind == CODE):
            kept += headings
            kept.append(block)
            headings = []
    return kept


def _ends(blocks: list[Block], weights: list[float], elements: Elements) -> tuple[int, int]:
    """The first and last block that are running text, or next to it and not loose.

    Items and rows that are no links are not loose, nor are blocks at the same level as running text: of the
    same tag in the same element.
    """
    if not any(weights):
        return 0, len(blocks) - 1
    parent, tag = elements.parent, elements.tag
    levels = {
        (tag[block.element], parent[block.element])
        for block, weight in zip(blocks, weights, strict=True)
        if weight > 0
    }

    def firm(block: Block) -> bool:
        if block.kind in (ITEM, ROW):
            return block.linked < 0.2
        return (
            block.kind == PARAGRAPH
            and block.linked == 0
            and (tag[block.element], parent[block.element]) in levels
        )

    first = next(place for place, weight in enumerate(weights) if weight > 0)
    last = next(place for place in reversed(range(len(weights))) if weights[place] > 0)
    while first > 0 and firm(blocks[first - 1]):
        first -= 1
    while last + 1 < len(blocks) and firm(blocks[last + 1]):
        last += 1
    return first, last
