"""The pack of public benchmarks."""

from pathlib import Path

import orjson
import pytest

from massivetext.pipeline.config import decontaminate
from massivetext.pipeline.stages.decontaminate.test_sets import packs
from massivetext.pipeline.stages.decontaminate.test_sets.read import items


def test_forty_benchmarks_or_more_whose_fields_have_one_role_each() -> None:
    known = packs.packs()
    assert len(known) >= 40
    for name, pack in known.items():
        fields = [*pack.question, *pack.answer, *pack.passage]
        assert pack.question, name
        assert len(set(fields)) == len(fields), name


@pytest.mark.parametrize(
    ("pack", "row", "expected"),
    [
        (
            "squad",
            {"id": "1", "context": "An article.", "question": "What?", "answers": {"text": ["it"]}},
            {"passage": "An article.", "question": "What?", "answer": "it"},
        ),
        (
            "multirc",
            {"paragraph": "An article.", "question": "What?", "answer": "it"},
            {"passage": "An article.", "question": "What?", "answer": "it"},
        ),
        (
            "med_qa",
            {"question": "What?", "options": {"A": "one", "B": "two"}},
            {"question": "What?", "answer": "one\ntwo"},
        ),
        (
            "quac",
            {"dialogue_id": "d", "context": "c", "questions": ["q1", "q2"], "answers": {"texts": [["a"], ["b", "c"]]}},
            {"passage": "c", "question": "q1\nq2", "answer": "a\nb\nc"},
        ),
        (
            "coqa",
            {"story": "s", "questions": ["q"], "answers": {"input_text": ["a"], "answer_start": [0]}},
            {"passage": "s", "question": "q", "answer": "a"},
        ),
    ],
)  # fmt: skip
def test_items_as_they_are_published(
    tmp_path: Path, pack: str, row: dict[str, object], expected: dict[str, str]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(orjson.dumps(row))
    (item,) = items(packs.item_file("set", str(path), decontaminate.TestSet(path="a", pack=pack), ""))
    assert dict(item.parts) == expected


def test_a_field_that_is_named_replaces_the_pack_s(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(orjson.dumps({"stem": "What?", "question": "no"}))
    file = packs.item_file(
        "set", str(path), decontaminate.TestSet(path="a", pack="mmlu", question=["stem"]), ""
    )
    (item,) = items(file)
    assert item.parts == (("question", "What?"),)


def test_a_json_array_and_lines_of_json_under_one_suffix(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for content in ('[{"text": "one"}, {"text": "two"}]', '{"text": "one"}\n{"text": "two"}\n'):
        path.write_text(content)
        assert [
            item.text for item in items(packs.item_file("s", str(path), decontaminate.TestSet(path="a"), ""))
        ] == [
            "one",
            "two",
        ]
