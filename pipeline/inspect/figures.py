"""Writes the report's figures for other programs: all of them as JSON, or the main tables as CSV or Markdown."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import NamedTuple

from massivetext.pipeline.stages.report.stats import Stats

Cell = str | int | float | None


class Table(NamedTuple):
    """A table of the report: its name, its heads, and its rows."""

    name: str
    heads: Sequence[str]
    rows: list[Sequence[Cell]]


def tables(stats: Stats) -> list[Table]:
    """The main tables: the funnel, the rules by source, failures, duplicates, test sets, and the mix."""
    return [
        _funnel(stats),
        _rules(stats),
        Table(
            "failures",
            ("source", "records", "error", "file", "offset"),
            [
                (one.source, one.records, one.error, one.origin_file, one.origin_offset)
                for one in stats.failures
            ],
        ),
        Table(
            "duplicates",
            ("source", "url", "exact", "near"),
            [
                (one.source, one.url.documents, one.exact.documents, one.near.documents)
                for one in stats.deduplication.sources
            ],
        ),
        Table(
            "contamination",
            ("test_set", "source", "matched", "removed", "kept_with_item"),
            [
                (one.test_set, one.source, one.matched.documents, one.removed.documents, one.kept_with_item)
                for one in stats.contamination
            ],
        ),
        Table(
            "mix",
            ("source", "documents", "bytes", "tokens", "weight", "wanted", "given", "share", "epochs"),
            [
                (m.source, m.documents, m.bytes, m.tokens, m.weight, m.wanted, m.given, m.share, m.epochs)
                for m in stats.mix.sources
            ],
        ),
    ]


def _funnel(stats: Stats) -> Table:
    rows: list[Sequence[Cell]] = [
        (funnel.source, step.name, step.amount.documents, step.amount.bytes, step.tokens)
        for funnel in stats.funnels
        for step in funnel.steps
    ]
    return Table("funnel", ("source", "step", "documents", "bytes", "tokens"), rows)


def _rules(stats: Stats) -> Table:
    rows: list[Sequence[Cell]] = [
        (
            rule.name,
            figures.source,
            rule.minimum,
            rule.maximum,
            figures.judged.documents,
            figures.first.documents,
            figures.broken.documents,
            figures.only.documents,
        )
        for rule in stats.rules
        for figures in rule.sources
    ]
    heads = ("rule", "source", "minimum", "maximum", "judged", "first", "broken", "only")
    return Table("rules", heads, rows)


def as_csv(found: Sequence[Table]) -> str:
    """The tables, one after the other, as CSV. If there are several, each row begins with its table's name."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for number, table in enumerate(found):
        lead = [table.name] if len(found) > 1 else []
        if number:
            out.write("\n")
        writer.writerow([*(["table"] * len(lead)), *table.heads])
        writer.writerows([*lead, *("" if cell is None else cell for cell in row)] for row in table.rows)
    return out.getvalue()


def as_markdown(found: Sequence[Table]) -> str:
    """The tables as Markdown: for each, a heading and a pipe table."""
    return "\n".join(
        "\n".join(
            [
                f"## {table.name}",
                "",
                _line(table.heads),
                _line(["---"] * len(table.heads)),
                *map(_line, table.rows),
                "",
            ]
        )
        for table in found
    )


def _line(cells: Sequence[Cell]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    shown = f"{value:,}" if isinstance(value, int) else f"{value:.4g}" if isinstance(value, float) else value
    return shown.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")


FORMS: dict[str, Callable[[Sequence[Table]], str]] = {"csv": as_csv, "markdown": as_markdown}
"""How tables are written, by the name of the format. JSON is the file stats.json itself."""
