"""The verdict: whether a run gives what was asked, in words, and the causes to look at first.

A run is `fit` if it wrote the tokens that were asked for and no source is missing, `look` if a warning is about lost
data, and `unfit` if tokens or a whole source are missing. The page begins with the verdict.
"""

from collections.abc import Iterator, Sequence

from massivetext.pipeline.stages.report.figures.failures import FailureKind
from massivetext.pipeline.stages.report.stats import ALL, Cause, Funnel, Rule, Verdict, Warning
from massivetext.pipeline.stages.report.stats_mix import Mix

SHORT_OF = 0.99  # share of the tokens asked: a run that wrote fewer is unfit
CAUSES = 3  # most causes that are shown
LOST = ("failed", "empty", "emptied", "weight", "over_deletion", "contained", "canaries", "language", "group")
"""Warnings about lost data, causes before consequences."""
_MISSING = ("empty", "emptied")
_STAGES = ("read", "failed", "kept")


def verdict(
    funnels: Sequence[Funnel],
    rules: Sequence[Rule],
    mix: Mix,
    warnings: Sequence[Warning],
    failures: Sequence[FailureKind],
) -> Verdict:
    """The verdict on a run, from its figures alone. `funnels` are those of single sources."""
    given = sum(source.given for source in mix.sources)
    missing = [
        warning.subject for warning in warnings if warning.code in _MISSING and _weight(mix, warning.subject)
    ]
    troubles = sorted(
        (warning for warning in warnings if warning.code in LOST), key=lambda one: LOST.index(one.code)
    )
    short = given < SHORT_OF * mix.target or bool(missing)
    causes = [*_of_warnings(troubles, failures), *_largest(funnels, rules)]
    return Verdict(
        state="unfit" if short else "look" if troubles else "fit",
        asked=mix.target,
        written=given,
        missing=missing,
        causes=causes[:CAUSES],
    )


def _weight(mix: Mix, name: str) -> float:
    return next((source.weight for source in mix.sources if source.source == name), 0.0)


def _of_warnings(warnings: Sequence[Warning], failures: Sequence[FailureKind]) -> Iterator[Cause]:
    """One cause for each subject of the warnings: what happens to a source afterwards follows from the first."""
    seen: set[str] = set()
    for warning in warnings:
        if warning.subject not in seen:
            seen.add(warning.subject)
            yield Cause(subject=warning.subject, message=warning.message, link=_link(warning, failures))


def _link(warning: Warning, failures: Sequence[FailureKind]) -> str:
    """The place on the page that shows what a warning is about."""
    if warning.code == "failed" and any(kind.source == warning.subject for kind in failures):
        return f"failures?source={warning.subject}"
    return {
        "empty": f"funnel?source={warning.subject}",
        "emptied": f"rules?source={warning.subject}",
        "weight": f"mix?source={warning.subject}",
        "over_deletion": f"duplicates?source={warning.subject}",
        "language": "languages",
        "group": f"audit/{warning.subject}",
    }.get(warning.code, "contamination" if warning.code != "failed" else "funnel")


def _largest(funnels: Sequence[Funnel], rules: Sequence[Rule]) -> Iterator[Cause]:
    """The steps that removed the most documents of one source, the largest first, to look at if nothing is wrong."""
    taken = [
        (step.amount.documents, funnel, step.name)
        for funnel in funnels
        for step in funnel.steps
        if step.name not in _STAGES and step.amount.documents
    ]
    for documents, funnel, step in sorted(taken, key=lambda one: (-one[0], one[1].source, one[2])):
        read = funnel.amount("read").documents
        rule = _most(rules, step, funnel.source)
        which = f", most of them by {rule.replace('_', ' ')}" if rule and rule != step else ""
        message = f"{step.replace('_', ' ')} took {documents:,} of {read:,} documents{which}"
        section = f"examples/{rule}" if rule else _SECTIONS.get(step, "funnel")
        yield Cause(subject=funnel.source, message=message, link=f"{section}?source={funnel.source}")


_SECTIONS = {
    "url": "duplicates",
    "exact": "duplicates",
    "near": "duplicates",
    "contaminated": "contamination",
}


def _most(rules: Sequence[Rule], family: str, source: str) -> str | None:
    """The rule of a family that was the reason for most removals from a source."""
    found = [
        (figures.first.documents, rule.name)
        for rule in rules
        if rule.family == family
        for figures in rule.sources
        if figures.source == source != ALL
    ]
    return max(found, default=(0, None))[1]
