import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.similarity.align import NEAR, align, new_rows

TERMS = st.lists(st.integers(0, 5), max_size=64)


def longest_common(piece: list[int], text: list[int]) -> int:
    rows = [[0] * (len(text) + 1)]
    for one in piece:
        row = [0]
        for at, other in enumerate(text):
            row.append(max(rows[-1][at + 1], row[-1], rows[-1][at] + (one == other)))
        rows.append(row)
    return rows[-1][-1]


def held(piece: list[int], text: list[int]) -> tuple[list[int], list[int]]:
    work = new_rows(512)
    mask = int(align(np.array(text, np.uint64), 0, len(text), np.array(piece, np.uint64), work))
    found = [at for at in range(64) if mask >> at & 1]
    return found, [int(work.places[at]) for at in found]


@settings(deadline=None, max_examples=300)
@given(TERMS, st.lists(st.integers(0, 5), max_size=150))
def test_what_is_held_stands_in_order_beside_another_that_is(piece: list[int], text: list[int]) -> None:
    found, places = held(piece, text)
    assert [piece[at] for at in found] == [text[place] for place in places]
    assert places == sorted(set(places))
    assert len(found) <= longest_common(piece, text)
    near = dict(zip(found, places, strict=True))
    for at in found:
        neighbours = [near[other] for other in (at - 1, at + 1) if other in near]
        assert any(abs(place - near[at]) <= NEAR for place in neighbours)


@settings(deadline=None)
@given(TERMS.filter(lambda piece: len(piece) > 1), TERMS, TERMS)
def test_a_piece_that_stands_there_whole_is_held_whole_when_its_terms_stand_nowhere_else(
    piece: list[int], before: list[int], after: list[int]
) -> None:
    text = [term + 10 for term in before] + piece + [term + 10 for term in after]
    assert held(piece, text)[0] == list(range(len(piece)))


def test_a_changed_a_dropped_and_an_added_term() -> None:
    piece = list(range(12))
    text = [99, 0, 1, 2, 50, 4, 5, 7, 8, 60, 9, 10, 11, 99]  # 3 changed, 6 dropped, 60 added
    assert held(piece, text)[0] == [0, 1, 2, 4, 5, 7, 8, 9, 10, 11]


def test_terms_far_apart_are_not_held() -> None:
    text = [1, 50, 51, 52, 53, 2, 54, 55, 56, 57, 3]
    assert held([1, 2, 3], text)[0] == []


def test_a_frequent_word_at_either_end_is_held_where_the_passage_stands() -> None:
    piece = [1, 2, 3, 4, 5, 1]
    assert held(piece, [1, 50, 51, 52, 53, 1, 2, 3, 4, 5, 1, 60, 61, 62, 63, 1]) == (
        [0, 1, 2, 3, 4, 5],
        [5, 6, 7, 8, 9, 10],
    )
