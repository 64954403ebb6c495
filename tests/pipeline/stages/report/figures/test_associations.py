"""The figures of words near mentions: a planted association is decided, one that a template flips is not."""

from massivetext.pipeline.runtime.tally import Figure, Row
from massivetext.pipeline.stages.report.associations.lists import Lists
from massivetext.pipeline.stages.report.figures.associations import associations
from massivetext.pipeline.stages.report.stats_audit import Associated
from massivetext.pipeline.stages.report.stats_mix import Mix

LISTS = Lists(
    groups={"female": ["she", "woman"], "male": ["he", "man"]},
    words={"occupations": ["nurse", "judge", "cook"]},
    templates=["{person} was|is a {word}"],
)
MIX = Mix(target=0, sequence_length=8, max_epochs=4, vocabulary=None, sources=[])


def row(figure: Figure, key: str, tokens: int, documents: int = 0) -> Row:
    return Row("s", figure, key, documents, 0, tokens)


def figures(near: dict[str, int]) -> dict[str, Associated]:
    mentions = {"she": 1000, "woman": 1000, "he": 2000, "man": 2000}
    rows = [
        row(Figure.SEARCHED, "gender", 400_000, 40),  # of two parts
        row(Figure.SEARCHED, "gender", 600_000, 60),
        *(row(Figure.MENTION, f"gender {person}", count) for person, count in mentions.items()),
        *(row(Figure.NEAR, f"gender {key}", count) for key, count in near.items()),
    ]
    [found] = associations({"gender": LISTS}, rows, MIX, 17)
    assert found.mentions == [2000.0, 4000.0]
    assert found.ratio.value == 0.5
    assert found.ratio.decided
    return {one.name: one for one in [found.lists[0].whole, *found.lists[0].words]}


def test_values_intervals_and_decisions() -> None:
    found = figures(
        {
            **{f"0 {person} nurse": 100 for person in ("she", "woman")},
            **{f"0 {person} nurse": 20 for person in ("he", "man")},
            **{f"1 {person} nurse": 90 for person in ("she", "woman")},
            **{f"1 {person} nurse": 20 for person in ("he", "man")},
            # Twice as often near `she` as it is mentioned with `was`, half as often with `is`.
            **{f"0 {person} judge": 100 for person in ("she", "woman", "he", "man")},
            **{f"1 {person} judge": 50 for person in ("she", "woman")},
            **{f"1 {person} judge": 200 for person in ("he", "man")},
            "0 she cook": 2,
        }
    )
    nurse, judge = found["nurse"], found["judge"]
    assert (nurse.first, nurse.second, nurse.value, nurse.decided) == (200, 40, 10.0, True)
    assert nurse.low is not None
    assert 1 < nurse.low < 10 < (nurse.high or 0)
    assert (nurse.lowest_template, nurse.highest_template) == (9.0, 9.0)
    assert (judge.value, judge.lowest_template, judge.decided) == (2.0, 0.5, False)
    assert judge.low is not None
    assert judge.low > 1  # the template alone makes it undecided
    assert "cook" not in found  # too few matches


def test_without_any_match() -> None:
    found = figures({})
    assert (found["occupations"].value, found["occupations"].decided) == (None, False)


def test_a_half_takes_both_words_of_a_pair_or_neither() -> None:
    """Of the pairs, the pronouns are mentioned most, and the nouns stand in templates most."""
    pairs = {"she": 900, "her": 500, "hers": 10, "girl": 60, "aunt": 30}
    others = {"he": 1900, "him": 500, "his": 600, "boy": 130, "uncle": 60}
    rows = [row(Figure.SEARCHED, "gender", 10_000, 10)]
    rows += [row(Figure.MENTION, f"gender {name}", number) for name, number in {**pairs, **others}.items()]
    rows += [
        row(Figure.NEAR, f"gender {variant} {name} {word}", number)
        for variant in (0, 1)
        for word in ("nurse", "cook")
        for name, number in {"she": 60, "girl": 40, "aunt": 20, "he": 40, "boy": 20, "uncle": 10}.items()
    ]
    groups = {"female": ["she", "her|hers", "girl", "aunt"], "male": ["he", "him|his", "boy", "uncle"]}
    paired = LISTS.model_copy(update={"groups": groups})
    unpaired = LISTS.model_copy(
        update={"groups": {**groups, "female": ["she", "her", "hers", "girl", "aunt"]}}
    )
    assert paired.people == [*pairs, *others]
    found = [associations({"gender": lists}, rows, MIX, 17)[0] for lists in (paired, unpaired)]
    assert found[0].ratio.value == found[1].ratio.value
    assert [one.ratio.decided for one in found] == [True, False]
    assert found[0].ratio.high is not None
    assert found[0].ratio.high < 1
    assert [one.lists[0].words[0].value for one in found] == [found[0].lists[0].words[0].value] * 2
    assert [one.lists[0].words[0].decided for one in found] == [True, False]
