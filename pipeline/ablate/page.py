"""The page of an ablation: one HTML file that needs no other."""

import json

from markupsafe import Markup

from massivetext.pipeline.ablate.result import Result
from massivetext.pipeline.stages.report.page.environment import FOLDER, environment

_SCRIPTS = ("vendor/d3.min.js", "vendor/plot.umd.min.js", "ablation.js")
_LICENCES = ("vendor/d3.LICENSE", "vendor/plot.LICENSE")


def render(found: Result) -> str:
    """The page. Names reach it only through the template, which escapes them, and as JSON."""
    text = json.dumps(found.model_dump(mode="json", include={"rows", "curves"}), allow_nan=False)
    page: str = (
        environment(autoescape=True)
        .get_template("ablation.html")
        .render(
            result=found,
            data=Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")),
            style=Markup((FOLDER / "page.css").read_text()),
            scripts=[Markup((FOLDER / name).read_text()) for name in _SCRIPTS],
            licences=[(FOLDER / name).read_text() for name in _LICENCES],
        )
    )
    return page
