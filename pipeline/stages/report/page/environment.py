"""The environment of the templates: where they are stored, and how they write numbers for people."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from massivetext.pipeline.stages.report.stats_audit import Share
from massivetext.pipeline.stages.report.stats_part import Excerpt

FOLDER = Path(__file__).parent


@cache
def environment(autoescape: bool) -> jinja2.Environment:
    """Jinja2 with this package's templates and filters; a name that a template misspells is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=autoescape,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        count=_count,
        bytes=_bytes,
        share=_share,
        interval=_interval,
        label=_label,
        pieces=_pieces,
        short=_short,
        cell=_cell,
        by=_by,
        number=_number,
        costly=_costly,
    )
    if autoescape:  # on a page, a rounded number of bytes carries the exact one
        made.filters.update(bytes=_bytes_with_number)
    return made


def _costly(stages: Iterable[str], spent: Mapping[str, Mapping[str, float]]) -> list[str]:
    """The stages in which a source took so many CPU seconds that a figure with one digit shows them."""
    return [name for name in stages if any(of_source.get(name, 0) >= 0.05 for of_source in spent.values())]


def _count(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"


def _number(value: float | None) -> str:
    """A whole number in full, any other number with four digits."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if value == round(value) else f"{value:,.4g}"


def _short(value: float) -> str:
    """A large count with three digits: 604M, 1.1B."""
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:,.0f}"


def _bytes(value: float) -> str:
    """A number of bytes in decimal units, with three digits."""
    if value < 1000:
        return f"{value:.0f} B"
    size, units = float(value), iter(("kB", "MB", "GB", "TB", "PB"))
    unit = "B"
    while size >= 999.5:
        size, unit = size / 1000, next(units)
    return f"{size:.3g} {unit}"


def _bytes_with_number(value: float) -> Markup:
    """Bytes for people, and the number itself for whoever sorts or copies the table."""
    return Markup('<data value="{}">{}</data>').format(f"{value:.0f}", _bytes(value))


def _share(part: float, whole: float) -> str:
    """A share in percent, with more digits if it is small."""
    if not whole:
        return "-"
    percent = 100 * part / whole
    return f"{percent:.0f} %" if percent >= 10 or percent == 0 else f"{percent:.2g} %"


def _interval(share: Share) -> str:
    """A share and its interval, in percent."""
    return f"{_share(share.share, 1)} [{100 * share.low:.1f} to {100 * share.high:.1f}]"


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


def _by(items: Iterable[Any], attribute: str) -> dict[Any, Any]:
    """The items by an attribute, which is different for each."""
    return {getattr(item, attribute): item for item in items}


def _cell(text: object) -> str:
    """A value, escaped for a cell of a Markdown table."""
    return str(text).replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
