"""Leaks that look different are found, and texts that only look like leaks are not."""

import random
import unicodedata

import pyarrow as pa
import pytest

from massivetext.filters.similarity.embedded import Matcher, match
from massivetext.filters.similarity.rarity import Counts, count
from massivetext.filters.similarity.test_items import Part, TestItems

STORY = (
    "Marlene sells glazed clay pots at the harbour market. On Monday she packed 48 pots into 6 crates, dropped "
    "3 pots on the quay, and sold the rest at 15 crowns each. How many crowns did Marlene earn on Monday?"
)
CODE = '''def smallest_gap(readings: list[float]) -> float:
    """Return the smallest distance between two barometer readings of a sorted logbook, or zero for fewer
    than two readings.
    >>> smallest_gap([1.0, 4.0, 6.5])
    2.5
    >>> smallest_gap([2.0])
    0.0
    """
'''
CHINESE = (
    "一艘渔船清晨离开港口,在灯塔附近捕到四十八条鲱鱼,船长把其中的三分之一分给了邻居。请问船长还剩下多少条鱼?"
)
ARABIC = (
    "غادرت سفينة الصيد الميناء عند الفجر وعادت بثمانية وأربعين سمكة من الرنجة "
    "فأعطى القبطان ثلثها لجيرانه فكم سمكة بقيت له"
)
ITEMS = {"story": STORY, "code": CODE, "chinese": CHINESE, "arabic": ARABIC}


def hosts(count_: int) -> list[str]:
    chance = random.Random(3)
    words = [f"w{number}" for number in range(3000)]
    return [" ".join(chance.choices(words, k=400)) for _ in range(count_)]


@pytest.fixture(scope="module")
def known() -> Matcher:
    items = TestItems.build([Part("made", name, "question", text) for name, text in ITEMS.items()])
    corpus = pa.record_batch({"text": pa.array(hosts(300), pa.string())})
    return Matcher.build(items, Counts.total(items, [count(corpus, items)]))


def removed(known: Matcher, text: str) -> set[str]:
    """The items whose part is held nearly whole by a document with the text in its middle."""
    host = hosts(1)[0].split()
    document = " ".join(host[:200]) + "\n" + text + "\n" + " ".join(host[200:])
    rows = match(pa.record_batch({"text": pa.array([document], pa.string())}), known).to_pylist()
    return {known.items.parts[row["part"]].item for row in rows if row["nearly_whole"]}


@pytest.mark.parametrize("name", ITEMS)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_normal_forms(known: Matcher, name: str, form: str) -> None:
    assert removed(known, unicodedata.normalize(form, ITEMS[name])) == {name}


@pytest.mark.parametrize("name", ITEMS)
def test_two_halves_with_another_paragraph_between(known: Matcher, name: str) -> None:
    text, between = ITEMS[name], " ".join(hosts(1)[0].split()[:60])
    middle = len(text) // 2
    if name != "chinese":
        middle = text.index(" ", middle)
    assert removed(known, f"{text[:middle]}\n\n{between}\n\n{text[middle:]}") == {name}


def test_half_of_an_item_is_no_leak(known: Matcher) -> None:
    for text in ITEMS.values():
        assert removed(known, text[: len(text) // 2]) == set()


def test_two_halves_that_are_far_apart_are_no_leak(known: Matcher) -> None:
    between = " ".join(hosts(2)[1].split() * 2)
    middle = STORY.index(" ", len(STORY) // 2)
    assert removed(known, f"{STORY[:middle]} {between} {STORY[middle:]}") == set()


def test_other_numbers_make_another_exercise(known: Matcher) -> None:
    other = STORY.replace("48", "90").replace(" 6 ", " 5 ").replace("3 pots", "7 pots").replace("15", "22")
    assert removed(known, other) == set()
    assert removed(known, STORY.replace("48", "90")) == {"story"}  # one number is a mistake or a disguise


def test_code_in_other_clothes(known: Matcher) -> None:
    assert removed(known, CODE.replace("    ", "\t")) == {"code"}
    assert removed(known, CODE.replace("smallest_gap", "f1").replace("readings:", "xs:")) == {"code"}


def test_right_to_left_text_with_signs_of_direction(known: Matcher) -> None:
    marked = "\u202b" + ARABIC.replace(" ", " \u200f") + "\u202c"
    assert removed(known, marked) == {"arabic"}


def test_text_without_spaces_in_wrapped_lines(known: Matcher) -> None:
    assert removed(known, "\n".join(CHINESE[at : at + 7] for at in range(0, len(CHINESE), 7))) == {"chinese"}
    assert removed(known, " ".join(CHINESE)) == {"chinese"}
