from massivetext.filters.language.language import Kept
from massivetext.pipeline.stages.report.figures.beside_english import beside_english
from massivetext.pipeline.stages.report.figures.warnings import _languages
from massivetext.pipeline.stages.report.stats import Language, Rule, SourceFigures
from massivetext.pipeline.stages.report.stats_part import Amount


def rule(name: str, broken: dict[str, int]) -> Rule:
    figures = SourceFigures(source="web", judged=Amount(), first=Amount(), broken=Amount(), only=Amount())
    return Rule(
        name=name,
        family=name,
        minimum=None,
        maximum=None,
        description="",
        sources=[figures],
        languages=broken,
    )


def language(label: str, documents: int, source: str = "web") -> Language:
    return Language(language=label, source=source, read=Amount(documents=documents), kept=Amount())


READ = [
    language("en", 1000),
    language("de", 500),
    language("fr", 49),
    language("ru", 500),
    language("de", 9000, "wiki"),
]
KEPT = Kept(("en", "de", "fr"))


def test_a_rule_that_takes_far_more_of_a_language_is_flagged() -> None:
    rules = [
        rule("word_count", {"en": 100, "de": 110, "ru": 500}),
        rule("stop_word_count", {"en": 1, "de": 450}),
    ]
    rules += [rule("hash_ratio", {"en": 100, "de": 111}), rule("language", {"de": 500})]
    found = beside_english(rules, READ, KEPT)
    assert [(one.language, one.rule, one.documents) for one in found] == [
        ("de", "stop_word_count", 500),
        ("de", "hash_ratio", 500),
    ]
    assert (found[0].share, found[0].english) == (0.9, 0.001)
    (warning,) = _languages(found)
    assert warning[:2] == ("language", "de")
    assert "stop word count (90.0% of 500; of English 0.1%)" in warning[2]


def test_few_documents_are_not_compared() -> None:
    rules = [rule("word_count", {"fr": 49, "de": 400})]
    assert [one.language for one in beside_english(rules, READ, KEPT)] == ["de"]
    assert beside_english(rules, [language("en", 49), language("de", 500)], KEPT) == []
