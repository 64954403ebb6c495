import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from numpy.testing import assert_equal

from massivetext.filters.kernels import unicode
from massivetext.filters.kernels.utf8 import views, white_space
from massivetext.filters.measure.divide import is_divided
from massivetext.filters.measure.words import split_words
from tests.filters import reference
from tests.filters.texts import texts


def words_of(data: np.ndarray, start: int, end: int) -> list[tuple[str, int, int]]:
    """(word, code points, hash) of each word of a document."""
    most = (end - start + 1) // 2
    starts, ends, characters = (np.empty(most, np.int32) for _ in range(3))
    hashes = np.empty(most, np.uint64)
    divided = is_divided(data, start, end)
    count = split_words(data, start, end, divided, starts, ends, characters, hashes)
    spans = zip(starts[:count], ends[:count], characters[:count], hashes[:count], strict=True)
    return [(bytes(data[a:b]).decode(), int(length), int(key)) for a, b, length, key in spans]


def words(text: str) -> list[tuple[str, int, int]]:
    offsets, data = views(pa.array([text]))
    return words_of(data, int(offsets[0]), int(offsets[1]))


def hash_of(word: str) -> int:
    ((found, _, key),) = words(word)
    assert found == word
    return key


@settings(max_examples=300, deadline=None)
@given(texts)
def test_words_are_those_of_the_definition(documents: list[str]) -> None:
    offsets, data = views(pa.array(documents, pa.string()))
    hashes: dict[str, int] = {}
    for row, text in enumerate(documents):
        found = words_of(data, int(offsets[row]), int(offsets[row + 1]))
        expected = reference.words(text)
        assert [word for word, _, _ in found] == expected
        assert [length for _, length, _ in found] == list(map(len, expected))
        # Equal where the lower-cased words are, and nowhere else.
        for word, _, key in found:
            assert hashes.setdefault(reference.lower(word), key) == key
    assert len(set(hashes.values())) == len(hashes)


@pytest.mark.parametrize("size", [*range(1, 20), 63, 64, 65, 127, 128, 200])
def test_what_lies_beyond_the_document_does_not_count(size: int) -> None:
    text = ("é" + "abcdefghijklmnopqrstuvwxyz " * 8).encode()[:size]
    alone = np.frombuffer(text, np.uint8)
    inside = np.frombuffer(b"Xy#" + text + "Z漢 q".encode() * 40, np.uint8)
    assert words_of(alone, 0, size) == words_of(inside, 3, 3 + size)


def test_a_hash_never_changes() -> None:
    """Which documents are near duplicates depends on it."""
    assert hash_of("a") == 0x44CAC5EDF6B6F725
    assert hash_of("the") == 0x06DC44288DE2D314
    assert hash_of("sixteen-letters.x") == 0x56388AD54F1CFB61
    assert hash_of("Éclair") == 0xA2B106643A521F22
    assert hash_of("漢") == 0x00E226A44A7DFC6A


def test_a_hash_is_of_the_lower_cased_word() -> None:
    assert hash_of("KELVIN") == hash_of("\u212aelvin") == hash_of("kelvin")
    assert hash_of("w\u0130th") == hash_of("with")
    assert hash_of("\u023abc") == hash_of("\u2c65bc")
    assert hash_of("Σ") == hash_of("σ") != hash_of("ς")
    assert hash_of("a") != hash_of("a\x00")


def test_hashes_are_well_mixed() -> None:
    hashes = np.array([key for _, _, key in words(" ".join(map(str, range(100_000))))], np.uint64)
    assert len(np.unique(hashes)) == len(hashes)
    for bit in range(64):
        share = np.mean(hashes >> np.uint64(bit) & np.uint64(1))
        assert share == pytest.approx(0.5, abs=0.01)  # six standard deviations
    # 2**16 buckets and 100,000 throws leave e**-1.526 of them empty.
    assert 1 - len(np.unique(hashes & np.uint64(0xFFFF))) / 2**16 == pytest.approx(0.2174, abs=0.01)


def test_tables_hold_what_unicode_says_of_each_code_point() -> None:
    points = np.arange(unicode.POINTS)
    index, pages = unicode._STAGES.made
    lower_index, lower_pages = unicode._LOWER_STAGES.made
    found, lower = (
        pages[index[points >> 8], points & 255],
        points + lower_pages[lower_index[points >> 8], points & 255],
    )
    category = np.array([unicodedata.category(sign)[0] for sign in map(chr, points)])
    assert_equal((found & unicode.LETTER) != 0, category == "L")
    assert_equal((found & unicode.NUMBER) != 0, category == "N")
    assert_equal((found & unicode.TRIMMED) != 0, (category == "P") | (category == "S"))
    assert_equal((found & unicode.WHITE_SPACE) != 0, np.isin(points, list(map(ord, reference.WHITE_SPACE))))
    kinds = {unicode.PART: "R", unicode.STARTS: "S", unicode.FOLLOWS: "F", unicode.LEADS: "L"}
    kinds |= {unicode.BINDS: "B", unicode.KILLS: "K", unicode.STACKS: "T", 0: "."}
    expected = (reference.kind(chr(point)) for point in points)
    assert [kinds[part] for part in (found & unicode.PART).tolist()] == [
        kind if kind in "RSFLBKT" else "." for kind in expected
    ]
    assert_equal((found & unicode.UPPER) != 0, (lower != points) & (points > 127))
    assert_equal(lower, [ord(reference.lower(sign)) for sign in map(chr, points)])
    # So that what is known of one word holds of every word equal to it.
    assert_equal(category[lower], category)


def test_white_space_is_measured_in_bytes() -> None:
    for sign in reference.WHITE_SPACE:
        text = np.frombuffer(f"{sign}a".encode(), np.uint8)
        assert white_space(text, 0, len(text)) == len(sign.encode())
        assert white_space(text, len(text) - 1, len(text)) == 0
    for sign in "\x1c\x1f\u200b\u180e\ufeff漢é":
        text = np.frombuffer(sign.encode(), np.uint8)
        assert white_space(text, 0, len(text)) == 0


def test_views_are_not_copies() -> None:
    array = pa.array(["one", "two", "three"])
    offsets, data = views(array.slice(1))
    assert offsets.tolist() == [3, 6, 11]
    assert bytes(data[3:11]) == b"twothree"
    assert data.ctypes.data == array.buffers()[2].address
    assert not data.flags.writeable


def test_a_null_is_empty() -> None:
    offsets, data = views(pa.array(["one", None, "two"]))
    assert [bytes(data[offsets[row] : offsets[row + 1]]) for row in range(3)] == [b"one", b"", b"two"]


@pytest.mark.parametrize("array", [pa.array([], pa.string()), pa.array(["a"])[:0], pa.nulls(0, pa.string())])
def test_an_empty_array_has_one_offset(array: pa.StringArray) -> None:
    offsets, _ = views(array)
    assert len(offsets) == 1


def test_another_type_is_an_error_that_names_it() -> None:
    with pytest.raises(TypeError, match=r"not int64: cast it to pyarrow\.string"):
        views(pa.array([1]))
    with pytest.raises(TypeError, match="not large_string"):
        views(pa.array(["a"], pa.large_string()))
