"""Decontamination as a stage: what it writes, removes, counts and warns of."""

import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from massivetext.pipeline.config.load import ConfigError, Loaded
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.progress import Display
from massivetext.pipeline.runtime.stage import Run
from massivetext.pipeline.runtime.tally import Figure
from massivetext.pipeline.stages.decontaminate import canaries
from massivetext.pipeline.stages.decontaminate import stage as decontaminate
from massivetext.pipeline.storage import layout
from tests.pipeline.documents import write_documents

ITEM = " ".join(f"word{number}" for number in range(40))
PASSAGE = " ".join(f"passage{number}" for number in range(30))
TEXTS = {
    "whole": ITEM,
    "embedded": f"before it stands other text «{ITEM.replace('9 ', '9,<br>').upper()}» and after it 0 1 2 3 4 5 6",
    "half": f"before {' '.join(ITEM.split()[5:26])} after it comes other text",
    "article": f"an article that tells {PASSAGE} and more",
    "short": " ".join(ITEM.split()[:12]),
    "other": "nothing to see here",
}


def decontaminated(
    folder: Path, test_sets: dict[str, Any], texts: dict[str, str] = TEXTS, **options: Any
) -> tuple[dict[str, dict[str, Any]], str]:
    """Run the stage on some texts; returns contaminated/ by id, and what the command line said."""
    found = [{"id": id_, "text": text, "origin_file": "f", "origin_offset": 0} for id_, text in texts.items()]
    write_documents(folder / "out", "web", 0, found)
    config = Config.model_validate(
        {
            "sources": {"web": {"kind": "web", "paths": ["f"], "weight": 1}},
            "decontaminate": {"test_sets": test_sets, **options},
            "mix": {"tokens": 1000},
        }
    )
    console = Console(file=io.StringIO(), width=1000)
    run = Run(Loaded(config, str(folder / "c"), None), str(folder / "out"), Engine([]), Display(console))
    decontaminate.run(run)
    written = folder / "out" / layout.contaminated(0)
    table = pq.read_table(written).to_pylist() if written.exists() else []
    assert isinstance(console.file, io.StringIO)
    return {row["id"]: row for row in table}, console.file.getvalue()


def quiz(folder: Path, **fields: str) -> str:
    (folder / "quiz.jsonl").write_text(json.dumps(fields))
    return "quiz.jsonl"


def test_a_document_that_holds_an_item_is_removed_wherever_it_stands(tmp_path: Path) -> None:
    found, said = decontaminated(tmp_path, {"quiz": quiz(tmp_path, text=ITEM)})
    assert {id_: row["removed"] for id_, row in found.items()} == {
        "whole": True,
        "embedded": True,
        "half": False,
    }
    whole, embedded, half = found.values()
    assert (whole["test_set"], whole["item"], whole["role"]) == ("quiz", "0", "question")
    assert (whole["containment"], whole["longest_run"], whole["jaccard"]) == (1.0, 40, None)
    assert (whole["start"], whole["end"], whole["missing"]) == (0, len(ITEM), [])
    assert embedded["containment"] == 1
    assert TEXTS["embedded"].encode()[embedded["start"] :].startswith(b"WORD0")
    assert half["missing"] == ITEM.split()[:5] + ITEM.split()[26:]
    assert half["score"] < whole["score"]
    assert "warning" not in said


def test_a_passage_is_another_matter_than_its_question(tmp_path: Path) -> None:
    test_set = {"path": quiz(tmp_path, p=PASSAGE, q=ITEM), "passage": ["p"], "question": ["q"]}
    found, _ = decontaminated(tmp_path, {"quiz": test_set})
    assert (found["article"]["role"], found["article"]["removed"]) == ("passage", False)
    assert found["embedded"]["removed"]


def test_a_question_in_the_words_of_its_passage_is_no_leak(tmp_path: Path) -> None:
    """As "is the ride a roller coaster?" of an article that begins "The ride is a roller coaster"."""
    question = " ".join(PASSAGE.split()[:14])
    test_set = {"path": quiz(tmp_path, p=PASSAGE, q=question), "passage": ["p"], "question": ["q"]}
    decontaminated(tmp_path, {"quiz": test_set})
    rows = pq.read_table(tmp_path / "out" / layout.contaminated(0)).to_pylist()
    roles = {row["role"]: row["removed"] for row in rows if row["id"] == "article"}
    assert roles == {"passage": False, "question": False}


def test_passages_are_removed_where_that_is_asked(tmp_path: Path) -> None:
    test_set = {"path": quiz(tmp_path, p=PASSAGE, q=ITEM), "passage": ["p"], "question": ["q"]}
    found, _ = decontaminated(tmp_path, {"quiz": test_set}, remove="passage")
    assert found["article"]["removed"]
    assert found["embedded"]["removed"]


def test_the_answer_beside_a_question_is_measured(tmp_path: Path) -> None:
    test_set = {"path": quiz(tmp_path, q=ITEM, a="red green blue black"), "question": ["q"], "answer": ["a"]}
    texts = {"with": f"{ITEM} (A) red (B) green (C) white (D) grey", "without": f"green {ITEM} ends"}
    found, _ = decontaminated(tmp_path, {"quiz": test_set}, TEXTS | texts)
    assert {id_: found[id_]["answer"] for id_ in texts} == {"with": 0.5, "without": 0.0}


def test_document_copies_is_the_rule_of_the_paper(tmp_path: Path) -> None:
    found, said = decontaminated(tmp_path, {"quiz": quiz(tmp_path, text=ITEM)}, remove="document copies")
    whole, half = found["whole"], found["half"]
    assert (whole["role"], whole["jaccard"], whole["containment"], whole["removed"]) == (
        "document",
        1,
        1,
        True,
    )
    assert (half["jaccard"], half["containment"], half["longest_run"]) == (9 / (9 + 19 + 6), 9 / 28, 21)
    assert not half["removed"]
    assert "found too few of the test items that it put into copies" in said


def test_the_run_measures_its_own_recall(tmp_path: Path) -> None:
    decontaminated(tmp_path, {"quiz": quiz(tmp_path, text=ITEM)})
    counted = {(row.figure, row.key): row.documents for row in rows(str(tmp_path / "out"), canaries.STEP)}
    assert counted[Figure.CANARIES, "one word in 8 changed"] == 1
    assert counted[Figure.CANARIES_FOUND, "one word in 8 changed"] == 1
    assert len(counted) == 2 * 12


def test_a_test_set_without_items_is_a_warning_and_a_clean_one_is_not(tmp_path: Path) -> None:
    names = {"quiz": quiz(tmp_path, text=ITEM), "empty": "empty.jsonl", "foreign": "foreign.jsonl"}
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "foreign.jsonl").write_text(json.dumps({"text": "of no use"}))
    _, said = decontaminated(tmp_path, names)
    warnings = [line for line in said.splitlines() if "warning" in line]
    assert "test set empty: " in warnings[0]
    assert "holds no items: check the path" in warnings[0]
    assert "test set foreign: 1 of 1 questions are not searched for" in warnings[1]
    assert not [line for line in warnings if "foreign: no document" in line]


def test_a_pack_knows_the_fields_of_a_benchmark(tmp_path: Path) -> None:
    rows = [{"id": "MCAS_1", "question": ITEM, "choices": {"text": ["red", "green"], "label": ["A", "B"]}}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "test.parquet")
    found, _ = decontaminated(tmp_path, {"pack": "arc_easy", "path": "test.parquet"})
    assert (found["embedded"]["test_set"], found["embedded"]["item"]) == ("arc_easy", "MCAS_1")
    assert found["embedded"]["answer"] == 0


def test_a_pack_that_does_not_exist_is_an_error_that_lists_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"test set quiz: no pack is named `mmlo`; there are .*, mmlu, "):
        decontaminated(tmp_path, {"quiz": {"pack": "mmlo", "path": quiz(tmp_path, text=ITEM)}})


def test_a_pack_for_another_file_names_the_field_that_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"quiz.jsonl, line 1: no field `choices`; it has: question"):
        decontaminated(tmp_path, {"mmlu": {"pack": "mmlu", "path": quiz(tmp_path, question=ITEM)}})
