"""Labels that are repeated, and copies."""

from tests.filters.html.pages import parts


def page(blocks: list[str]) -> str:
    return "<main>" + "".join(f"<div>{block}</div>" for block in blocks) + "</main>"


def test_a_label_of_each_item_is_left_out() -> None:
    items = [
        block for n in range(5) for block in (f"Item {n} of them", "a", "b", "c", "d", "Add it", f"{n}.50")
    ]
    assert parts(page(items)) == [block for block in items if block[-1].isdigit() or block.endswith("them")]


def test_what_has_digits_or_stands_twice_is_no_label() -> None:
    items = [f"{word} {n}" for n in range(9) for word in ("One item", "Its price")]
    items[2] = items[12] = "Red"
    items[0] = items[7] = items[14] = "4.99"
    assert parts(page(items)) == items


def test_of_copies_the_first_stays() -> None:
    title = "A title that is longer than any label is, of a product"
    others = [f"{n}.99" for n in range(9)]
    assert parts(page([title, *others, title, "One", "Two", "One"])) == [title, *others, "One", "Two"]
