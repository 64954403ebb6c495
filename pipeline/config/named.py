"""What a run is called."""

from typing import Annotated

from pydantic import Field

from massivetext.pipeline.config.section import Section


class Named(Section):
    """What a run is called, for people: no result depends on it."""

    name: Annotated[str, Field(max_length=120)] = ""
    """The name of the run, which its report, comparisons and exports show."""
