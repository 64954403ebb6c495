"""Shows documents on the terminal, and writes them as lines of JSON."""

from typing import Any

import orjson
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from massivetext.filters import families
from massivetext.pipeline.inspect.describe import KEPT, Described, Measured
from massivetext.pipeline.stages.report.documents.excerpts import Document
from massivetext.pipeline.stages.report.stats_part import Excerpt

_FACTS = ("source", "source_id", "title", "url", "captured", "language", "licence")
_MARKED = "reverse"
_MISSING = 12  # most missing words that are shown


def show(console: Console, one: Described) -> None:
    """Print a document: where it is from, what became of it, its measurements, and its text with marks."""
    document = one.document
    console.rule(Text(document["id"]))
    facts = Table.grid(padding=(0, 2))
    facts.add_column()
    facts.add_column(overflow="fold")  # a long URL is folded and not cut
    for name in (*_FACTS, *own_columns(document)):
        if document.get(name) is not None:
            facts.add_row(name, Text(str(document[name])))
    facts.add_row("read from", Text(f"{document['origin_file']} at {document['origin_offset']}"))
    facts.add_row("fate", Text(_fate(one), style="bold"))
    console.print(facts)
    console.print(_measurements(one.measured))
    console.print(Padding(_text(one.excerpt), (0, 0, 1, 4)))
    if one.other is not None:
        console.print(Text(f"the {'item' if one.fate == 'contaminated' else 'survivor'}, {one.other.id}"))
        console.print(Padding(_text(one.other), (0, 0, 1, 4)))


def own_columns(document: Document) -> list[str]:
    """The columns that the document's source brought, by `columns.keep`."""
    ours = {*families.documents().names, "source", "removed_by", "failed_rules"}
    return [name for name in document if name not in ours]


def line(one: Described) -> bytes:
    """A document as a line of JSON: its row, `fate`, `facts`, the excerpt's place, and its measurements with limits."""
    excerpt: dict[str, Any] = {"start": one.excerpt.start, "marks": one.excerpt.marks}
    whole = {**one.document, "fate": one.fate, "facts": one.facts, "excerpt": excerpt}
    whole["limits"] = [{**measured._asdict()} for measured in one.measured]
    return orjson.dumps(whole, option=orjson.OPT_APPEND_NEWLINE)


def _fate(one: Described) -> str:
    facts = one.facts
    if one.fate == KEPT:
        return KEPT
    if "survivor_id" in facts:
        where = f" in {facts['survivor_output']}" if facts["survivor_output"] else ""
        if facts["jaccard"] is None:
            return f"captured again: {facts['survivor_id']}{where} stands for the newest capture of its URL"
        return f"{one.fate} duplicate of {facts['survivor_id']}{where}, Jaccard {facts['jaccard']:.4f}"
    if "test_set" in facts:
        if facts["jaccard"] is None:
            shared = f"{facts['containment']:.0%} of its {facts['role']} by weight"
            if facts["missing"]:
                shared += f", without: {' '.join(facts['missing'][:_MISSING])}"
            if facts["answer"] is not None:
                shared += f"; {facts['answer']:.0%} of the answer beside it"
        else:
            shared = f"Jaccard {facts['jaccard']:.4f}"
        run = f"longest shared run {facts['longest_run']} words"
        return f"matches {facts['test_set']}, item {facts['item']}: {shared}, {run}"
    also = [rule for rule in facts["failed_rules"] if rule != one.fate]
    return f"removed by {one.fate}" + (f" (breaks {', '.join(also)} too)" if also else "")


def _measurements(measured: list[Measured]) -> Table:
    table = Table("measurement", "value", "limit", box=None, padding=(0, 2, 0, 0))
    for one in measured:
        sides = [("at least", one.minimum), ("at most", one.maximum)]
        limit = ", ".join(f"{side} {value:g}" for side, value in sides if value is not None)
        said, style = (f"{limit}: broken", "red") if one.is_broken else (limit, "")
        value = str(one.value) if isinstance(one.value, int) else f"{one.value:.4g}"
        table.add_row(one.name, value, said, style=style)
    return table


def _text(excerpt: Excerpt) -> Text:
    shown = Text(excerpt.text)
    for start, end in excerpt.marks:
        shown.stylize(_MARKED, start, end)
    rest = excerpt.characters - excerpt.start - len(excerpt.text)
    before = f"… {excerpt.start:,} characters before\n" if excerpt.start else ""
    after = f"\n… {rest:,} more characters" if rest else ""
    return Text.assemble((before, "dim"), shown, (after, "dim"))
