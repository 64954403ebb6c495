"""datasheet.md: the questions of Gebru et al., "Datasheets for Datasets" (arXiv 1803.09010). The run's own figures
answer those that they can; the others are marked for a person to answer.
"""

import jinja2

from massivetext.pipeline.config.tokenizer import Tokenizer
from massivetext.pipeline.stages.report.page.environment import environment
from massivetext.pipeline.stages.report.stats import Stats


def render(stats: Stats) -> str:
    """The datasheet as Markdown."""
    template: jinja2.Template = environment(autoescape=False).get_template("datasheet.jinja")
    tokenizer = Tokenizer.model_validate(stats.configuration["tokenizer"])
    return template.render(stats=stats, tokenizer=tokenizer)
