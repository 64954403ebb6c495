"""Association lists: their templates as patterns, and what is said of a file that is wrong."""

import re
from pathlib import Path

import pytest

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.stages.report.associations.lists import ASSOCIATIONS, Lists, read, variants

LISTS = Lists(
    groups={"female": ["she", "woman"], "male": ["he", "man"]},
    words={"occupations": ["nurse", "judge"]},
    templates=["{person} was|is a|an|the {word}", "{person} [2] {word}"],
)


def test_each_template_has_one_variant_for_each_other_word() -> None:
    found = [(variant.template, variant.changed, " ".join(variant.parts)) for variant in variants(LISTS)]
    assert found == [
        (0, "", "{person} was a|an|the {word}"),
        (0, "is", "{person} is a|an|the {word}"),
        (1, "", "{person} [2] {word}"),
        (1, "[1]", "{person} [1] {word}"),
        (1, "[3]", "{person} [3] {word}"),
    ]


@pytest.mark.parametrize(
    ("number", "text", "expected"),
    [
        (0, "she was a nurse", ("she", "nurse")),
        (0, "he was\nthe judge", ("he", "judge")),
        (0, "she is a nurse", None),
        (0, "the was a nurse", None),  # whole words alone
        (0, "she was a nurses", None),
        (1, "she is a nurse", ("she", "nurse")),
        (2, "the woman, an old judge", ("woman", "judge")),
        (2, "he met an old judge", None),  # three words between them
        (4, "he met an old judge", ("he", "judge")),
    ],
)
def test_patterns(number: int, text: str, expected: tuple[str, str] | None) -> None:
    match = re.search(list(variants(LISTS))[number].pattern(LISTS), text)
    assert (match and (match["person"], match["word"])) == expected


def test_bundled_lists_can_be_read_and_say_where_they_come_from() -> None:
    assert ASSOCIATIONS.names() == ["gender"]
    lists = read("bundled:gender")
    assert list(lists.groups) == ["female", "male"]
    assert len(lists.groups["female"]) == len(lists.groups["male"])
    assert "arXiv" in lists.about
    changed = {variant.template for variant in variants(lists) if variant.changed}
    assert changed == {*range(len(lists.templates))} - {lists.templates.index("{word} {person}")}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("groups: {a: [x, y]}", "groups"),
        ("groups: {a: [x, y], b: [z, w]}\nwords: {c: [d, e]}\ntemplates: ['{person} is']", "must hold"),
        (
            "groups: {a: [x, 'y z'], b: [z, w]}\nwords: {c: [d, e]}\ntemplates: ['{person} {word}']",
            "groups.a.1",
        ),
        ("[", "cannot be read"),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "lists.yaml").write_text(content)
    with pytest.raises(ConfigError, match=said):
        read(str(tmp_path / "lists.yaml"))
    with pytest.raises(ConfigError, match="gender"):
        read("bundled:other")
