"""Compares each language with English: finds rules that remove far more of a kept language than of English."""

from collections.abc import Sequence

from massivetext.filters.language.language import Kept, matches
from massivetext.pipeline.stages.report.stats import BesideEnglish, Language, Rule

FEWEST = 50
"""With fewer documents, of the language or of English, a language is not compared."""

TIMES, POINTS = 2, 0.02
"""A rule is flagged if the share that it removes is more than TIMES that of English plus POINTS."""


def beside_english(rules: Sequence[Rule], languages: Sequence[Language], kept: Kept) -> list[BesideEnglish]:
    """The flagged rules, the furthest from English first. The language rule itself is not compared."""
    labels = dict.fromkeys(row.language for row in languages)
    found = []
    for rule in rules:
        judged = {source.source for source in rule.sources}
        read = dict.fromkeys(labels, 0)
        for row in languages:
            read[row.language] += row.read.documents if row.source in judged else 0
        english = [label for label in labels if label and matches(label, "en")]
        of = sum(read[label] for label in english)
        if rule.name == "language" or of < FEWEST:
            continue
        lent = sum(rule.languages.get(label, 0) for label in english) / of
        for label in labels:
            if label in english or read[label] < FEWEST or kept.probability(label) is None:
                continue
            share = rule.languages.get(label, 0) / read[label]
            if share > TIMES * lent + POINTS:
                found.append(
                    BesideEnglish(
                        language=label, rule=rule.name, documents=read[label], share=share, english=lent
                    )
                )
    return sorted(found, key=lambda one: (one.english - one.share, one.language, one.rule))
