"""Prints a plan on the terminal."""

from rich.console import Console
from rich.table import Table

from massivetext.pipeline.plan.cost import Cost
from massivetext.pipeline.plan.plan import MixPlan, Plan
from massivetext.pipeline.stages.mix.scaling_laws import DECAY, effective_tokens

_NAMES = {"parameters": "parameters", "tokens": "tokens", "flops": "FLOPs"}


def show(plan: Plan, console: Console) -> None:
    """Print a plan as tables."""
    console.print(_estimates(plan))
    console.print(_disagreement(plan), highlight=False)
    if plan.mix is not None:
        console.print(_sources(plan.mix))
        console.print(_notes(plan.mix), highlight=False)
        if plan.mix.phases:
            console.print(_phases(plan.mix))
        console.print(_input(plan.mix))
        if plan.mix.cost is not None:
            console.print(_cost(plan.mix.cost), highlight=False)


def _estimates(plan: Plan) -> Table:
    table = _table(
        f"compute-optimal for {short(plan.value)} {_NAMES[plan.asked]}",
        "law",
        "parameters",
        "tokens",
        "FLOPs",
    )
    table.add_column("tokens / parameter", justify="right")
    for one in plan.estimates:
        ratio = f"{one.tokens / one.parameters:.1f}"
        table.add_row(one.law, short(one.parameters), short(one.tokens), f"{one.flops:.3g}", ratio)
    return table


def _disagreement(plan: Plan) -> str:
    """By how much the laws differ, and how sure each is of its exponent."""
    tokens = [one.tokens for one in plan.estimates]
    models = [one.parameters for one in plan.estimates]
    lines = [
        f"The laws differ by a factor of {max(tokens) / min(tokens):.1f} in tokens and {max(models) / min(models):.1f} "
        "in parameters.",
        "Parameters grow with the FLOPs to the power of",
        *(f"  {one.exponent:.3f} by {one.law}: {one.interval}" for one in plan.estimates),
    ]
    return "\n".join(lines)


def weights(mix: MixPlan, rule: str) -> str | None:
    """Proposed weights as YAML for a configuration; None where no weights keep every source within its epochs."""
    proposed = mix.proposed[rule]
    if proposed is None:
        return None
    lines = [f"  {name}: {{weight: {weight:g}}}" for name, weight in proposed.items()]
    effective = sum(
        effective_tokens(one.repetition.available, proposed[name] * mix.tokens / one.repetition.available)
        for name, one in mix.sources.items()
        if one.repetition.available
    )
    head = f"# {rule}: no source more than {mix.max_epochs:g} times in {short(mix.tokens)} tokens,"
    worth = f"# which are worth {short(effective)} new ones; keep the paths and kinds of your configuration"
    return "\n".join([head, worth, "sources:", *lines]) + "\n"


def _sources(mix: MixPlan) -> Table:
    names = ("source", "weight", "tokens", "has", "epochs", "last token worth", "worth new tokens")
    often = f"{mix.max_epochs:g} times at"
    table = _table(f"a mix of {short(mix.tokens)} tokens", *names, "once at", often)
    table.add_column("weight\nwithin", justify="right", no_wrap=True)
    for name, source in mix.sources.items():
        one = source.repetition
        table.add_row(
            name,
            f"{one.weight:g}",
            short(one.wanted),
            short(one.available),
            "-" if one.epochs is None else short(one.epochs),
            "-" if one.last_token_worth is None else f"{one.last_token_worth:.3f}",
            short(one.effective),
            "-" if one.used_once_at is None else short(one.used_once_at),
            "-" if one.too_often_at is None else short(one.too_often_at),
            "none" if one.weight_within is None else f"{one.weight_within:.6f}",
            style="red" if one.epochs is None or one.epochs > mix.max_epochs else "",
        )
    return table


def _notes(mix: MixPlan) -> str:
    lines = []
    if mix.runs_out_first is not None:
        first = mix.sources[mix.runs_out_first].repetition
        once, often = (short(at or 0) for at in (first.used_once_at, first.too_often_at))
        lines.append(
            f"{mix.runs_out_first} runs out first: a mix of {once} tokens reads it once, one of {often} "
            f"{mix.max_epochs:g} times."
        )
    lines.append(
        f"A repeated token is worth half a new one after {1 + DECAY * 0.693147:.1f} epochs, 1/e after "
        f"{1 + DECAY:.1f}; in all, a source is never worth more than {1 + DECAY:.1f} times its tokens."
    )
    most = sum(source.repetition.available for source in mix.sources.values()) * mix.max_epochs
    if any(source.repetition.weight_within is None for source in mix.sources.values()):
        lines.append(
            f"No weights keep every source within {mix.max_epochs:g} epochs: all sources together give at "
            f"most {short(most)} tokens so."
        )
    return "\n".join(lines)


def _phases(mix: MixPlan) -> Table:
    table = _table("phases, by weight", "phase", "tokens", *mix.sources)
    for phase in mix.phases:
        table.add_row(
            phase.name, short(phase.tokens), *(f"{phase.weights[name]:.4g}" for name in mix.sources)
        )
    return table


def _input(mix: MixPlan) -> Table:
    names = ("source", "raw bytes read", "tokens / byte", "standard error", "over", "bytes for 1 epoch")
    table = _table("raw input, as the files lie", *names, "bytes planned")
    for name, source in mix.sources.items():
        one = source.sampled
        if one is None:
            table.add_row(name, "none")
            continue
        table.add_row(
            name,
            short(one.raw_bytes),
            f"{one.tokens_per_byte:.4f}",
            "-" if one.relative_error is None else f"{100 * one.relative_error:.1f} %",
            one.spread_over,
            "-" if source.raw_bytes_for_one_epoch is None else short(source.raw_bytes_for_one_epoch),
            "-" if source.raw_bytes is None else short(source.raw_bytes),
        )
    return table


def _cost(cost: Cost) -> str:
    hours = ", ".join(f"{name} {value:.3g}" for name, value in cost.cpu_hours.items())
    folders: dict[str, float] = {}
    for name, value in cost.disk_bytes.items():
        top = name.partition("/")[0]
        folders[top] = folders.get(top, 0.0) + value
    disk = ", ".join(f"{name} {short(value)}" for name, value in sorted(folders.items()))
    return (
        f"For the bytes planned, about {sum(cost.cpu_hours.values()):.3g} CPU hours ({hours})\n"
        f"and {short(sum(folders.values()))} bytes of disk ({disk})."
    )


def _table(title: str, first: str, *names: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1), pad_edge=False)
    table.add_column(first, no_wrap=True)
    for name in names:
        table.add_column(name, justify="right")
    return table


def short(value: float) -> str:
    """A number as three digits and a letter: 67.7B, 1.42T."""
    for size, letter in ((1e15, "Q"), (1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= size * 0.9995:
            return f"{value:.3g}" if letter == "Q" else f"{value / size:.3g}{letter}"
    return f"{value:.3g}"
