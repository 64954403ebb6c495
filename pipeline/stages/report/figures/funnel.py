"""The funnel: what went in, what each step took out, what is left; by source and in all."""

from collections.abc import Sequence

from massivetext.filters.families import FAMILIES
from massivetext.pipeline.runtime.tally import Row, Tally
from massivetext.pipeline.stages.report.stats import ALL, Amount, Funnel, Skipped, Step


def amount(tally: Tally, source: str, figure: str, key: str = "") -> Amount:
    documents, size, _ = tally.count(source, figure, key)
    return Amount(documents=documents, bytes=size)


def funnel(
    source: str,
    families: dict[str, list[str]],
    curated: Tally,
    deduplicated: Tally,
    cleaned: Tally,
    tokens: int,
    by_url: bool,
) -> Funnel:
    """The funnel of one source. `families` names the rules of each family; `tokens` are those kept; `by_url`:
    whether captures of one URL are deduplicated, a step only where it is switched on."""
    left = amount(curated, source, "kept")
    url = amount(deduplicated, source, "duplicate", "url")
    exact = amount(deduplicated, source, "duplicate", "exact")
    near = amount(deduplicated, source, "duplicate", "near")
    kept = amount(cleaned, source, "kept")
    amounts = {
        "read": amount(curated, source, "read"),
        "failed": amount(curated, source, "failed"),
        "url": url,
        "exact": exact,
        "near": near,
        "contaminated": left - url - exact - near - kept,
        "kept": kept,
    }
    shown = [name for name, family in FAMILIES.items() if name in families or family.is_always_shown]
    for family in shown:
        of_rules = (amount(curated, source, "removed", rule) for rule in families.get(family, []))
        amounts[family] = sum(of_rules, Amount())
    names = ("read", "failed", *shown, *["url"] * by_url, "exact", "near", "contaminated", "kept")
    return Funnel(source=source, steps=[_step(name, amounts[name], kept, tokens) for name in names])


def _step(name: str, amount: Amount, kept: Amount, tokens: int) -> Step:
    if name == "kept":
        return Step(name=name, amount=amount, tokens=tokens)
    if not amount.bytes or not kept.bytes:
        return Step(name=name, amount=amount, tokens=None if amount.bytes else 0)
    return Step(name=name, amount=amount, tokens=round(amount.bytes * tokens / kept.bytes))


def together(funnels: Sequence[Funnel]) -> Funnel:
    """The sum of the sources' funnels."""
    steps = []
    for parts in zip(*(one.steps for one in funnels), strict=True):
        name = parts[0].name
        known = [part.tokens for part in parts if part.tokens is not None]
        total = sum((part.amount for part in parts), Amount())
        steps.append(Step(name=name, amount=total, tokens=sum(known) if len(known) == len(parts) else None))
    return Funnel(source=ALL, steps=steps)


def skipped(sources: Sequence[str], curated: Sequence[Row]) -> list[Skipped]:
    """What the readers passed over, by source and kind."""
    tally = Tally.of(row for row in curated if row.figure == "skipped")
    found = [
        Skipped(source=row.source, kind=row.key, records=row.documents, bytes=row.bytes)
        for row in tally.rows()
    ]
    return sorted(found, key=lambda one: (sources.index(one.source), -one.records, one.kind))
