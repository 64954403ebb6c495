"""Plans a training: which model to train on how many tokens, and what the sources of a run must give for that."""

from collections.abc import Mapping
from dataclasses import dataclass

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.phase import Span, spans
from massivetext.pipeline.plan.cost import Cost, cost
from massivetext.pipeline.plan.yields import Yield, yields
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Figure
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.mix.epochs import PROPOSALS, Repetition, repetitions, runs_out_first
from massivetext.pipeline.stages.mix.scaling_laws import LAWS, Law, Optimum

ASKED = {"parameters": Law.of_parameters, "flops": Law.of_flops, "tokens": Law.of_tokens}
"""The quantities from which a plan may start."""


@dataclass(frozen=True)
class Estimate:
    """The compute-optimal model by one scaling law, for the quantity asked for."""

    law: str
    source: str
    parameters: float
    tokens: float
    flops: float
    exponent: float  # of the parameters in the FLOPs
    interval: str  # of the exponent, as its source gives it


@dataclass(frozen=True)
class SourcePlan:
    """A source's part in the plan: the tokens that the mix takes from it, the tokens that a byte of its raw input gave
    in the run, and the raw bytes that the plan needs.
    """

    repetition: Repetition
    sampled: Yield | None  # None if the run read no file of the source
    raw_bytes: float | None  # as given, else as many as keep the source within max_epochs
    raw_bytes_for_one_epoch: float | None


@dataclass(frozen=True)
class MixPlan:
    """A mix of `tokens` by the weights of a run. The tokens available from a source are those expected from its raw
    input if that was given; else those that the run itself holds.
    """

    tokens: float
    max_epochs: float
    runs_out_first: str | None
    sources: dict[str, SourcePlan]
    phases: list[Span]  # none where weights do not change
    cost: Cost | None  # of a run on these raw bytes; None if the finished run cannot tell
    proposed: dict[str, dict[str, float] | None]  # weights by rule; None where no weights do


@dataclass(frozen=True)
class Plan:
    """The mix is planned for the tokens of the first estimate, unless a number of tokens was asked for."""

    asked: str  # parameters | flops | tokens
    value: float
    estimates: list[Estimate]
    mix: MixPlan | None


def plan(
    asked: str, value: float, out: str | None = None, raw_input: Mapping[str, float] | None = None
) -> Plan:
    """A plan for a number of parameters, FLOPs or tokens; with `out`, also for the sources of that run.

    raw_input: bytes of raw input by source, in the files as they are stored. Raises ConfigError if `out` holds no run,
    or if the run has no source of a name in `raw_input`.
    """
    optima = [(law, ASKED[asked](law, value)) for law in LAWS]
    tokens = value if asked == "tokens" else optima[0][1].tokens
    mix = None if out is None else _mix(out, tokens, raw_input or {})
    return Plan(asked, value, [_estimate(law, optimum) for law, optimum in optima], mix)


def _estimate(law: Law, optimum: Optimum) -> Estimate:
    return Estimate(
        law.name, law.source, optimum.parameters, optimum.tokens, optimum.flops, law.exponent, law.interval
    )


def _mix(out: str, tokens: float, raw_input: Mapping[str, float]) -> MixPlan:
    state = manifest.opened(out)
    if names.TOKENIZE not in state.stages:
        raise ConfigError(
            f"{out}: its tokens are not counted: run the stages up to tokenize (a configuration without `mix` needs "
            "`tokenizer: {train: {}}` for that)"
        )
    config = state.config
    for name in raw_input:
        if name not in config.sources:
            raise ConfigError(f"--input: no source is named `{name}`; there are {', '.join(config.sources)}")
    sampled, limit = yields(out, config), config.mix.max_epochs
    weights = config.weights
    available = {}
    for name in weights:
        one = sampled.get(name)
        if name in raw_input and (one is None or not one.tokens):
            raise ConfigError(
                f"--input: {out} kept no tokens of {name}, so it cannot tell what to expect of it"
            )
        expected = raw_input[name] * one.tokens_per_byte if one and name in raw_input else None
        available[name] = float(one.tokens if one else 0) if expected is None else expected
        available[name] *= 1 - config.mix.validation
    found = repetitions(weights, available, tokens, limit)
    sources = {name: _source(found[name], sampled.get(name), raw_input.get(name), limit) for name in weights}
    proposed = {name: rule(weights, available, tokens, limit) for name, rule in PROPOSALS.items()}
    costs = _cost(out, config, state, tokens, sources)
    own = {name: source.weight for name, source in config.sources.items()}
    phases = spans(config.mix.phases, own, config.mix.target, round(tokens)) if config.mix.phases else []
    return MixPlan(tokens, limit, runs_out_first(found), sources, phases, costs, proposed)


def _source(
    repetition: Repetition, sampled: Yield | None, given: float | None, max_epochs: float
) -> SourcePlan:
    once = repetition.wanted / sampled.tokens_per_byte if sampled and sampled.tokens else None
    needed = None if once is None else once / max_epochs
    return SourcePlan(repetition, sampled, needed if given is None else given, once)


def _cost(
    out: str, config: Config, state: manifest.Manifest, tokens: float, sources: Mapping[str, SourcePlan]
) -> Cost | None:
    growth = {}
    for name, source in sources.items():
        if source.sampled is None or source.raw_bytes is None:
            if source.repetition.weight:
                return None  # the source gave no tokens, so no amount of its raw input is enough
            growth[name] = 0.0
        else:
            growth[name] = source.raw_bytes / source.sampled.raw_bytes
    mixed = sum(row.tokens for row in rows(out, names.MIX) if row.figure == Figure.MIXED and not row.key)
    return cost(out, config, state, growth, tokens / mixed) if mixed else None
