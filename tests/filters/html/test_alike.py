"""Siblings of one shape are treated alike."""

from tests.filters.html.pages import SENTENCE, text

OUT = "id=gallery"  # a rule for articles leaves out what bears this name


def steps(left_out: set[int], attributes: str = "class=step", count: int = 6) -> list[int]:
    """The numbers of the steps that are text, of a page of steps some of which a rule leaves out."""
    long, short = f"<p>{SENTENCE}</p>" * 2, ""
    page = "".join(
        f"<div {attributes} {OUT if n in left_out else ''}><p>Step {n}.</p>{short if n in left_out else long}</div>"
        for n in range(count)
    )
    found = " ".join(text(f"<main><p>{SENTENCE} First.</p>{page}<p>{SENTENCE} Last.</p></main>"))
    return [n for n in range(count) if f"Step {n}." in found]


def test_one_step_among_others_stays() -> None:
    assert steps({2}) == [0, 1, 2, 3, 4, 5]


def test_many_steps_that_are_left_out_stay_out() -> None:
    assert steps({1, 2, 3}) == [0, 4, 5]


def test_what_has_text_on_one_side_alone_stays_out() -> None:
    assert steps({5}) == [0, 1, 2, 3, 4]


def test_boxes_without_a_class_are_not_alike() -> None:
    assert steps({2}, attributes="") == [0, 1, 3, 4, 5]
