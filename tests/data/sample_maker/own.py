"""What this project wrote for the sample itself (CC0-1.0): a page for each rule, added sentences, riddles."""

from collections.abc import Iterator

BASE = "https://pages.example/"

# Added to real pages to make near duplicates. No sentence of the real pages stands here.
ADDED = [
    "An editor added this sentence in a later revision.",
    "The wording here was changed once more after review.",
    "Readers of the earlier edition will not find this remark.",
    "This note came in with the second printing of the page.",
    "One more clause was put here for the sake of clearness.",
    "Nothing else in the paragraph was touched by that change.",
    "The translators asked for this line and were given it.",
    "A mirror of the page still shows the older paragraph.",
    "Some copies carry this addition and some of them do not.",
    "The reviser signed the change and dated it in the log.",
    "It was agreed that the example should stay as it stands.",
    "Later corrections are listed at the end of the volume.",
]

_FACTS = [
    ("harbour", "fishing boats", "the tide turns before dawn"),
    ("orchard", "apple crates", "frost is expected by the weekend"),
    ("library", "borrowed books", "the reading room closes at noon"),
    ("station", "freight wagons", "the line has been cleared of snow"),
    ("market", "bolts of cloth", "rain drives the buyers under the roof"),
    ("quarry", "blocks of slate", "the road to the coast is open again"),
    ("garden", "trays of seedlings", "the nights have grown short and mild"),
    ("mill", "sacks of barley", "the river runs high after the thaw"),
    ("bakery", "loaves of rye", "the ovens are lit long before sunrise"),
    ("workshop", "half-built clocks", "the winter light fails by four"),
]
_PROSE = [
    f"The people of the {place} have counted their {goods}, and they say that {why}."
    for place, goods, why in _FACTS
]

_INVITATION = "To be told of new prices first, sign up for the letter that goes out on Friday."
_SHOP = """catalogue prices shipping arrivals offers delivery vouchers hours contact form basket checkout
returns sizes colours brands reviews ratings newsletter account login orders wishlist gifts clearance"""
_LETTERS = "aeioubcdfghjklmnpqrstvwxyz"


def html(title: str, body: str) -> str:
    """A small whole page around `body`."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body><main><h1>{title}</h1>\n{body}\n</main></body></html>\n"
    )


def _paragraphs(lines: list[str]) -> str:
    return "\n".join(f"<p>{line}</p>" for line in lines)


def _list(items: list[str]) -> str:
    return "<ul>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>"


def _table() -> str:
    rows = ([str(7919 * row * column % 99991) for column in range(1, 11)] for row in range(1, 31))
    return "\n".join(" ".join(row) for row in rows)


def _compounds() -> Iterator[str]:
    for start in ("methyl", "propyl", "phenyl", "fluoro"):
        for ring in ("cyclohexyl", "naphthyl", "pyridyl"):
            for end in ("carboxamide", "sulfonate", "aldehyde", "hydroxide", "chloride"):
                yield start + ring + end


def special_pages() -> Iterator[tuple[str, str]]:
    """(URL, HTML) of pages that break one rule, or few; the name says which."""
    places = [place for place, _, _ in _FACTS]
    goods = [thing for _, thing, _ in _FACTS]
    bodies = {
        "empty": "",
        "tiny": _paragraphs(["This page is under construction, and that is all there is to say."]),
        "menu": "<nav>"
        + _list([f'<a href="/{place}">All about the {place}</a>' for place in places] * 3)
        + "</nav>",
        "repeated-lines": _paragraphs(
            ["Thank you for your visit to the shop, and come back soon to us."] * 40 + _PROSE
        ),
        "repeated-paragraphs": _paragraphs([" ".join(_PROSE[:5])] * 6 + [" ".join(_PROSE[5:])]),
        "repeated-n-grams": _paragraphs([f"{line} {_INVITATION}" for line in _PROSE]),
        "top-n-gram": _paragraphs(
            [f"Buy now the {thing} and buy now the {place}: buy now!" for place, thing, _ in _FACTS]
        ),
        "bullets": _paragraphs([f"• {line}" for prose in _PROSE for line in prose[:-1].split(", and ")]),
        "ellipsis-lines": _paragraphs([f"{why.capitalize()} …" for _, _, why in _FACTS] + _PROSE[:5]),
        "ellipses": _paragraphs(
            [line.replace(" the ", "... the ").replace(" have", "... have") for line in _PROSE]
        ),
        "hashes": _paragraphs(
            [
                f"{line} #{place} #{place}life #{place}today"
                for line, place in zip(_PROSE, places, strict=True)
            ]
        ),
        "numbers": f"<pre>{_table()}\nthe sum of these rows and of the columns is left out\n</pre>",
        "no-stop-words": _paragraphs([" ".join(goods[:5] + places), _SHOP, " ".join(goods[5:])]),
        "long-words": _paragraphs([f"The compounds: {', '.join(_compounds())} and the rest of that shelf."]),
        "short-words": _paragraphs(
            [" ".join(f"{a}{b} to {b} of {a}" for a, b in zip(_LETTERS, _LETTERS[7:], strict=False))]
        ),
        "kept": _paragraphs(_PROSE),
    }
    for name, body in bodies.items():
        yield f"{BASE}{name}.html", html("" if name == "empty" else name.replace("-", " ").capitalize(), body)


RIDDLES = [
    "A woman carries seven lamps across a bridge that has room for three, and none of them is lit when she "
    "arrives. How many journeys does she make if the wind puts out one lamp in every two?",
    "Which of the four brass keys opens the cupboard under the observatory stairs, if each key fits the lock "
    "that was made in the year after its own and the cupboard's lock is the oldest of all?",
    "Three cartographers disagree about the height of a hill that has since been levelled. The first is "
    "always wrong by a third. Whose map should the surveyor of the new road have trusted?",
    "A clockmaker's apprentice winds nine clocks in the order of their chimes. If the fourth clock is slow "
    "by the time it takes to wind the ninth, at what hour does the shop fall silent?",
]
