"""Texts that hypothesis makes to try the measurements on."""

from hypothesis import strategies

SPACES = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000"
NOT_SPACES = "\x1c\x1d\x1e\x1f\u200b\ufeff\x00\u180e"
CASED = "AZaz\u0130i\u0131\u212ak\u212bå\u2126ωΣσς\u1e9eßȺⱥ\U00010400\U00010428ÉéЯяⅧⅷⒶⓐ"
SIGNS = "#.…*-–—•▫■'’“”«»¿€+_§\u0301\u20dd²٣漢字한ไทย🙂👩🏽"

UNSPACED = (
    "漢字々〇ひらゎーゝカタガｶﾞ・、。เแคนรืะาำๆ๒ໄລາຽកខ្រុំៗမြန်တ္ဘ့ོབདཀྱ་\ufe00\U000e0100\U00020000\u200b"
    "\ua984\ua9c0\ua9ba\ua9cf\u1b13\u1b44\u1b35\ua000\ua015ሰላም፡፩\u135d\u2d80\U0001b170\U00017000\u1bc0\u1a00"
)

AWKWARD = "ab1 \n" + SPACES + NOT_SPACES + CASED + SIGNS

any_text = strategies.text(max_size=120)
awkward_text = strategies.text(strategies.sampled_from(AWKWARD), max_size=200)
unspaced_text = strategies.text(strategies.sampled_from(UNSPACED + "ab1É .-#\n"), max_size=200)

PIECES = [
    *("the", "The", "to", "wİth", "cat", "K", "\u212a", "Éclair", "éclair", "12", "x\u0301", "漢字", "(a)"),
    *("漢字の文。", "カー", "ไทย", "မြန်မာ"),
    *("longer-word-here", "averyveryverylongword", "AVERYveryverylongword"),
    *("...", "…", "#", "--", "- item", "• item", "\r\n", "\r", "\u3000"),
]
JOINTS = [" ", " ", "\n", "\n\n", "\r\n", "\r\n\r\n", " \n\t\n", "\t", "\u2028"]


@strategies.composite
def _repetitive_text(draw: strategies.DrawFn) -> str:
    """Few different pieces and joints, so that words, n-grams, lines and paragraphs repeat and overlap."""
    pieces = draw(strategies.lists(strategies.sampled_from(PIECES), min_size=1, max_size=4))
    joints = draw(strategies.lists(strategies.sampled_from(JOINTS), min_size=1, max_size=3))
    part = strategies.builds(str.__add__, strategies.sampled_from(pieces), strategies.sampled_from(joints))
    block = "".join(draw(strategies.lists(part, max_size=30)))
    return block * draw(strategies.integers(1, 3)) + draw(awkward_text)


repetitive_text = _repetitive_text()
texts = strategies.lists(any_text | awkward_text | unspaced_text | repetitive_text, max_size=6)
