"""The page: shows stats.json as one HTML file that needs no other file. The browser draws its charts."""

import json
from functools import partial
from typing import Any

import yaml
from markupsafe import Markup

from massivetext.pipeline.stages.report import lexicon
from massivetext.pipeline.stages.report.bundled import BUNDLED
from massivetext.pipeline.stages.report.figures.mix import GOPHER_TOKENS, MASSIVETEXT
from massivetext.pipeline.stages.report.figures.warnings import ABOUT
from massivetext.pipeline.stages.report.page import terms
from massivetext.pipeline.stages.report.page.budget import ROOMS, Room, first_that_fits, fit, worth_trying
from massivetext.pipeline.stages.report.page.environment import FOLDER, environment
from massivetext.pipeline.stages.report.stats import Stats

_SCRIPTS = (
    "vendor/d3.min.js",
    "vendor/plot.umd.min.js",
    "figures.js",
    "parts.js",
    "charts.js",
    "served.js",
    "whatif.js",
    "tables.js",
    "begin.js",
)
_LICENCES = ("vendor/d3.LICENSE", "vendor/plot.LICENSE")
_PAGE = "page.html"
_DRAWN = {"facts", "funnels", "rules", "overlaps", "histograms", "deduplication", "mix", "samples"}
_NOT_DRAWN = {"samples": {"__all__": {"ids"}}}


def render(stats: Stats, template: str = _PAGE) -> str:
    """The page. Documents' text reaches it only through the template, which escapes it."""
    return first_that_fits(worth_trying(stats), partial(_render, stats, template))


def _render(stats: Stats, template: str, room: Room) -> str:
    page: str = (
        environment(autoescape=True)
        .get_template(template)
        .render(
            stats=fit(stats, room),
            examples=len(stats.examples),
            room=room,
            is_whole=room == ROOMS[0],
            data=_json(stats.model_dump(mode="json", include=_DRAWN, exclude=_NOT_DRAWN)),
            massivetext=MASSIVETEXT,
            gopher_tokens=GOPHER_TOKENS,
            terms=terms,
            lexicons=_lexicons(stats),
            warned=ABOUT,
            configuration=yaml.safe_dump(stats.configuration, sort_keys=False, allow_unicode=True),
            style=Markup((FOLDER / "page.css").read_text()),
            scripts=[Markup((FOLDER / name).read_text()) for name in _SCRIPTS],
            licences=[(FOLDER / name).read_text() for name in _LICENCES],
        )
    )
    return page


def _lexicons(stats: Stats) -> dict[str, tuple[str, ...]]:
    """The descriptions in the bundled lexicons, by the group that uses one."""
    groups = stats.configuration["audit"]["groups"]
    bundled = {f"{BUNDLED}{name}" for name in lexicon.LEXICONS.names()}
    return {
        name: lexicon.about(path)
        for name, path in groups.items()
        if isinstance(path, str) and path in bundled
    }


def _json(value: Any) -> Markup:
    """Returns JSON for a script element: nothing in it can end the element or start a comment."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
