"""Warnings: what a person should look at before using the data. Each warning says what to do about it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from massivetext.pipeline.stages.report.figures.failures import FailureKind
from massivetext.pipeline.stages.report.stats import ALL, BesideEnglish, Funnel, Rule, Warning
from massivetext.pipeline.stages.report.stats_audit import AuditedGroup
from massivetext.pipeline.stages.report.stats_matches import Canary, Contamination
from massivetext.pipeline.stages.report.stats_mix import Mix
from massivetext.schemas.duplicate import DUPLICATE_KINDS

OFF_WEIGHT = 0.005  # share of all tokens that a source may be off its weight; less for a small source
LISTED = 3  # most rules of a group that a warning names
FEW_FOUND = 0.9  # share of the canaries of a form below which there is a warning
MANY_EPOCHS = 4  # more epochs are worth less than new data: Muennighoff et al., arXiv 2305.16264


class About(NamedTuple):
    """What several warnings of one code are about together, and the section of the page that says more."""

    many: str
    section: str
    where: str


ABOUT = {
    "sample": About("samples", "funnel", "the funnel"),
    "failed": About("sources with records that could not be read", "failures", "the failures"),
    "empty": About("sources without a document", "funnel", "the funnel"),
    "emptied": About("sources of which nothing is kept", "funnel", "the funnel"),
    "over_deletion": About("sources that lost nearly all to near duplicates", "duplicates", "the duplicates"),
    "group": About("groups of which rules remove more than of all documents", "audit", "the groups"),
    "language": About("languages of which rules remove more than of English", "languages", "the languages"),
    "contained": About("test sets of which kept documents hold an item", "contamination", "the test sets"),
    "canaries": About("forms of test items that the search does not find", "contamination", "the test sets"),
    "weight": About("sources that do not reach or exceed their weight", "mix", "the mix"),
    "epochs": About(f"sources that are repeated more than {MANY_EPOCHS} times", "mix", "the mix"),
    "idle_rule": About("rules that no document breaks", "rules", "the rules"),
}
"""What warnings are about, by their code."""


def warnings(
    funnels: Sequence[Funnel],
    rules: Sequence[Rule],
    contamination: Sequence[Contamination],
    canaries: Sequence[Canary],
    mix: Mix,
    audit: Sequence[AuditedGroup],
    most_removed: float,
    failures: Sequence[FailureKind] = (),
    languages: Sequence[BesideEnglish] = (),
    sample: float | None = None,
) -> list[Warning]:
    """All warnings of a run, those about lost data first."""
    sources = [funnel for funnel in funnels if funnel.source != ALL]
    found = [
        *_sample(sample),
        *_failures(sources, failures),
        *_emptied(sources),
        *_over_deletion(sources, most_removed),
        *_audit(audit),
        *_languages(languages),
        *_contained(contamination),
        *_canaries(canaries),
        *_weights(mix),
        *_idle(rules),
    ]
    return [Warning(code=code, subject=subject, message=message) for code, subject, message in found]


Found = Iterator[tuple[str, str, str]]


def _sample(share: float | None) -> Found:
    if share:
        message = (
            f"{share:.4g} of each source's records was read, and the mix was to have that share of its tokens"
        )
        yield "sample", "a sample", message


def _failures(funnels: Sequence[Funnel], kinds: Sequence[FailureKind]) -> Found:
    """Warns of records that could not be read, first of the source with the most."""
    for funnel in sorted(funnels, key=lambda one: -one.amount("failed").documents):
        if count := funnel.amount("failed").documents:
            read = funnel.amount("read").documents
            commonest = next((kind for kind in kinds if kind.source == funnel.source), None)
            most = f"; most often {commonest.example}" if commonest else ""
            lost = f"{count:,} of {read:,} records could not be read"
            yield "failed", funnel.source, f"{lost}: failed/ names each file, offset and error{most}"


def _emptied(funnels: Sequence[Funnel]) -> Found:
    """Warns of sources without documents, and of sources that lost all, first of the largest."""
    for funnel in sorted(funnels, key=lambda one: -one.amount("read").documents):
        read = funnel.amount("read").documents
        if not read:
            yield "empty", funnel.source, "no documents were read: its files hold none"
        elif not funnel.amount("kept").documents:
            yield (
                "emptied",
                funnel.source,
                f"none of {read:,} documents are kept: the funnel says what took them",
            )


_CANDIDATES = (*DUPLICATE_KINDS, "contaminated", "kept")  # the fates of a candidate


def _over_deletion(funnels: Sequence[Funnel], most_removed: float) -> Found:
    for funnel in funnels:
        candidates = sum(funnel.amount(name).documents for name in _CANDIDATES)
        near = funnel.amount("near").documents
        if candidates and near > most_removed * candidates:
            share = f"{near / candidates:.0%} of {candidates:,} candidates were removed as near duplicates"
            yield "over_deletion", funnel.source, f"{share}: read some pairs below before using the rest"


def _languages(languages: Sequence[BesideEnglish]) -> Found:
    for language in dict.fromkeys(one.language for one in languages):
        own = [one for one in languages if one.language == language]
        listed = ", ".join(
            f"{one.rule.replace('_', ' ')} ({one.share:.1%} of {one.documents:,}; of English {one.english:.1%})"
            for one in own[:LISTED]
        )
        more = f" and {len(own) - LISTED} more" if len(own) > LISTED else ""
        yield "language", language, f"rules take far more of it than of English: {listed}{more}"


def _audit(audit: Sequence[AuditedGroup]) -> Found:
    for group in audit:
        for source in group.sources:
            flagged = [rule for rule in source.rules if rule.flagged and rule.ratio is not None]
            listed = ", ".join(
                f"{rule.rule.replace('_', ' ')} {rule.ratio:.2g} times ({rule.members.share:.1%} of {source.members:,})"
                for rule in flagged[:LISTED]
            )
            if len(flagged) > LISTED:
                listed += f" and {len(flagged) - LISTED} more"
            if listed:
                message = f"in {source.source}, rules take more of it than of all documents: {listed}"
                yield "group", group.name, message
            dense = [rule for rule in source.rules if rule.features_flagged and not rule.flagged]
            if dense:
                listed = ", ".join(
                    f"{rule.rule.replace('_', ' ')} {rule.features.value:.2g} times "
                    f"({rule.features.low:.2g} to {rule.features.high:.2g})"
                    for rule in dense[:LISTED]
                )
                message = f"in {source.source}, its features are denser in texts that rules take than in all: {listed}"
                yield "group", group.name, message


def _contained(contamination: Sequence[Contamination]) -> Found:
    """Warns of kept documents that hold most of a test item, whatever else was removed."""
    for name in dict.fromkeys(entry.test_set for entry in contamination):
        kept = [entry for entry in contamination if entry.test_set == name and entry.kept_with_item]
        if kept:
            listed = ", ".join(f"{entry.kept_with_item:,} of {entry.source}" for entry in kept)
            yield (
                "contained",
                name,
                f"documents that are kept hold up to {max(entry.highest_kept for entry in kept):.0%} of an item "
                f"({listed}): `decontaminate: {{remove: item}}` removes those that hold a question or its answer, "
                "`remove: passage` those too that hold the passage it asks about",
            )


def _canaries(canaries: Sequence[Canary]) -> Found:
    low = [canary for canary in canaries if canary.found < FEW_FOUND * canary.tried]
    for canary in low:
        yield (
            "canaries",
            canary.form,
            f"of {canary.tried} test items put into copies of documents in this form, {canary.found} were found",
        )


def _weights(mix: Mix) -> Found:
    for source in mix.sources:
        if not source.weight or not mix.target:
            continue
        tolerated = min(OFF_WEIGHT, max(source.weight / 20, mix.sequence_length / mix.target))
        if abs(source.share - source.weight) > tolerated:
            message = f"is {source.share:.2%} of the mix, not {source.weight:.2%}"
            why = ": it has no tokens" if not source.tokens else ""
            yield "weight", source.source, message + why
        if source.epochs > MANY_EPOCHS:
            yield (
                "epochs",
                source.source,
                f"is repeated {source.epochs:.2f} times: more than 4 is worth little",
            )


def _idle(rules: Sequence[Rule]) -> Found:
    for rule in rules:
        total = rule.sources[0]
        if total.judged.documents and not total.broken.documents:
            yield "idle_rule", rule.name, f"no document of {total.judged.documents:,} breaks this rule"
