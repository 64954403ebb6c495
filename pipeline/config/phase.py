"""Phases of a mix: weights that change at a token count, as for a warm-up, a main phase and an annealing phase."""

from collections.abc import Mapping, Sequence
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from massivetext.pipeline.config.section import Name, Section


class Phase(Section):
    """A phase of the mix, with its own weights."""

    name: Name
    """What the report, the plan and shards/phases.json call the phase."""
    until: Annotated[float, Field(gt=0)] | None = None
    """The tokens of the mix at which the phase ends. Only the last phase leaves it out: it ends with the mix."""
    weights: dict[str, Annotated[float, Field(ge=0)]] | None = None
    """Weights by source; sources that are not named give nothing in this phase. Default: the sources' own weights."""

    @model_validator(mode="after")
    def _weighty(self) -> Self:
        if self.weights is not None and not sum(self.weights.values()):
            raise ValueError("weights: no weight is above 0, so that the phase has nothing")
        return self


class Span(NamedTuple):
    """A phase with its tokens counted and its weights as shares, for every source."""

    name: str  # "" if the mix has no phases
    tokens: int
    weights: dict[str, float]


def ordered(phases: Sequence[Phase], target: int) -> None:
    """Raise ValueError if the phases do not follow one another up to the mix's target."""
    before: float = 0
    for number, phase in enumerate(phases):
        key = f"phases.{number}"
        if phase.name in [other.name for other in phases[:number]]:
            raise ValueError(f"{key}.name: another phase is named `{phase.name}` too")
        if number == len(phases) - 1:
            if phase.until is not None:
                raise ValueError(f"{key}.until: the last phase ends with the mix: leave `until` out")
        elif phase.until is None:
            raise ValueError(
                f"{key}.until: only the last phase ends with the mix: say at how many tokens it ends"
            )
        elif not before < phase.until < target:
            raise ValueError(
                f"{key}.until: {phase.until:g} is not between {before:g}, where the phase begins, and {target:g}, "
                "where the mix ends"
            )
        else:
            before = phase.until


def spans(phases: Sequence[Phase], own: Mapping[str, float], target: int, tokens: int) -> list[Span]:
    """Returns the phases of a mix of `tokens`. If that is not the target, as in a sample, the ends of phases scale."""
    ends = [round((target if phase.until is None else phase.until) / target * tokens) for phase in phases]
    found = []
    for phase, start, end in zip(phases, [0, *ends], ends, strict=False):
        given = own if phase.weights is None else phase.weights
        total = sum(given.values())
        found.append(Span(phase.name, end - start, {name: given.get(name, 0.0) / total for name in own}))
    return found
