"""What is at the ends of the text, and whose its pictures are."""

import pytest

from tests.filters.html.pages import BODY, PARAGRAPHS, TITLE, text


def test_a_list_of_links_under_a_heading_beside_the_text_is_part_of_it() -> None:
    linked = "<h2>See also</h2><ul><li><a href=/1>One of them</a></li><li><a href=/2>Another</a></li></ul>"
    assert text(f"<div>{PARAGRAPHS}{linked}</div>") == [*BODY, "See also", "• One of them\n• Another"]
    assert text(f"<div>{PARAGRAPHS}<div>{linked}</div></div>") == BODY


def test_a_table_after_the_text_is_part_of_it_with_rows_of_one_cell() -> None:
    table = "<table><tr><td>Weight<td>2 t<tr><td>Motor<tr><td>Power<td>90 kW</table>"
    assert text(f"<div>{PARAGRAPHS}<h3>Data</h3>{table}</div>") == [
        *BODY,
        "Data",
        "Weight | 2 t",
        "Motor",
        "Power | 90 kW",
    ]


def test_a_table_between_the_heading_and_the_text_is_part_of_it() -> None:
    table = "<section><table><tr><td>2<td>eggs<tr><td>100 g<td>flour</table></section>"
    page = f"{TITLE}<main><div><h1>What Came of It</h1></div>{table}<article>{PARAGRAPHS}</article></main>"
    assert text(page) == ["2 | eggs\n100 g | flour", *BODY]


def test_a_long_heading_is_text_that_is_set_large() -> None:
    deck = "<h2>Of a heading that goes on for so long that it is not one but what the text comes to in brief</h2>"
    found = text(f"{TITLE}<div><h1>What Came of It</h1>{deck}{PARAGRAPHS}</div>")
    assert found == [deck[4:-5], *BODY]


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("A house by the sea, seen from the pier in the morning. © A. Photographer", False),
        ("Look for (copyright|©) in the files, all of them, and note what you find.", True),
    ],
)
def test_whose_a_picture_is(line: str, kept: bool) -> None:
    found = text(f"<div><p>{BODY[0]}</p><p>{line}</p>{PARAGRAPHS}</div>")
    assert found == [BODY[0], *[line] * kept, *BODY]


@pytest.mark.parametrize(
    ("line", "running"), [("Фраза из сорока пяти букв, и не более того!!", False), ("本" * 20 + "。", True)]
)
def test_a_character_counts_by_what_it_says(line: str, running: bool) -> None:
    assert text(f"<div><div>{line}</div>{PARAGRAPHS}</div>") == ([line, *BODY] if running else BODY)
