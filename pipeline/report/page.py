"""The page: stats.json as one HTML file that needs nothing else, with its charts drawn in the browser."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import yaml
from markupsafe import Markup

from pipeline.report.mix import MASSIVETEXT
from pipeline.report.stats import Excerpt, Stats

_FOLDER = Path(__file__).parent
_SCRIPTS = ("vendor/d3.min.js", "vendor/plot.umd.min.js", "charts.js", "whatif.js")
_LICENCES = ("vendor/d3.LICENSE", "vendor/plot.LICENSE")
_DRAWN = {"funnels", "rules", "overlaps", "histograms", "deduplication", "mix", "samples"}


def render(stats: Stats) -> str:
    """The page. Documents' text reaches it only through the template, which escapes it."""
    return (
        _environment()
        .get_template("page.html")
        .render(
            stats=stats,
            data=_json(stats.model_dump(mode="json", include=_DRAWN)),
            massivetext=MASSIVETEXT,
            configuration=yaml.safe_dump(stats.configuration, sort_keys=False, allow_unicode=True),
            style=Markup((_FOLDER / "page.css").read_text()),
            scripts=[Markup((_FOLDER / name).read_text()) for name in _SCRIPTS],
            licences=[(_FOLDER / name).read_text() for name in _LICENCES],
        )
    )


def _json(value: Any) -> Markup:
    """JSON that may stand inside a script element: nothing in it can end the element or start a comment."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        count=_count, bytes=_bytes, share=_share, label=_label, pieces=_pieces, short=_short
    )
    return environment


def _count(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"


def _short(value: float) -> str:
    """A large count in three digits: 604M, 1.1B."""
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:,.0f}"


def _bytes(value: float) -> str:
    """Bytes in decimal units, three digits."""
    if value < 1000:
        return f"{value:.0f} B"
    size, units = float(value), iter(("kB", "MB", "GB", "TB", "PB"))
    unit = "B"
    while size >= 999.5:
        size, unit = size / 1000, next(units)
    return f"{size:.3g} {unit}"


def _share(part: float, whole: float) -> str:
    """Percent, with a digit after the point where it is small."""
    if not whole:
        return "-"
    percent = 100 * part / whole
    return f"{percent:.0f} %" if percent >= 10 or percent == 0 else f"{percent:.2g} %"


def _pieces(excerpt: Excerpt) -> Iterator[tuple[bool, str]]:
    """The text of an excerpt in pieces, and whether each is marked."""
    at = 0
    for start, end in excerpt.marks:
        yield False, excerpt.text[at:start]
        yield True, excerpt.text[start:end]
        at = end
    yield False, excerpt.text[at:]


def _label(name: str) -> str:
    """A column's or rule's name for people."""
    return name.replace("_", " ")
