"""Tables on narrow terminals."""

import io
from itertools import pairwise

import pytest
from rich.table import Table

from massivetext.pipeline.runtime.terminal import Terminal

NAME = "a_source_with_a_rather_long_name"
FIGURES = ("123,456,789,012", "1.23e+25", "0.0526")


def printed(table: Table, width: int) -> list[str]:
    stream = io.StringIO()
    terminal = Terminal(file=stream, width=width)
    terminal.print(table)
    assert terminal.width == width
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_figure_is_cut(width: int):
    table = Table()
    for name in ("source", "tokens", "FLOPs", "weight"):
        table.add_column(name, justify="left" if name == "source" else "right")
    table.add_row(NAME, *FIGURES)
    lines = printed(table, width)
    assert any(all(figure in line for figure in FIGURES) for line in lines)
    assert "…" not in "".join(lines)


def test_a_long_text_is_folded_beside_its_figure():
    table = Table(box=None)
    table.add_column("text")
    table.add_column("count", justify="right")
    table.add_row("y" * 50, "1,000")
    lines = printed(table, 30)
    assert "".join(lines).count("y") == 50
    assert max(map(len, lines)) <= 30


def test_a_table_that_fits_has_no_longer_lines():
    table = Table()
    table.add_column("n", justify="right")
    table.add_row("1")
    narrow, wide = printed(table, 40), printed(table, 80)
    assert narrow == wide
    assert all(len(one) == len(other) for one, other in pairwise(narrow))
