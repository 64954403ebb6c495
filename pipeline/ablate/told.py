"""Prints the result of an ablation, within 80 columns."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from massivetext.pipeline.ablate.result import Cell, Mean, Result


def tell(found: Result, console: Console) -> None:
    """Print the bits per byte of every arm on every measure, and whether it differs from the first arm."""
    first = found.rows[0].cells[0].arm
    for row in found.rows:
        table = Table("arm", title=f"{escape(row.measure)}, {row.bytes:,} bytes", title_justify="left")
        table.add_column("bits per byte", justify="right")
        table.add_column(f"more than {escape(first)}", justify="right")
        table.add_column("")
        for cell in row.cells:
            table.add_row(
                escape(cell.arm), f"{cell.bits_per_byte.mean:.4f}", _difference(cell), cell.verdict or ""
            )
        console.print(table)
    if found.is_null:
        console.print(f"no arm differs from {escape(first)} by more than the seeds do")


def _difference(cell: Cell) -> str:
    return "" if cell.difference is None else _signed(cell.difference)


def _signed(mean: Mean) -> str:
    text = f"{mean.mean:+.4f}"
    return text if mean.low is None else f"{text} [{mean.low:+.4f}, {mean.high:+.4f}]"
