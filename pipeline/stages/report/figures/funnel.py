"""The funnel: how much was read, how much each step removed, and how much is left, by source and in total."""

from collections.abc import Sequence

from massivetext.filters.families import FAMILIES
from massivetext.pipeline.runtime.tally import Figure, Row, Tally
from massivetext.pipeline.stages.report.stats import ALL, Funnel, LeftOut, Skipped, Step
from massivetext.pipeline.stages.report.stats_part import Amount
from massivetext.schemas.duplicate import DUPLICATE_KINDS, DuplicateKind


def amount(tally: Tally, source: str, figure: Figure, key: str = "") -> Amount:
    counts = tally.count(source, figure, key)
    return Amount(documents=counts.documents, bytes=counts.bytes)


def funnel(
    source: str,
    families: dict[str, list[str]],
    curated: Tally,
    deduplicated: Tally,
    cleaned: Tally,
    tokens: int,
    by_url: bool,
) -> Funnel:
    """The funnel of one source. `families` names the rules of each family, and `tokens` is the number of tokens kept.
    `by_url` says whether the run deduplicates captures of one URL; only then is this a step.
    """
    left, kept = amount(curated, source, Figure.KEPT), amount(cleaned, source, Figure.KEPT)
    duplicates = {kind: amount(deduplicated, source, Figure.DUPLICATE, kind) for kind in DUPLICATE_KINDS}
    amounts = {
        "read": amount(curated, source, Figure.READ),
        "failed": amount(curated, source, Figure.FAILED),
        **duplicates,
        "contaminated": left - sum(duplicates.values(), Amount()) - kept,
        "kept": kept,
    }
    shown = [name for name, family in FAMILIES.items() if name in families or family.is_always_shown]
    for family in shown:
        of_rules = (amount(curated, source, Figure.REMOVED, rule) for rule in families.get(family, []))
        amounts[family] = sum(of_rules, Amount())
    kinds = [kind for kind in DUPLICATE_KINDS if by_url or kind != DuplicateKind.URL.label]
    names = ("read", "failed", *shown, *kinds, "contaminated", "kept")
    return Funnel(source=source, steps=[_step(name, amounts[name], kept, tokens) for name in names])


def _step(name: str, amount: Amount, kept: Amount, tokens: int) -> Step:
    if name == "kept":
        return Step(name=name, amount=amount, tokens=tokens)
    if not amount.bytes or not kept.bytes:
        return Step(name=name, amount=amount, tokens=None if amount.bytes else 0)
    return Step(name=name, amount=amount, tokens=round(amount.bytes * tokens / kept.bytes))


def together(funnels: Sequence[Funnel]) -> Funnel:
    """The sum of the sources' funnels. Where a source keeps nothing, it takes the bytes a token of all kept text."""
    kept = sum((one.amount("kept").bytes for one in funnels), 0)
    tokens = sum(one.tokens or 0 for funnel in funnels for one in funnel.steps if one.name == "kept")
    steps = []
    for parts in zip(*(one.steps for one in funnels), strict=True):
        total = sum((part.amount for part in parts), Amount())
        known = sum(part.tokens for part in parts if part.tokens is not None)
        rest = sum(part.amount.bytes for part in parts if part.tokens is None)
        estimate = None if rest and not kept else known + (round(rest * tokens / kept) if rest else 0)
        steps.append(Step(name=parts[0].name, amount=total, tokens=estimate))
    return Funnel(source=ALL, steps=steps)


def skipped(sources: Sequence[str], curated: Sequence[Row]) -> list[Skipped]:
    """The records that the readers skipped, by source and kind."""
    tally = Tally.of(row for row in curated if row.figure == Figure.SKIPPED)
    found = [
        Skipped(source=row.source, kind=row.key, records=row.documents, bytes=row.bytes)
        for row in tally.rows()
    ]
    return sorted(found, key=lambda one: (sources.index(one.source), -one.records, one.kind))


def left_out(sources: Sequence[str], curated: Sequence[Row]) -> list[LeftOut]:
    """The sentences that the readers left out, by source."""
    tally = Tally.of(row for row in curated if row.figure == Figure.SENTENCES_LEFT_OUT)

    def count(source: str, what: str) -> int:
        return tally.count(source, Figure.SENTENCES_LEFT_OUT, what).documents

    found = [
        LeftOut(source=source, documents=count(source, "documents"), sentences=count(source, "sentences"))
        for source in sources
    ]
    return [one for one in found if one.documents]
