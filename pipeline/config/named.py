"""The name of a run."""

from typing import Annotated

from pydantic import Field

from massivetext.pipeline.config.section import Section


class Named(Section):
    """The name of a run, for people. No result depends on it."""

    name: Annotated[str, Field(max_length=120)] = ""
    """The name. Reports, comparisons and exports show it."""
