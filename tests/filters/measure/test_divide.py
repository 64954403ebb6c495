import itertools
import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.kernels.utf8 import views
from massivetext.filters.measure.divide import divide_words, is_divided
from tests.filters import reference
from tests.filters.texts import any_text, awkward_text, unspaced_text


def spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text that is divided stand, in bytes."""
    offsets, data = views(pa.array([text]))
    end = int(offsets[1])
    starts, ends, characters = (np.empty((end + 1) // 2, np.int32) for _ in range(3))
    hashes = np.empty((end + 1) // 2, np.uint64)
    count = divide_words(data, 0, end, starts, ends, characters, hashes)
    return list(zip(starts[:count].tolist(), ends[:count].tolist(), strict=True))


def words(text: str) -> list[str]:
    return [text.encode()[start:end].decode() for start, end in spans(text)]


def divides(text: str) -> bool:
    offsets, data = views(pa.array([text]))
    return is_divided(data, 0, int(offsets[1]))


@settings(max_examples=3000, deadline=None)
@given(any_text | awkward_text | unspaced_text | st.lists(unspaced_text).map(" ".join))
def test_no_letter_is_lost_or_counted_twice(text: str) -> None:
    found = spans(text)
    # In the text's order, none reaches into the next: nothing is counted twice.
    assert all(start < end for start, end in found)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(found))
    # What lies between holds no letter and no digit: nothing is lost.
    edges = [0, *(edge for span in found for edge in span), len(text.encode())]
    between = "".join(text.encode()[a:b].decode() for a, b in zip(edges[::2], edges[1::2], strict=True))
    assert not any(unicodedata.category(sign)[0] in "LN" for sign in between)
    assert [text.encode()[a:b].decode() for a, b in found] == reference.divided_words(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("使用Linux系统3.5版本，第3章。", "使|用|Linux|系|统|3.5|版|本|第|3|章"),
        ("二〇二五年、神々の「言葉」", "二|〇|二|五|年|神|々|の|言|葉"),
        ("コンピュータのらーめん・カレー", "コンピュータ|の|らー|め|ん|カレー"),
        ("เครื่องคอมพิวเตอร์ ๒๕๖๘ มาก ๆ", "เค|รื่|อ|ง|ค|อ|ม|พิ|ว|เต|อ|ร์|๒๕๖๘|มา|ก|ๆ"),
        ("ພາສາລາວແມ່ນ", "ພາ|ສາ|ລາ|ວ|ແມ່|ນ"),
        ("ភាសាខ្មែរ", "ភា|សា|ខ្មែ|រ"),
        ("မြန်မာစကား တက္ကသိုလ် သင်္ဘော", "မြန်|မာ|စ|ကား|တက္က|သိုလ်|သင်္ဘော"),
        ("བོད་ཀྱི་སྐད་ཡིག", "བོད|ཀྱི|སྐད|ཡིག"),
        ("葛\U000e0100飾区", "葛\U000e0100|飾|区"),
        ("ሁሉም፡ሰዎች፡ነጻ። ዓ.ም ፳፻", "ሁሉም|ሰዎች|ነጻ|ዓ|ም|፳፻"),
        ("ꦱꦧꦼꦤ꧀ꦮꦺꦴꦁ", "ꦱ|ꦧꦼ|ꦤ꧀ꦮꦺꦴꦁ"),
        ("ᬅᬓ᭄ᬱᬭ", "ᬅ|ᬓ᭄ᬱ|ᬭ"),
        ("ꊿꂷꃅꄿꐨ", "ꊿ|ꂷ|ꃅ|ꄿ|ꐨ"),
        ("(the well-known) 한국어 — 的", "the|well-known|한국어|的"),
        ("ーー าก", "ーー|า|ก"),
        ("", ""),
    ],
)
def test_units(text: str, expected: str) -> None:
    assert "|".join(words(text)) == expected


def test_a_document_is_divided_from_a_tenth_of_its_letters_on() -> None:
    assert divides("漢" + "a" * 9)
    assert not divides("漢" + "a" * 10)
    assert divides("ก" + "я" * 9)
    assert not divides("ก" + "я" * 10)
    assert not divides("")
    assert not divides("12 ๒, 。" * 9)  # digits and signs are no letters
    assert not divides("🙂" * 50 + "a" * 20)


@settings(max_examples=500, deadline=None)
@given(any_text | awkward_text | unspaced_text, st.integers(0, 400))
def test_whether_a_document_is_divided(text: str, latin: int) -> None:
    assert divides(text + "a" * latin) == reference.is_divided(text + "a" * latin)
